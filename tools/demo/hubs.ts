import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { HubChild, type Ready } from "../federation/hub.ts";
import { ownPorts } from "../federation/ports.ts";
import { openSession, type HubSession } from "../federation/session.ts";

/** A hub of the demonstration, with a root of its own. */
export interface DemoHub {
  readonly name: string;
  readonly trustDomain: string;
  readonly ready: Ready;
  /** As it runs now. */
  readonly session: HubSession;
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again where it listened before. */
  restart(): Promise<void>;
}

/** Quick heartbeats, and no rate that a demonstration would meet. */
const flags = ["--heartbeat-ms", "500", "--lease-ms", "2500", "--join-rate", "10000"];

/** Starts a hub in a folder of its own. */
export async function startHub(
  folder: string,
  name: string,
  more: readonly string[] = [],
): Promise<DemoHub> {
  const data = join(folder, name);
  const trustDomain = `${name}.demo`;
  const own = [...flags, "--trust-domain", trustDomain, ...more];
  const log = (line: string) => console.error(line);
  const child = new HubChild({ data, logs: join(folder, "logs", name), flags: own, log });
  const ready = await child.start(await ownPorts());
  let session = openSession(data);
  return {
    name,
    trustDomain,
    ready,
    get session() {
      return session;
    },
    stop: () => child.stop(),
    kill: () => child.kill(),
    async restart() {
      await child.start();
      session = openSession(data);
    },
  };
}

/** Each trusts the other's root, for the other's domain alone. */
export async function makePeers(one: DemoHub, other: DemoHub): Promise<void> {
  await trust(one, other);
  await trust(other, one);
}

async function trust(hub: DemoHub, peer: DemoHub): Promise<void> {
  const types = ["trust_aggregate", "insight_report"];
  await hub.session.as(LinkService).addPeer({
    requestId: randomUUID(),
    invitation: peer.ready.invitation,
    nodeAddress: peer.ready.node,
    toldTypes: types,
    takenTypes: types,
  });
}
