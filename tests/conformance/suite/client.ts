// The suite's client under test: sessions that the SDK dials, and its transport over them.
import { X509Certificate } from "node:crypto";
import type { ClientHttp2Session } from "node:http2";
import type { Message } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { ConnectError } from "@connectrpc/connect";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { dial } from "../../../clients/sdk/wire/dial.ts";
import { transportOver } from "../../../clients/sdk/wire/transport.ts";
import { type Outcome, place, type Wished } from "./calls.ts";
import { readFrames } from "./frames.ts";
import type { Answering } from "./runner.ts";
import type { Suite } from "./schema.ts";

/** A call that the runner wants made, and where to. */
interface Wish extends Wished, Message {
  readonly testName: string;
  readonly host: string;
  readonly port: number;
  readonly serverTlsCert: Uint8Array;
  readonly clientTlsCreds?: { readonly cert: Uint8Array; readonly key: Uint8Array };
}

/** How many calls are under way at once. */
const atOnce = 8;

/** Makes each call that the runner wishes for. */
export const makeCalls: Answering = async (suite, { input, tell }) => {
  const sessions = openSessions();
  const underWay = new Set<Promise<void>>();
  for await (const frame of readFrames(input)) {
    const wish = suite.read("ClientCompatRequest", frame) as Wish;
    const work = carryOut(suite, sessions, wish).then(tell);
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
    if (underWay.size >= atOnce) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  await sessions.end();
};

async function carryOut(suite: Suite, sessions: Sessions, wish: Wish): Promise<Uint8Array> {
  const { testName } = wish;
  const write = (result: object) => suite.write("ClientCompatResponse", { testName, result });
  try {
    const over = transportOver(() => sessions.to(wish));
    return write({ case: "response", value: told(await place(suite, over, wish)) });
  } catch (error) {
    return write({ case: "error", value: { message: String(error) } });
  }
}

type Sessions = ReturnType<typeof openSessions>;

/** One session a server and certificate, as long as it lives. */
function openSessions() {
  const known = new Map<string, Promise<ClientHttp2Session>>();
  return {
    async to(wish: Wish) {
      const { host, port, clientTlsCreds } = wish;
      const key = `${host}:${port} ${clientTlsCreds !== undefined}`;
      const current = await known.get(key);
      if (current !== undefined && !current.closed && !current.destroyed) return current;
      const fresh = dialTo(wish);
      known.set(key, fresh);
      return await fresh;
    },
    async end() {
      for (const session of known.values()) (await session).destroy();
    },
  };
}

function dialTo({ host, port, serverTlsCert, clientTlsCreds }: Wish): Promise<ClientHttp2Session> {
  const expected = new X509Certificate(serverTlsCert).raw;
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
  const own = clientTlsCreds && { chain: text(clientTlsCreds.cert), key: text(clientTlsCreds.key) };
  return dial({
    address: `${host}:${port}`,
    own,
    inspect([leaf]) {
      if (leaf === undefined || !expected.equals(leaf)) throw new Error("another certificate");
    },
    world: realWorld,
  });
}

function told({ header, trailer, payloads, error: thrown, unsent }: Outcome) {
  const error = thrown === undefined ? undefined : ConnectError.from(thrown);
  // Of a call that failed the error alone has them, headers and trailers in one.
  const both = listed(error?.metadata ?? new Headers());
  return {
    responseHeaders: header === undefined ? both : listed(header),
    responseTrailers: trailer === undefined ? both : listed(trailer),
    payloads: [...payloads],
    numUnsentRequests: unsent,
    ...(error === undefined ? {} : { error: errorOf(error) }),
  };
}

function listed(headers: Headers) {
  return [...headers].map(([name, value]) => ({ name, value: [value] }));
}

function errorOf({ code, rawMessage, details }: ConnectError) {
  const received = details.filter((detail) => "type" in detail);
  const all = received.map(({ type, value }): Pick<Any, "typeUrl" | "value"> => {
    return { typeUrl: `type.googleapis.com/${type}`, value };
  });
  return { code, message: rawMessage, details: all };
}
