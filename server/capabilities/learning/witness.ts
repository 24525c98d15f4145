import { create, fromBinary } from "@bufbuild/protobuf";
import {
  EventRefusedSchema,
  GraphSummarySchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { TelemetrySync } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Witness } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import { WitnessSchema } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import {
  NodeRegisteredSchema,
  NodeStateChangedSchema,
} from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import { reasonName } from "@foedus/kernel/fault.ts";
import { nodeOfSpiffe, parseSpiffe } from "@foedus/kernel/spiffe.ts";
import { problemOf } from "./check.ts";
import { topicsMax } from "./priority.ts";
import { spread, tallyAt, type Tallies } from "./tally.ts";
import type { Span } from "./window.ts";

/** An event of the log. */
export interface Told {
  readonly cursor: bigint;
  /** When the hub stored it, in milliseconds since 1970. */
  readonly storedMs: number;
  readonly event: Event;
}

/** What is known between cycles; counting adds to it. */
export interface Witnessed {
  readonly witnesses: Map<string, Witness>;
  readonly tallies: Tallies;
  /** When no hub was there, newest first. */
  readonly away: readonly Span[];
}

/** Whose log it is. */
export interface Home {
  readonly trustDomain: string;
  readonly tenant: string;
}

/** What the hub itself tells that is evidence; nothing that learning tells is. */
export const hubEvidence = [NodeRegisteredSchema, NodeStateChangedSchema, EventRefusedSchema].map(
  factType,
);

/** Reasons that say a signature is not the node's: it does not hold, or is of another key. */
const forged = new Set([Reason.EVENT_SIGNATURE_INVALID, Reason.EVENT_KEY_UNKNOWN].map(reasonName));

const summaries = new Set([
  "hub.health",
  "graph.summary.nodes",
  "audit.summary.status",
  "security.summary.status",
]);

const linesMax = 64;

/** A topic with a longer name is left out: every cycle reads what is kept of every node. */
export const topicLettersMax = 128;
const digestLettersMax = 256;

/** Whom an event is evidence about; undefined when it is about nobody here, or told elsewhere. */
export function aboutWhom({ event }: Told, home: Home): string | undefined {
  const source = parseSpiffe(event.source);
  if (source === undefined || source.trustDomain !== home.trustDomain) return undefined;
  const node = nodeOfSpiffe(source);
  if (node !== undefined) return node.tenant === home.tenant ? node.nodeId : undefined;
  const byHub = source.segments[0] === "hub" && source.segments.length === 2;
  if (!byHub || !hubEvidence.includes(event.type)) return undefined;
  if (event.type !== factType(EventRefusedSchema)) return event.subject;
  return fromBinary(EventRefusedSchema, event.payload).nodeId;
}

/** Counts one event about a node. */
export function witness(nodeId: string, told: Told, known: Witnessed): void {
  const before = known.witnesses.get(nodeId) ?? create(WitnessSchema);
  const { event } = told;
  if (event.type === factType(EventRefusedSchema)) return countRefused(nodeId, told, known);
  if (event.type === factType(NodeStateChangedSchema)) {
    const { node } = fromBinary(NodeStateChangedSchema, event.payload);
    known.witnesses.set(nodeId, stood(before, node, told, known));
    return;
  }
  if (event.type === factType(NodeRegisteredSchema)) {
    const { node } = fromBinary(NodeRegisteredSchema, event.payload);
    known.witnesses.set(nodeId, stood(before, node, told, known));
    return;
  }
  const tally = tallyAt(known.tallies, nodeId, told.storedMs);
  tally.accepted += 1;
  tally.acceptedCursor = told.cursor;
  if (problemOf(before, told) !== undefined) {
    tally.failed += 1;
    tally.failedCursor = told.cursor;
  }
  known.witnesses.set(nodeId, after(before, told));
}

function countRefused(nodeId: string, told: Told, { tallies }: Witnessed): void {
  const { reason, events } = fromBinary(EventRefusedSchema, told.event.payload);
  if (!forged.has(reason)) return;
  const tally = tallyAt(tallies, nodeId, told.storedMs);
  tally.refused += Number(events);
  tally.refusedCursor = told.cursor;
}

/** The time in the state before goes to its minutes; before the first lease nothing could lapse. */
function stood(
  before: Witness,
  node: Node | undefined,
  { cursor, event, storedMs }: Told,
  { tallies, away }: Witnessed,
): Witness {
  if (node === undefined) return before;
  const stateMs = Number(event.timeMs);
  if (node.state === before.state) return { ...before, stateCursor: cursor };
  tallyAt(tallies, node.id, storedMs).stateCursor = cursor;
  const sort = lostAs(before.state);
  if (before.stateMs > 0n && before.heldMs > 0n && sort !== undefined) {
    const span = { fromMs: Number(before.stateMs), toMs: stateMs };
    spread(span, away, (atMs, spanMs) => {
      tallyAt(tallies, node.id, atMs)[sort] += spanMs;
    });
  }
  const heldMs = before.heldMs === 0n && holds(node.state) ? BigInt(stateMs) : before.heldMs;
  return { ...before, state: node.state, stateMs: BigInt(stateMs), stateCursor: cursor, heldMs };
}

/** Where the time in a state is counted; undefined where the lease held. */
export function lostAs(state: NodeState): "lapsedMs" | "pausedMs" | undefined {
  if (state === NodeState.OFFLINE) return "lapsedMs";
  return state === NodeState.MAINTENANCE ? "pausedMs" : undefined;
}

function holds(state: NodeState): boolean {
  return state === NodeState.ONLINE || state === NodeState.DEGRADED;
}

/** What is known after an event of the node's own. */
function after(before: Witness, told: Told): Witness {
  const { event, cursor, storedMs } = told;
  const next = { ...before, lines: linesAfter(before, event) };
  if (event.type === factType(TelemetrySyncSchema)) {
    next.telemetry = claimsIn(event.payload);
    next.telemetryCursor = cursor;
  }
  if (event.type === factType(GraphSummarySchema)) {
    const { digest: named, files, lines } = fromBinary(GraphSummarySchema, event.payload);
    const digest = named.length > digestLettersMax ? "" : named;
    next.holding = { $typeName: "foedus.learning.v1.Witness.Holding", digest, files, lines };
  }
  // What it says of its own time can make a summary older, and never newer than its arrival.
  const soMs = Math.min(Number(event.timeMs), storedMs);
  if (summaries.has(event.type) && soMs >= Number(before.summaryMs)) {
    next.summaryMs = BigInt(soMs);
    next.summaryCursor = cursor;
    next.summaryType = event.type;
  }
  return next;
}

/** Of what a node says of itself only what cycles read. */
function claimsIn(payload: Uint8Array): TelemetrySync {
  const { trustScore, syncLatencyMs, priorities } = fromBinary(TelemetrySyncSchema, payload);
  const some = priorities.slice(0, topicsMax).filter((one) => one.topic.length <= topicLettersMax);
  return create(TelemetrySyncSchema, { trustScore, syncLatencyMs, priorities: some });
}

function linesAfter({ lines }: Witness, { stream, epoch, sequence }: Event): Witness["lines"] {
  const known = lines.find((line) => line.stream === stream);
  const further =
    known === undefined ||
    epoch > known.epoch ||
    (epoch === known.epoch && sequence > known.sequence);
  if (!further) return lines;
  const line = { $typeName: "foedus.learning.v1.Witness.Line" as const, stream, epoch, sequence };
  return [line, ...lines.filter((other) => other !== known)].slice(0, linesMax);
}
