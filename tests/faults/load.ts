// A node under load, and what it was promised: for tests that kill what it talks to.
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { fromBinary } from "@bufbuild/protobuf";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { EventSchema, type StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { joinHub } from "../../clients/sdk/join.ts";
import type { FoedusNode } from "../../clients/sdk/node.ts";
import { openNode } from "../../clients/sdk/open.ts";
import { localSession, type Ready } from "../support/hub.process.ts";

/** How many publishes of one node are under way at once. */
const underWay = 64;

/** A client of the hub's web listener with the session of its own machine. */
export function ownersClients(ready: Ready, folder: string) {
  const session = localSession(folder);
  const transport = createConnectTransport({
    baseUrl: ready.web,
    httpVersion: "1.1",
    interceptors: [
      (next) => (request) => {
        request.header.set("authorization", `Bearer ${session}`);
        return next(request);
      },
    ],
  });
  return {
    identity: createClient(IdentityService, transport),
    event: createClient(EventService, transport),
  };
}

/** Waits are a tenth as long: a node is back soon after its hub, however often that dies. */
export const hasty: World = {
  ...realWorld,
  timers: {
    ...realWorld.timers,
    sleep: (ms, signal) => realWorld.timers.sleep(ms / 10, signal),
  },
};

/** Joins a node with a token made for it, and opens it. */
export async function joinedNode(
  ready: Ready,
  hubFolder: string,
  name: string,
  world = realWorld,
): Promise<FoedusNode> {
  const { identity } = ownersClients(ready, hubFolder);
  const token = await identity.createToken({ requestId: randomUUID(), name });
  const folder = join(hubFolder, "nodes", name);
  await joinHub({ invitation: token.invitation, token: token.secret, folder });
  const node = await openNode(folder, { world });
  await node.register({ kind: 1, project: name });
  return node;
}

/** What a node was told is stored. */
export interface Load {
  /** `<stream>/<epoch>/<sequence>` of each acknowledged event, with the figure in its payload. */
  readonly acknowledged: Map<string, bigint>;
  /** Resolves once so many more were acknowledged. */
  more(count: number): Promise<void>;
  /** Stops sending; resolves when nothing is on its way any more. */
  stop(): Promise<void>;
}

/** Publishes without pause, so many at once, until it is stopped. */
export function startLoad(node: FoedusNode): Load {
  const acknowledged = new Map<string, bigint>();
  const waiters = new Set<{ at: number; wake: () => void }>();
  let figure = 0n;
  let stopped = false;
  const line = async () => {
    while (!stopped) {
      const eventsPublished = ++figure;
      const place = await node.publish(TelemetrySyncSchema, { eventsPublished });
      acknowledged.set(place.id, eventsPublished);
      for (const waiter of waiters) if (acknowledged.size >= waiter.at) waiter.wake();
    }
  };
  const lines = Array.from({ length: underWay }, line);
  return {
    acknowledged,
    more: (count) =>
      new Promise((resolve) => {
        const waiter = { at: acknowledged.size + count, wake: resolve };
        waiters.add(waiter);
      }),
    async stop() {
      stopped = true;
      await Promise.all(lines);
    },
  };
}

/** The whole event log of the tenant, as a person sees it. */
export async function wholeLog(ready: Ready, folder: string): Promise<StoredEvent[]> {
  const { event } = ownersClients(ready, folder);
  const events: StoredEvent[] = [];
  for await (const { item } of event.subscribe({ afterCursor: 0n, untilHead: true })) {
    if (item.case === "gap") throw new Error(`the log has a gap: ${item.value.reason}`);
    if (item.case === "delivery") events.push(...item.value.events);
  }
  return events;
}

/** Holds what was acknowledged against what is stored: the lost, the doubled, the changed. */
export function compare(log: readonly StoredEvent[], node: FoedusNode, load: Load) {
  const stored = new Map<string, bigint | undefined>();
  let doubled = 0;
  for (const { event } of log) {
    const { source, epoch, sequence, stream, payload } = fromBinary(EventSchema, event);
    if (source !== node.spiffeId || stream !== "main") continue;
    const key = `${stream}/${epoch}/${sequence}`;
    if (stored.has(key)) doubled++;
    stored.set(key, fromBinary(TelemetrySyncSchema, payload).eventsPublished);
  }
  const all = [...load.acknowledged];
  const lost = all.filter(([key]) => !stored.has(key)).length;
  const changed = all.filter(([key, figure]) => stored.has(key) && stored.get(key) !== figure);
  return { lost, doubled, changed: changed.length };
}

/** Whether the cursors of a log are 1, 2, 3, … without a hole. */
export function isGapFree(log: readonly StoredEvent[]): boolean {
  return log.every(({ cursor }, at) => cursor === BigInt(at + 1));
}
