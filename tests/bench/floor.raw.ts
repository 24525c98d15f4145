// The floor of plain node:http2 in a process of its own, and connections to it.
import { connect as connectHttp2, type ClientHttp2Session } from "node:http2";
import { makeAuthority } from "../support/authority.ts";
import { startFloor } from "./floor.ts";

/** A floor that runs, and how to reach it. */
export interface RawFloor {
  readonly pid: number;
  /** A connection that is always there. */
  readonly session: ClientHttp2Session;
  /** One more. */
  connect(): ClientHttp2Session;
  close(): void;
}

/** Starts it. */
export async function openRawFloor(): Promise<RawFloor> {
  const authority = await makeAuthority("bench");
  const server = await authority.issue({ hosts: ["localhost"] });
  const { key, chain, roots } = await authority.issue({ uris: ["spiffe://bench/client"] });
  const floor = await startFloor("h2", server);
  const options = { key, cert: chain, ca: [...roots], servername: "localhost" };
  const open: ClientHttp2Session[] = [];
  const connect = () => {
    const session = connectHttp2(`https://127.0.0.1:${floor.port}`, options);
    open.push(session);
    return session;
  };
  return {
    pid: floor.pid,
    session: connect(),
    connect,
    close() {
      for (const session of open) session.destroy();
      floor.stop();
    },
  };
}
