import { randomUUID } from "node:crypto";
import { fromBinary } from "@bufbuild/protobuf";
import { TrustAggregateSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Cycle, NodeTrust } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { errorOf } from "@foedus/sdk/error.wire.ts";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import type { DemoHub } from "./hubs.ts";

const say = (line = "") => console.log(line);

/** Runs a cycle, and prints who stands where. */
export async function tellCycle(hub: DemoHub): Promise<Cycle> {
  const learning = hub.session.as(LearningService);
  const { cycle } = await learning.runCycle({ requestId: randomUUID() });
  if (cycle === undefined) throw new Error("a cycle was run, and nothing came of it");
  const { trust } = await learning.listTrust({ cycleId: cycle.id });
  say(`  ${"NODE".padEnd(12)}${"SCORE".padStart(6)}${"CLAIMS".padStart(8)}   INPUTS`);
  for (const one of trust.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1))) say(rowOf(one));
  const { aggregate } = cycle;
  say();
  say(`  mean ${figure(aggregate?.averageTrust)}, robust mean ${figure(aggregate?.robustMean)}`);
  say(`  ${cycle.summary}`);
  return cycle;
}

function rowOf({ nodeName, score, claimedScore, inputs }: NodeTrust): string {
  const values = inputs.map(({ value }) => (value === undefined ? "-" : value.toFixed(2)));
  const [own, claims] = [figure(score), claimedScore === undefined ? "" : figure(claimedScore)];
  return `  ${nodeName.padEnd(12)}${own.padStart(6)}${claims.padStart(8)}   ${values.join("  ")}`;
}

function figure(value: number | undefined): string {
  return value === undefined ? "unknown" : value.toFixed(1);
}

/** Prints why a score is what it is, down to a signed event; that event has to prove itself. */
export async function tellEvidence(hub: DemoHub, node: string): Promise<void> {
  const { trust, formula } = await hub.session.as(LearningService).explainTrust({ node });
  say(`  ${formula}`);
  for (const { value, weight, detail, evidenceCursors } of trust?.inputs ?? []) {
    const cursors = evidenceCursors.length === 0 ? "" : `  [event ${evidenceCursors[0]}]`;
    say(`  ${figure(value).padStart(7)} x ${weight.toFixed(2)}  ${detail}${cursors}`);
  }
  const cursor = trust?.inputs.flatMap(({ evidenceCursors }) => evidenceCursors)[0];
  if (cursor === undefined) throw new Error("a score stands on no event at all");
  const proved = await hub.session.as(EventService).getEvent({ cursor });
  if (!proved.verified) throw new Error(`event ${cursor} does not prove itself`);
  const { type } = fromBinary(EventSchema, proved.event?.event ?? new Uint8Array());
  say(`  event ${cursor} (${type}) verified: signature, batch path and key hold`);
}

/** Waits until a hub holds a cycle of another one, and proves it. */
export async function tellForeign(hub: DemoHub, from: DemoHub, cycleId: string): Promise<void> {
  const events = hub.session.as(EventService);
  for await (const { item } of events.subscribe({ afterCursor: 0n, types: ["trust_aggregate"] })) {
    if (item.case !== "delivery") continue;
    for (const { event, cursor } of item.value.events) {
      const { source, payload } = fromBinary(EventSchema, event);
      if (fromBinary(TrustAggregateSchema, payload).cycleId !== cycleId) continue;
      const { verified } = await events.getEvent({ cursor });
      if (!verified) throw new Error("a foreign event does not prove itself");
      say(`  ${hub.name} holds it as event ${cursor}, signed by ${source},`);
      say(`  proved by the key that ${from.name}'s pinned root vouches for`);
      return;
    }
  }
}

/** Revokes a node while it listens; returns after how many milliseconds it heard no more. */
export async function revokeListening(hub: DemoHub, node: FoedusNode): Promise<number> {
  const client = node.client(NodeService);
  const stream = client.watchNodes({})[Symbol.asyncIterator]();
  await stream.next();
  const end = (async () => {
    try {
      while ((await stream.next()).done !== true);
      return "its stream ended";
    } catch (thrown) {
      return errorOf(thrown).message;
    }
  })();
  const startMs = performance.now();
  const reason = "shown in a demonstration";
  await hub.session
    .as(IdentityService)
    .revokeNode({ requestId: randomUUID(), node: node.name, reason });
  await end;
  return performance.now() - startMs;
}
