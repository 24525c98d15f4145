import type { MessageInitShape } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { ResolveConflictRequest } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Cell, Dot, Op, OpSchema, Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { dotIn } from "@foedus/kernel/sync/cell.ts";
import { dotKey, sameDot } from "@foedus/kernel/sync/dot.ts";
import { hybridAfter } from "@foedus/kernel/sync/hybrid.ts";
import { opOf } from "@foedus/kernel/sync/op.ts";
import { streamText } from "@foedus/kernel/sync/stream.ts";

/** What is asked of a conflict. */
export type Wish = Pick<ResolveConflictRequest, "seen" | "value">;

/**
 * The op that puts one value in place of all that were seen.
 *
 * @throws Fault SYNC_CONFLICT_MOVED when the field holds anything else by now; SYNC_NO_CONTENDER
 * when the value to keep was none of them.
 */
export function resolving(
  stream: Stream,
  cell: Cell,
  wish: Wish,
  clock: { readonly nowMs: number; readonly aheadMsMax: number },
): MessageInitShape<typeof OpSchema> {
  const { record, field } = cell;
  const facts = { stream: streamText(stream), record, field };
  const supersedes = cell.siblings.map(dotIn);
  if (!isSame(supersedes, wish.seen)) throw new Fault(Reason.SYNC_CONFLICT_MOVED, facts);
  const ops = cell.siblings.map(({ op }) => opOf(op));
  const [model] = ops;
  if (model === undefined) throw new Error("what was seen was something");
  const { nowMs, aheadMsMax } = clock;
  const lastMs = Math.max(...ops.map(({ hlcMs }) => hlcMs));
  const value = valueOf(cell, wish, ops, facts);
  // It supersedes what it follows whatever their times say: one far ahead must not get it refused.
  const hlcMs = Math.min(hybridAfter(lastMs, nowMs), nowMs + aheadMsMax);
  return { record, field, kind: model.kind, supersedes, hlcMs, ...value };
}

function valueOf(
  cell: Cell,
  { value }: Wish,
  ops: readonly Op[],
  facts: Record<string, string>,
): Pick<Op, "body" | "schemaRevision"> {
  if (value.case === "body") {
    return { body: value.value, schemaRevision: Math.max(...ops.map((op) => op.schemaRevision)) };
  }
  const kept = cell.siblings.find((each) => value.case === "keep" && is(each, value.value));
  if (kept === undefined) {
    const dot = value.case === "keep" ? dotKey(value.value) : "";
    throw new Fault(Reason.SYNC_NO_CONTENDER, { dot, ...facts });
  }
  const { body, schemaRevision } = opOf(kept.op);
  return { body, schemaRevision };
}

function is(sibling: Cell["siblings"][number], dot: Dot): boolean {
  return sameDot(dotIn(sibling), dot);
}

function isSame(there: readonly Dot[], seen: readonly Dot[]): boolean {
  const keys = new Set(seen.map(dotKey));
  return keys.size === there.length && there.every((dot) => keys.has(dotKey(dot)));
}
