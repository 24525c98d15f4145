import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { openNode } from "../../../clients/sdk/open.ts";
import type { Target } from "./target.ts";

/** Our own client, one call of each kind. */
export async function sdk({ folder }: Target): Promise<void> {
  await using node = await openNode(folder);
  const signal = AbortSignal.timeout(callMs);
  await node.client(NodeService).listNodes({}, { signal });
  const place = await node.publish(TelemetrySyncSchema, { eventsPublished: 1n }, { signal });
  for await (const heard of node.subscribe({ afterCursor: 0n, verify: true, signal })) {
    if (heard.kind !== "event") throw new Error(`it heard a ${heard.kind}`);
    const { stream, epoch, sequence } = heard.event;
    if (place.id === `${stream}/${epoch}/${sequence}`) return;
  }
  throw new Error("it did not hear what it told");
}

const callMs = 60_000;
