// A hub as a process of its own, a PostgreSQL that is not counted to it, and nodes that joined it.
import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import type { ClientHttp2Session } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { joinHub } from "../../clients/sdk/join.ts";
import { readMembership, type Membership } from "../../clients/sdk/membership/membership.ts";
import { folderStore } from "../../clients/sdk/store/folder.ts";
import { dial } from "../../clients/sdk/wire/dial.ts";
import { startBundled } from "../../server/runtime/storage/bundled.ts";
import { ownersClients } from "../faults/load.ts";
import { onDatabase, runStatement } from "../support/database.ts";
import { startHubProcess, type HubProcess } from "../support/hub.process.ts";

/** Everything that runs. */
export interface Federation {
  readonly hub: HubProcess;
  readonly data: string;
  /** The hub's database, as a superuser. */
  readonly url: string;
  readonly folder: string;
  stop(): Promise<void>;
}

/** A node with a connection of its own. */
export interface BenchNode {
  readonly membership: Membership;
  readonly session: ClientHttp2Session;
}

const rate = "1000000000";
const names = ["control", "join", "publish", "heartbeat", "stream"];
/** Limits are not what is measured: the guard counts, and lets everything pass. */
const flags = [
  ...names.flatMap((name) => [`--${name}-rate`, rate]),
  ...["--connections-max", "--connections-per-address-max"].flatMap((name) => [name, "100000"]),
];

/** Starts PostgreSQL and a hub. */
export async function startFederation(): Promise<Federation> {
  const folder = mkdtempSync(join(tmpdir(), "foedus-bench-"));
  chmodSync(folder, 0o711);
  const server = await startBundled({ folder, log: () => undefined });
  await runStatement(server.url, "create database hub");
  const url = onDatabase(server.url, "hub");
  const data = join(folder, "data");
  const hub = await startHubProcess({ data, url, flags });
  return {
    hub,
    data,
    url,
    folder,
    async stop() {
      await hub.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A token for each of so many nodes. */
export async function makeTokens(federation: Federation, count: number): Promise<string[]> {
  const { identity } = ownersClients(federation.hub.ready, federation.data);
  const secrets: string[] = [];
  for (let made = 0; made < count; made++) {
    secrets.push((await identity.createToken({ requestId: randomUUID() })).secret);
  }
  return secrets;
}

/** Joins nodes, and connects each of them. */
export async function joinNodes(federation: Federation, prefix: string, count: number) {
  const tokens = await makeTokens(federation, count);
  const nodes: BenchNode[] = [];
  for (const [at, token] of tokens.entries()) {
    const folder = join(federation.folder, "nodes", `${prefix}-${at}`);
    const { invitation } = federation.hub.ready;
    await joinHub({ invitation, token, folder, name: `${prefix}-${at}` });
    const membership = await readMembership(folderStore(folder));
    if (membership === undefined) throw new Error("a node did not join");
    nodes.push({ membership, session: await connectNode(membership) });
  }
  return nodes;
}

/** One more connection of a node. */
export async function connectNode(membership: Membership): Promise<ClientHttp2Session> {
  const { admission, chain = "", tlsKey } = membership;
  const own = { chain, key: tlsKey };
  return await dial({ address: admission.nodeAddress, own, inspect: () => {}, world: realWorld });
}
