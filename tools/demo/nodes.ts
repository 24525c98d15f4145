import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphSummarySchema,
  HealthSchema,
  Health_Status,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { BatchSchema, EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { errorOf } from "@foedus/sdk/error.wire.ts";
import { joinHub } from "@foedus/sdk/join.ts";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import { openNode } from "@foedus/sdk/open.ts";
import type { DemoHub } from "./hubs.ts";

/** Joins with a token of its own, and is seen. */
export async function joinedNode(folder: string, hub: DemoHub, name: string): Promise<FoedusNode> {
  const { secret: token, invitation } = await hub.session.token(name);
  const own = join(folder, "nodes", name);
  await joinHub({ invitation, token, folder: own, name });
  const node = await openNode(own, { purpose: "the demonstration" });
  await node.ready();
  await node.register({ kind: NodeKind.INSTANCE, project: name, title: name });
  return node;
}

/** Tells what an honest instance would. */
export async function tellHonestly(node: FoedusNode, topic: string): Promise<void> {
  const { roundTripMs } = node.status();
  const now = BigInt(node.hubNow());
  await Promise.all([
    node.publish(TelemetrySyncSchema, {
      syncLatencyMs: roundTripMs,
      priorities: [
        { topic, weight: 0.7, confidence: 0.8 },
        { topic: "docs", weight: 0.3, confidence: 0.6 },
      ],
    }),
    node.publish(GraphSummarySchema, { projectSlug: node.name, files: 12n, scannedMs: now }),
    node.publish(HealthSchema, { status: Health_Status.HEALTHY, sampleMs: now }),
  ]);
}

/** Boasts of itself, and gives a latency that nobody can have. */
export async function tellLies(node: FoedusNode): Promise<void> {
  await node.publish(TelemetrySyncSchema, {
    trustScore: 100,
    syncLatencyMs: 9_999,
    priorities: [{ topic: "my own fame", weight: 1, confidence: 1 }],
  });
}

/** Sends a batch that it did not sign; returns why the hub refuses it. */
export async function forge(node: FoedusNode): Promise<string> {
  const payload = toBinary(TelemetrySyncSchema, create(TelemetrySyncSchema, { trustScore: 100 }));
  const event = create(EventSchema, {
    type: "telemetry_sync",
    source: node.spiffeId,
    timeMs: BigInt(node.hubNow()),
    stream: "forged",
    epoch: 1n,
    sequence: 1n,
    payload,
  });
  const batch = create(BatchSchema, {
    events: [toBinary(EventSchema, event)],
    keyId: randomBytes(8),
    signature: randomBytes(64),
  });
  try {
    await node.client(EventService).publish({ batch });
  } catch (thrown) {
    return errorOf(thrown).message;
  }
  throw new Error("the hub took a forged batch");
}
