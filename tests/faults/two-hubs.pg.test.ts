import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { FoedusNode } from "../../clients/sdk/node.ts";
import { openNode } from "../../clients/sdk/open.ts";
import { cloneDatabase } from "../support/database.ts";
import { localSession, startHubProcess, type HubProcess } from "../support/hub.process.ts";
import { joinedNode } from "./load.ts";
import { until } from "../support/until.ts";

const nodesMax = 20;
const backMsMax = 10_000;
const flags = ["--publish-rate", "1000000", "--control-rate", "1000000"];

let place = "";
let url = "";
let [first, second]: HubProcess[] = [];
const nodes: FoedusNode[] = [];

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "foedus-two-"));
  ({ url } = await cloneDatabase());
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await Promise.all([first?.kill(), second?.kill()]);
  await rm(place, { recursive: true, force: true });
});

/** A client of a hub's web listener, as its own owner. */
function ownersClient<Desc extends typeof HubService | typeof NodeService>(
  hub: HubProcess,
  data: string,
  service: Desc,
) {
  const session = localSession(data);
  const transport = createConnectTransport({
    baseUrl: hub.ready.web,
    httpVersion: "1.1",
    interceptors: [
      (next) => (request) => {
        request.header.set("authorization", `Bearer ${session}`);
        return next(request);
      },
    ],
  });
  return createClient(service, transport);
}

type Hearing = ReturnType<typeof startHearing>;

/** What a node hears of the others, from the moment it begins. */
function startHearing(node: FoedusNode) {
  const heard: string[] = [];
  const problems: string[] = [];
  const ended = new AbortController();
  const wish = { afterCursor: 0n, types: ["telemetry_sync"], verify: true, signal: ended.signal };
  const done = (async () => {
    for await (const one of node.subscribe(wish)) {
      if (one.kind !== "event") problems.push(one.kind);
      else heard.push(`${one.event.source}/${one.event.epoch}/${one.event.sequence}`);
    }
  })();
  return { heard, problems, stop: () => (ended.abort(), done) };
}

/** One more event of each node, told to whichever hub it is linked to. */
async function tellOnce(figure: bigint): Promise<void> {
  const told = nodes.map((node) => node.publish(TelemetrySyncSchema, { eventsPublished: figure }));
  await Promise.all(told);
}

it("a second hub without the first one's CA is told which file to copy", async () => {
  const data = join(place, "first");
  first = await startHubProcess({ data, url, flags });
  const alone = startHubProcess({ data: join(place, "stranger"), url });
  await expect(alone).rejects.toThrow(
    /install -D -m 600 FIRST\/keys\/intermediate\.pem \S+stranger/,
  );
});

it("a copy of the whole keys/ is refused while the first one runs", async () => {
  await cp(join(place, "first", "keys"), join(place, "copy", "keys"), { recursive: true });
  const copy = startHubProcess({ data: join(place, "copy"), url });
  await expect(copy).rejects.toThrow(/HUB_RUNS_ELSEWHERE/);
});

it("with a copy of the CA alone the second is a hub of its own, and each sees both", async () => {
  await mkdir(join(place, "second", "keys"), { recursive: true });
  const file = join("keys", "intermediate.pem");
  await cp(join(place, "first", file), join(place, "second", file));
  second = await startHubProcess({ data: join(place, "second"), url, flags });
  const told = async (hub: HubProcess, name: string) => {
    const { status } = await ownersClient(hub, join(place, name), HubService).getStatus({});
    return status?.processes.map((one) => [one.spiffeId, one.live, one.nodeAddress]) ?? [];
  };
  await until(async () => {
    const [one, two] = [await told(need(first), "first"), await told(need(second), "second")];
    expect(one.map(([, live]) => live)).toEqual([true, true]);
    expect(new Set(one.map(String))).toEqual(new Set(two.map(String)));
    expect(new Set(one.map(([id]) => id)).size).toBe(2);
  });
});

/** How many of the nodes the hub that is left has heard, of all times or since one. */
async function heardSince(sinceMs: number): Promise<number> {
  const list = ownersClient(need(second), join(place, "second"), NodeService);
  const own = new Set(nodes.map((node) => node.nodeId));
  const { nodes: told } = await list.listNodes({ states: [NodeState.ONLINE] });
  const recent = told.filter(({ lastSeenTime: seen }) => seen && timestampMs(seen) > sinceMs);
  return recent.filter(({ id }) => own.has(id)).length;
}

/** Waits until each has heard so many events. */
async function untilHeard(hearing: readonly Hearing[], count: number): Promise<void> {
  const all = () => {
    for (const { heard } of hearing) expect(heard).toHaveLength(count);
  };
  await vi.waitFor(all, { timeout: backMsMax, interval: 20 });
}

async function untilBack(sinceMs: number): Promise<void> {
  const all = async () => expect(await heardSince(sinceMs)).toBe(nodesMax);
  await vi.waitFor(all, { timeout: backMsMax, interval: 50 });
}

it(`of ${nodesMax} nodes of a hub that is killed all are back in ${backMsMax} ms`, async () => {
  const data = join(place, "first");
  for (let at = 0; at < nodesMax; at += 1) {
    nodes.push(await joinedNode(need(first).ready, data, `node-${at}`));
  }
  await (await joinedNode(need(first).ready, data, "sleeper")).close();
  const hearing = nodes.map(startHearing);
  await using agent = await needNode(nodes[0]).agent("scout");
  await tellOnce(1n);
  await untilBack(0);

  const sinceMs = Math.max(...nodes.map((node) => node.hubNow()));
  const killed = performance.now();
  await need(first).kill();
  // Told while the hub is dying: kept by each node until the other hub has stored it.
  await tellOnce(2n);
  await untilBack(sinceMs);
  await untilHeard(hearing, 2 * nodesMax);
  const backMs = performance.now() - killed;
  process.stderr.write(`two hubs: ${nodesMax} nodes back in ${Math.round(backMs)} ms\n`);
  expect(backMs).toBeLessThan(backMsMax);

  // Its token is the dead hub's, and lasts for minutes: it counts at each hub of the domain.
  const seen = await agent.client(NodeService).listNodes({});
  expect(seen.nodes.length).toBeGreaterThanOrEqual(nodesMax);

  await tellOnce(3n);
  await untilHeard(hearing, 3 * nodesMax);
  for (const { heard, problems } of hearing) {
    expect(problems).toEqual([]);
    expect(new Set(heard).size).toBe(3 * nodesMax);
  }
  await Promise.all(hearing.map((one) => one.stop()));
});

it("a node whose certificate lapsed comes back to the hub that is left", async () => {
  const folder = join(place, "first", "nodes", "sleeper");
  // What it holds after a long sleep: its identity key, and no certificate that counts.
  await rm(join(folder, "chain.pem"));
  const node = await openNode(folder);
  nodes.push(node);
  await node.ready(AbortSignal.timeout(backMsMax));
  expect(node.status()).toMatchObject({ connected: true, waiting: undefined });
});

it("the hub that is left says that the other one died", async () => {
  const client = ownersClient(need(second), join(place, "second"), HubService);
  const states = async () => {
    const { status } = await client.getStatus({});
    return status?.processes.map((one) => one.live);
  };
  await vi.waitFor(async () => expect(await states()).toEqual([true, false]), {
    timeout: 10_000,
    interval: 100,
  });
  const { health } = await client.getFederationHealth({});
  expect(health?.reasons.join()).toMatch(/hub spiffe:\S+ which listened at \S+ died/);
});

function needNode(node: FoedusNode | undefined): FoedusNode {
  if (node === undefined) throw new Error("no node joined");
  return node;
}

function need(hub: HubProcess | undefined): HubProcess {
  if (hub === undefined) throw new Error("the hub was not started");
  return hub;
}
