import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Message } from "@bufbuild/protobuf";
import { fromBinary } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import {
  EventRefusedSchema,
  TrustAggregateSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { IdentityQuarantinedSchema } from "@foedus/gen/foedus/identity/v1/identity_event_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Cycle, NodeTrust } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { InputKind } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import { errorOf } from "@foedus/sdk/error.wire.ts";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import type { DemoHub } from "./hubs.ts";

const say = (line = "") => console.log(line);

/** Waits until the log tells of so many refused batches: they are told at most once a second. */
export async function untilRefused(hub: DemoHub, batches: number): Promise<void> {
  let told = 0n;
  await untilEvent(hub, EventRefusedSchema, (event) => {
    told += event.batches;
    return told >= batches;
  });
}

/** Waits for the hub to cut a node off by itself, and says what for. */
export async function tellQuarantine(hub: DemoHub, node: FoedusNode): Promise<void> {
  const { identity } = await untilEvent(hub, IdentityQuarantinedSchema, (event) => {
    return event.identity?.nodeId === node.nodeId;
  });
  const { quarantinedBy = "", quarantineReason = "", quarantineCursors = [] } = identity ?? {};
  say(`  ${hub.name} quarantines it at once and by itself (${quarantinedBy}):`);
  say(`  ${quarantineReason}; the evidence is in events ${quarantineCursors.join(", ")}`);
}

/** The first event of a type that is the one, from the beginning of the hub's log. */
async function untilEvent<T extends Message>(
  hub: DemoHub,
  schema: GenMessage<T>,
  isIt: (event: T) => boolean,
): Promise<T> {
  const wish = { afterCursor: 0n, types: [factType(schema)] };
  for await (const { item } of hub.session.as(EventService).subscribe(wish)) {
    if (item.case !== "delivery") continue;
    for (const { event } of item.value.events) {
      const told = fromBinary(schema, fromBinary(EventSchema, event).payload);
      if (isIt(told)) return told;
    }
  }
  throw new Error(`${hub.name} ended before it told ${factType(schema)}`);
}

/** Runs a cycle, and prints who stands where, and what the liar does to the network's figures. */
export async function tellCycle(hub: DemoHub, liar: string): Promise<Cycle> {
  const learning = hub.session.as(LearningService);
  const { cycle } = await learning.runCycle({ requestId: randomUUID() });
  if (cycle === undefined) throw new Error("a cycle was run, and nothing came of it");
  const { trust } = await learning.listTrust({ cycleId: cycle.id });
  const ranked = trust.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1));
  if (ranked.at(-1)?.nodeName !== liar) throw new Error(`${liar} is not the least trusted`);
  say(row(["NODE", "TRUST", "CLAIMS", ...inputs.map(({ title }) => title)]));
  for (const one of ranked) say(rowOf(one));
  const { averageTrust = 0, robustMean = 0 } = cycle.aggregate ?? {};
  const honest = trust.filter(({ nodeName }) => nodeName !== liar).map(({ score = 0 }) => score);
  const mean = honest.reduce((sum, score) => sum + score, 0) / honest.length;
  const moved = (to: number) => `${figure(Math.abs(mean - to))} points, to ${figure(to)}`;
  say(`\n  The liar moves the mean by ${moved(averageTrust)};`);
  say(`  and the robust mean by ${moved(robustMean)}.`);
  say(`  In alpha's own words: ${cycle.summary}`);
  return cycle;
}

/** What a score is made of, in the words of the table. */
const inputs: readonly { readonly kind: InputKind; readonly title: string }[] = [
  { kind: InputKind.HEARTBEATS_KEPT, title: "HEARTBEATS" },
  { kind: InputKind.SIGNATURES_VALID, title: "SIGNATURES" },
  { kind: InputKind.SKEW_IN_BOUNDS, title: "CLOCK" },
  { kind: InputKind.SUMMARIES_FRESH, title: "SUMMARIES" },
  { kind: InputKind.CHECKS_PASSED, title: "CHECKS" },
];
const nameWidth = 9;
const titleWidth = 12;
const worthWidth = 13;
const gap = "  ";

function rowOf(trust: NodeTrust): string {
  const values = inputs.map(({ kind }) => {
    const value = trust.inputs.find((one) => one.kind === kind)?.value;
    return value === undefined ? "-" : value.toFixed(2);
  });
  const claims = trust.claimedScore === undefined ? "-" : figure(trust.claimedScore);
  return row([trust.nodeName, figure(trust.score), claims, ...values]);
}

function row([name = "", ...cells]: readonly string[]): string {
  const widths = ["unknown", "CLAIMS", ...inputs.map(({ title }) => title)];
  const padded = cells.map((cell, at) => cell.padStart(widths[at]?.length ?? 0));
  return `  ${name.padEnd(nameWidth)}${padded.join(gap)}`;
}

function figure(value: number | undefined): string {
  return value === undefined ? "unknown" : value.toFixed(1);
}

/** Prints why a score is what it is, down to a signed event; that event has to prove itself. */
export async function tellEvidence(hub: DemoHub, node: string): Promise<void> {
  const { trust, formula } = await hub.session.as(LearningService).explainTrust({ node });
  say(`  ${formula}`);
  for (const { kind, value, weight, detail, evidenceCursors } of trust?.inputs ?? []) {
    const title = inputs.find((one) => one.kind === kind)?.title.toLowerCase() ?? "";
    const worth = value === undefined ? "unknown" : `${value.toFixed(2)} x ${weight.toFixed(2)}`;
    const from = evidenceCursors.length === 0 ? "" : `  [event ${evidenceCursors[0]}]`;
    say(`  ${title.padEnd(titleWidth)}${worth.padEnd(worthWidth)}${detail}${from}`);
  }
  const weakest = trust?.inputs
    .filter(({ evidenceCursors }) => evidenceCursors.length > 0)
    .toSorted((a, b) => (a.value ?? 1) - (b.value ?? 1))[0];
  const [cursor] = weakest?.evidenceCursors ?? [];
  if (cursor === undefined) throw new Error("a score stands on no event at all");
  const proved = await hub.session.as(EventService).getEvent({ cursor });
  if (!proved.verified) throw new Error(`event ${cursor} does not prove itself`);
  const { type, source } = fromBinary(EventSchema, proved.event?.event ?? new Uint8Array());
  say(`  Event ${cursor} (${type}) is signed by ${source}:`);
  say("  its signature, its place in the signed batch and the signer's key were verified");
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
      say(`  ${hub.name} holds the cycle as event ${cursor}, signed by ${source}:`);
      say(`  it verified that with a key that the pinned root of ${from.name} vouches for`);
      return;
    }
  }
}

/** How a revoked node was cut off. */
export interface CutOff {
  /** From the decision being sent to the end of its stream. */
  readonly tookMs: number;
  /** What it was told when it came again. */
  readonly why: string;
}

/** Revokes a node while it listens. */
export async function revokeListening(hub: DemoHub, node: FoedusNode): Promise<CutOff> {
  const stream = node.client(NodeService).watchNodes({})[Symbol.asyncIterator]();
  await stream.next();
  const ended = endOf(stream);
  const told = once(node.signal, "abort");
  const startMs = performance.now();
  const reason = "shown in a demonstration";
  await hub.session
    .as(IdentityService)
    .revokeNode({ requestId: randomUUID(), node: node.name, reason });
  await ended;
  const tookMs = performance.now() - startMs;
  await told;
  return { tookMs, why: errorOf(node.signal.reason).message };
}

async function endOf(stream: AsyncIterator<unknown>): Promise<void> {
  try {
    while ((await stream.next()).done !== true);
  } catch {
    // Cut off: that is what was waited for.
  }
}
