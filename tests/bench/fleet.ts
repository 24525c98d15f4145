// `npm run fleet [-- --nodes 1000 --seconds 120]`: so many nodes with a TLS session each, from one
// process; none may be dropped, and heartbeats are answered in time.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { NodeKind, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { joinHub } from "../../clients/sdk/join.ts";
import type { Notice } from "../../clients/sdk/link/notice.ts";
import type { FoedusNode } from "../../clients/sdk/node.ts";
import { openNode } from "../../clients/sdk/open.ts";
import type { NodeStore } from "../../clients/sdk/store/store.ts";
import { openSession } from "../../tools/federation/session.ts";
import { makeTokens, startFederation } from "./federation.ts";

const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "1000" },
    seconds: { type: "string", default: "120" },
  },
});
const [nodeCount, seconds] = [Number(values.nodes), Number(values.seconds)];

const telemetryMs = 30_000;
const joinsAtOnce = 8;
const tickMs = 10;

/** What was measured while everybody stayed. */
interface Watched {
  readonly trips: number[];
  lost: number;
}

const federation = await startFederation();
try {
  const watched: Watched = { trips: [], lost: 0 };
  const nodes = await joined(watched);
  await Promise.all(nodes.map((node) => node.ready()));
  await Promise.all(nodes.map((node) => node.register({ kind: NodeKind.INSTANCE })));
  // What happened while they came is not what staying costs.
  [watched.trips.length, watched.lost] = [0, 0];
  const before = usage();
  const told = tellTelemetry(nodes);
  await watchTrips(nodes, watched.trips);
  told.stop();
  const after = usage();
  const online = await onlineNow();
  report(watched, { before, after, online, events: told.count() });
  await Promise.all(nodes.map((node) => node.close()));
} finally {
  await federation.stop();
}

async function joined(watched: Watched): Promise<FoedusNode[]> {
  const tokens = await makeTokens(federation, nodeCount);
  const { invitation } = federation.hub.ready;
  const nodes: FoedusNode[] = [];
  const line = async () => {
    for (let token = tokens.pop(); token !== undefined; token = tokens.pop()) {
      const folder = memoryStore(`fleet-${tokens.length}`);
      await joinHub({ invitation, token, folder, name: `fleet-${tokens.length}` });
      const notice = ({ kind }: Notice) => {
        if (kind === "waiting") watched.lost += 1;
      };
      nodes.push(await openNode(folder, { notice }));
    }
  };
  await Promise.all(Array.from({ length: joinsAtOnce }, line));
  return nodes;
}

/** Keys of a thousand nodes that last as long as this process. */
function memoryStore(place: string): NodeStore {
  const texts = new Map<string, string>();
  return {
    place,
    read: (name) => Promise.resolve(texts.get(name)),
    write: (name, text) => Promise.resolve(void texts.set(name, text)),
    remove: (name) => Promise.resolve(void texts.delete(name)),
    hold: () => Promise.resolve({ release: () => undefined }),
  };
}

/** Each node tells its telemetry every half minute, spread over it. */
function tellTelemetry(nodes: readonly FoedusNode[]) {
  let count = 0;
  const timers = nodes.map((node, at) => {
    const tell = () => void node.publish(TelemetrySyncSchema, {}).then(() => (count += 1));
    const first = (at * telemetryMs) / nodes.length;
    const timer = { each: undefined as NodeJS.Timeout | undefined };
    const start = setTimeout(() => {
      tell();
      timer.each = setInterval(tell, telemetryMs);
    }, first);
    return { start, timer };
  });
  const stop = () => {
    for (const { start, timer } of timers) {
      clearTimeout(start);
      clearInterval(timer.each);
    }
  };
  return { stop, count: () => count };
}

/** Every round trip of every heartbeat: a new one shows as another figure. */
function watchTrips(nodes: readonly FoedusNode[], trips: number[]): Promise<void> {
  const seen = nodes.map((node) => node.status().roundTripMs);
  return new Promise((resolve) => {
    const endMs = performance.now() + seconds * 1_000;
    const timer = setInterval(() => {
      for (const [at, node] of nodes.entries()) {
        const { roundTripMs } = node.status();
        if (roundTripMs === undefined || roundTripMs === seen[at]) continue;
        trips.push(roundTripMs);
        seen[at] = roundTripMs;
      }
      if (performance.now() < endMs) return;
      clearInterval(timer);
      resolve();
    }, 250);
  });
}

async function onlineNow(): Promise<number> {
  const client = openSession(federation.data).as(NodeService);
  let [online, token] = [0, ""];
  do {
    const page = await client.listNodes({
      page: { size: 1_000, token },
      states: [NodeState.ONLINE],
    });
    online += page.nodes.length;
    token = page.nextPageToken;
  } while (token !== "");
  return online;
}

/** CPU (seconds) and memory (MiB) of the hub, as the system counts them. */
function usage() {
  const pid = federation.hub.child.pid ?? 0;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const cpuS = ((Number(fields[11]) + Number(fields[12])) * tickMs) / 1_000;
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return { cpuS, rssMiB: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024 };
}

function report(
  { trips, lost }: Watched,
  told: {
    readonly before: ReturnType<typeof usage>;
    readonly after: ReturnType<typeof usage>;
    readonly online: number;
    readonly events: number;
  },
): void {
  const sorted = trips.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]?.toFixed(1) ?? "-";
  const cores = (told.after.cpuS - told.before.cpuS) / seconds;
  console.log(`${nodeCount} nodes for ${seconds} s: ${told.online} online, ${lost} dropped`);
  console.log(
    `heartbeats: ${trips.length}; median ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`,
  );
  console.log(`telemetry events stored: ${told.events}`);
  console.log(`hub: ${cores.toFixed(3)} of a core, ${told.after.rssMiB.toFixed(0)} MiB`);
  if (lost > 0 || told.online < nodeCount) process.exitCode = 1;
}
