import { HealthSchema, TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import type { Notice } from "@foedus/sdk/link/notice.ts";
import { openNode } from "@foedus/sdk/open.ts";
import type { Hub } from "../runtime/capability.ts";
import { aggregateOf, healthEvent, healthOf, ownTenant, profileOf } from "./aggregate.ts";
import type { Standing } from "./standing.ts";

/** How often the parent hears how all below this hub is. */
const tellMs = 30_000;

/** Is a node of the parent until the signal aborts, or the parent ends it. */
export async function beNode(
  hub: Hub,
  folder: string,
  standing: Standing,
  signal: AbortSignal,
): Promise<void> {
  let asked: Promise<unknown> = Promise.resolve();
  const health = () => {
    const answer = aggregateOf(hub);
    asked = answer;
    return answer.then(healthOf);
  };
  const opened: { node?: FoedusNode } = {};
  const look = (one: Notice) => notice(one, opened.node, standing);
  const options = { health, signal, world: hub.world, purpose: "this hub, as a node" };
  await using open = await openNode(folder, { ...options, notice: look });
  opened.node = open;
  hub.parent.set({
    ownTenant: ownTenant(hub),
    client: (service) => open.client(service),
    moving: () => open.moving(),
    signal: open.signal,
  });
  try {
    await tell(hub, open);
  } finally {
    hub.parent.set(undefined);
    // A hub that stops closes its database next.
    await asked;
  }
  if (!signal.aborted) throw open.signal.reason;
}

function notice(one: Notice, node: FoedusNode | undefined, standing: Standing): void {
  if (one.kind === "connected" && node !== undefined) {
    standing.reached(node.nodeId, () => node.status().roundTripMs);
  }
  if (one.kind === "waiting" || one.kind === "ended") standing.failed(one.error);
}

/** Who this hub is whenever that changed, and how it is from time to time. */
async function tell(hub: Hub, node: FoedusNode): Promise<void> {
  const { world, storage } = hub;
  const startMs = world.clock.monotonic();
  let told = "";
  while (!node.signal.aborted) {
    await node.ready(node.signal);
    const health = await aggregateOf(hub);
    const profile = profileOf(hub.status(), health);
    const now = JSON.stringify(profile);
    if (now !== told) await node.register(profile, node.signal);
    told = now;
    const { roundTripMs, eventsPublished, eventsWaiting } = node.status();
    await node.publish(TelemetrySyncSchema, {
      syncLatencyMs: roundTripMs,
      eventsPublished: BigInt(eventsPublished),
      eventsWaiting: BigInt(eventsWaiting),
      residentBytes: BigInt(process.memoryUsage.rss()),
      uptimeMs: BigInt(Math.round(world.clock.monotonic() - startMs)),
    });
    await node.publish(HealthSchema, healthEvent(health, roundTripMs, storage.nowMs()));
    await world.timers.sleep(tellMs, node.signal);
  }
}
