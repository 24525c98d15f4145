// Edge, regional, global, regional, edge: five hubs as processes, and what passes between them.
import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { startBundled } from "../../server/runtime/storage/bundled.ts";
import { openSession } from "../../tools/federation/session.ts";
import { onDatabase, runStatement } from "../support/database.ts";
import { startHubProcess } from "../support/hub.process.ts";
import { openCounter, type Counter } from "./counter.ts";
import { joinNodes, type Federation } from "./federation.ts";
import type { Look, Seen } from "./look.ts";
import { spreadOf } from "./rounds.ts";
import { benchStream, BenchSession, opsOf } from "./sync-session.ts";

const names = ["edge", "regional", "global", "other-regional", "other-edge"] as const;
type Name = (typeof names)[number];
/** Each hub's parent. */
const above: Partial<Record<Name, Name>> = {
  edge: "regional",
  regional: "global",
  "other-regional": "global",
  "other-edge": "other-regional",
};
/** Parents first. */
const order: readonly Name[] = ["global", "regional", "other-regional", "edge", "other-edge"];

const ownHost = "127.0.0.1";
/** Where the hubs find each other, so that what passes is counted. */
const shownHost = "127.0.0.2";
const where = ["--host", ownHost, "--public-host", shownHost, "--heartbeat-ms", "500"];
const rates = ["control", "join", "publish", "stream"].flatMap((name) => [
  `--${name}-rate`,
  "1000000000",
]);
const onlineMsMax = 60_000;
const hopsMin = 100;
const msPerHop = 200;
const bodyBytes = 64;
const bulkBodyBytes = 1_024;
const bulkOps = 256;
const bulkPushes = 16;

interface TreeHub {
  readonly federation: Federation;
  /** In front of its listener for nodes; then in front of the other two. */
  readonly counters: readonly [Counter, ...Counter[]];
}
type Tree = ReadonlyMap<Name, TreeHub>;

/** How long an op takes to each hub, and how often it passes each link. */
export const syncTree: Look = {
  title: "Sync: five hubs in a row",
  what: "edge - regional - global - regional - edge on one machine; an op written at one end, seen by a session at each hub; then bulk, as bytes of each link over bytes of its ops",
  async look({ updatesMs, say }) {
    const folder = mkdtempSync(join(tmpdir(), "foedus-bench-tree-"));
    chmodSync(folder, 0o711);
    const server = await startBundled({ folder, log: () => undefined });
    const tree = new Map<Name, TreeHub>();
    try {
      for (const name of order) tree.set(name, await startOne(tree, name, server.url, folder));
      say("hops");
      const seen = await hops(tree, Math.max(hopsMin, updatesMs / msPerHop));
      say("bulk");
      seen.push(...(await amplification(tree)));
      return seen;
    } finally {
      for (const { federation, counters } of [...tree.values()].toReversed()) {
        await federation.stop();
        for (const counter of counters) counter.close();
      }
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function startOne(tree: Tree, name: Name, server: string, place: string): Promise<TreeHub> {
  const database = name.replaceAll("-", "_");
  await runStatement(server, `create database ${database}`);
  const url = onDatabase(server, database);
  const folder = join(place, name);
  const data = join(folder, "data");
  const upper = tree.get(above[name] ?? "edge")?.federation;
  const up = upper === undefined ? [] : await below(upper, name, place);
  const flags = [...where, ...rates, "--trust-domain", `${name}.bench`, ...up];
  const hub = await startHubProcess({ data, url, flags });
  const { ready } = hub;
  const [node, ...others] = await Promise.all(
    [new URL(`tcp://${ready.node}`), new URL(`tcp://${ready.join}`), new URL(ready.web)].map(
      ({ port }) => openCounter(`${ownHost}:${port}`, { host: shownHost, port: Number(port) }),
    ),
  );
  if (node === undefined) throw new Error("no counter");
  if (upper !== undefined) await letRelay(upper, name);
  const stop = async () => void (await hub.stop());
  return { federation: { hub, data, url, folder, stop }, counters: [node, ...others] };
}

async function below({ hub, data }: Federation, name: Name, place: string): Promise<string[]> {
  const { secret } = await openSession(data).token(name);
  const file = join(place, `${name}.token`);
  writeFileSync(file, secret);
  return ["--parent", hub.ready.invitation, "--parent-token-file", file];
}

async function letRelay({ data }: Federation, name: Name): Promise<void> {
  const session = openSession(data);
  await session.online([name], 0, AbortSignal.timeout(onlineMsMax));
  const grant = { requestId: randomUUID(), node: name, relays: true };
  await session.as(CollectionService).setGrant(grant);
}

/** A session at each hub, and one that writes at the first. */
async function hops(tree: Tree, count: number): Promise<Seen[]> {
  const stream = benchStream("hops");
  let sentMs = 0;
  const laterMs = new Map(names.map((name) => [name, [] as number[]]));
  const watchers = await Promise.all(
    names.map(async (name) => {
      const hear = () => void laterMs.get(name)?.push(performance.now() - sentMs);
      const session = await connected(tree, name, "watcher");
      return new BenchSession(session, stream, {
        readOnly: true,
        hear: ({ frame: { case: is } }) => (is === "packed" ? hear() : undefined),
      });
    }),
  );
  const author = new BenchSession(await connected(tree, "edge", "author"), stream);
  await Promise.all([author, ...watchers].map((one) => one.resumed()));
  for (let push = 1; push <= count; push++) {
    sentMs = performance.now();
    await author.push(opsOf(push, 1, bodyBytes));
    await Promise.all(watchers.map((one) => one.until(() => one.came.ops >= push)));
  }
  for (const one of [author, ...watchers]) one.close();
  return names.map((name, at) => {
    const all = laterMs.get(name)?.slice(1) ?? [];
    const { min: best, median, max: worst } = spreadOf(all) ?? {};
    const title = `to the ${name.replace("-", " ")} hub, ${at} hops away`;
    return { name: title, unit: "ms", target: "", best, median, worst };
  });
}

async function connected(tree: Tree, name: Name, as: string) {
  const hub = tree.get(name);
  if (hub === undefined) throw new Error(`there is no ${name}`);
  const [node] = await joinNodes(hub.federation, as, 1);
  if (node === undefined) throw new Error("no node");
  return node.session;
}

/** Only hubs speak through the counters of the three that have hubs below. */
async function amplification(tree: Tree): Promise<Seen[]> {
  const stream = benchStream("bulk");
  const author = new BenchSession(await connected(tree, "edge", "bulk-author"), stream);
  const far = await connected(tree, "other-edge", "bulk-reader");
  const reader = new BenchSession(far, stream, { readOnly: true });
  await Promise.all([author.resumed(), reader.resumed()]);
  const parents = ["regional", "global", "other-regional"] as const;
  const passed = () =>
    parents.map((name) => {
      const { up = 0, down = 0 } = tree.get(name)?.counters[0].passed ?? {};
      return up + down;
    });
  const before = passed();
  let opBytes = 0;
  for (let push = 0; push < bulkPushes; push++) {
    const ops = opsOf(push * bulkOps, bulkOps, bulkBodyBytes);
    opBytes += ops.reduce((sum, { length }) => sum + length, 0);
    await author.push(ops);
  }
  await reader.until(() => reader.came.ops >= bulkOps * bulkPushes);
  const after = passed();
  for (const one of [author, reader]) one.close();
  return parents.map((name, at) => {
    // Two links end at the global hub.
    const links = name === "global" ? 2 : 1;
    const times = ((after[at] ?? 0) - (before[at] ?? 0)) / opBytes / links;
    const title = `bytes of the links below the ${name.replace("-", " ")} hub, of their ops`;
    return { name: title, unit: "times", target: "<= 1.1", ...only(times) };
  });
}

function only(median: number): Pick<Seen, "best" | "median" | "worst"> {
  return { best: undefined, median, worst: undefined };
}
