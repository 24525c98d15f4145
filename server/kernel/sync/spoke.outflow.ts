import {
  Durability,
  Resume,
  type PushAck,
  type Resumed,
  type Settled,
} from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import {
  Refusal,
  type Mark,
  type Segment,
  type Stream,
} from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { sameBytes } from "../bytes.ts";
import { dotKey } from "./dot.ts";
import { framed } from "./frame.ts";
import { heldCtr, type Carriage, type Hold, type Patch, type Quarantined } from "./hold.ts";
import { burnt, save } from "./spoke.open.ts";
import type { Bar, Link, SpokeEffect, SpokeState } from "./spoke.state.ts";
import { newStaging } from "./staging.ts";

/** The hub has said how a stream goes on, and how far it knows this replica. */
export function onResumed(state: SpokeState, said: Resumed): readonly SpokeEffect[] {
  const { key, hold, link } = at(state, said.stream);
  if (hold === undefined || link === undefined) return [];
  if (said.mode === Resume.REFUSED) {
    link.mode = "REFUSED";
    return [{ type: "incident", reason: "REFUSED", key }];
  }
  link.mode = modes[said.mode] ?? "WAIT";
  if (link.mode !== "WAIT") state.waitedMs.delete(key);
  else if (!state.waitedMs.has(key)) state.waitedMs.set(key, 0);
  const isFresh = link.mode === "SNAPSHOT" && said.cursor !== undefined;
  const isNew = link.mode === "SNAPSHOT";
  link.staging = isNew ? newStaging(said.cursor ?? startOf(hold)) : undefined;
  const effects: SpokeEffect[] = [];
  if (isFresh && said.behind) effects.push({ type: "incident", reason: "WENT_BACK", key });
  if (said.mark !== undefined) effects.push(...heard(state, key, said.mark, said.settledCtr));
  return [...effects, ...pushNext(state, key)];
}

const modes: Partial<Record<Resume, Link["mode"]>> = {
  [Resume.INCREMENTAL]: "LIVE",
  [Resume.SNAPSHOT]: "SNAPSHOT",
  [Resume.WAIT]: "WAIT",
};

function startOf({ cursor }: Hold) {
  return { $typeName: "foedus.sync.v1.Cursor", epoch: cursor?.epoch ?? "", seq: 0 } as const;
}

/** Some ops are on the hub's disk, or refused, or wait for one before them. */
export function onPushAck(state: SpokeState, ack: PushAck): readonly SpokeEffect[] {
  const { key, hold, link } = at(state, ack.stream);
  const { mark } = ack;
  if (hold === undefined || link === undefined || mark === undefined) return [];
  link.pushing = undefined;
  if (ack.refusal !== Refusal.UNSPECIFIED) {
    const known = link.known.get(mark.replica) ?? heldCtr(hold, mark.replica);
    link.barred.set(mark.replica, { refusal: ack.refusal, to: Math.max(mark.ctr, known) });
    // A stream that is full took what went in before it was.
    const taken = mark.ctr > 0 ? heard(state, key, mark, 0) : [];
    return [...taken, ...pushNext(state, key)];
  }
  const settled = ack.durability === Durability.PARENT ? mark.ctr : 0;
  const own = mark.replica === state.replica;
  const effects = heard(state, key, mark, own ? settled : 0);
  const next = hold.ops.has(dotKey({ replica: mark.replica, ctr: mark.ctr + 1 }));
  if (ack.gap && !next) link.stuck.add(mark.replica);
  return [...effects, ...pushNext(state, key)];
}

/** What the hub said of a replica: acknowledged, refused, settled. */
function heard(state: SpokeState, key: string, mark: Mark, settled: number): SpokeEffect[] {
  const hold = state.holds.get(key);
  if (hold === undefined) return [];
  const isOwn = mark.replica === state.replica;
  if (isOwn && mark.ctr > hold.ctr) return burnt(state, key);
  state.links.get(key)?.known.set(mark.replica, mark.ctr);
  const quarantined = refusedOf(hold, mark, isOwn);
  const acked = isOwn ? Math.max(hold.ackedCtr, mark.ctr) : hold.ackedCtr;
  const settledCtr = Math.max(hold.settledCtr, Math.min(settled, hold.ctr));
  const changes = quarantined.length > 0 || acked > hold.ackedCtr || settledCtr > hold.settledCtr;
  if (!changes) return [];
  const dropped = settledOps(state, hold, settledCtr);
  // A clock that was ahead leaves no mark: causality does not hang on hybrid time.
  const ahead = quarantined.some(({ refusal }) => refusal === Refusal.CLOCK_AHEAD);
  const hlcMs = ahead ? 0 : hold.hlcMs;
  return [save(hold, { key, quarantined, hlcMs, ackedCtr: acked, settledCtr, dropped })];
}

/** Ops of the mark that were refused and are not shown as that yet. */
function refusedOf(hold: Hold, mark: Mark, isOwn: boolean): Quarantined[] {
  if (!isOwn) return [];
  const { replica } = mark;
  return mark.refused.flatMap(({ ctr, refusal }): Quarantined[] => {
    const name = dotKey({ replica, ctr });
    const op = hold.ops.get(name);
    return op === undefined || hold.quarantine.has(name) ? [] : [{ ...op, refusal }];
  });
}

/** Nothing more of a replica is taken: its ops are put where they can be seen, later ones too. */
function refusedWhole(hold: Hold, key: string, replica: string, bar: Bar): SpokeEffect[] {
  const quarantined: Quarantined[] = [];
  // What the log has brought nevertheless, another hub took: only what comes after it is refused.
  for (let ctr = Math.max(bar.to, heldCtr(hold, replica)) + 1; ; ctr++) {
    const name = dotKey({ replica, ctr });
    const op = hold.ops.get(name);
    if (op === undefined) break;
    bar.to = ctr;
    if (!hold.quarantine.has(name)) quarantined.push({ ...op, refusal: bar.refusal });
  }
  return quarantined.length > 0 ? [save(hold, { key, quarantined })] : [];
}

/** Ops so long settled that no backup of the hub or its parent lacks them. */
function settledOps({ replica, limits }: SpokeState, hold: Hold, settledCtr: number): string[] {
  const names: string[] = [];
  const last = Math.min(settledCtr, heldCtr(hold, replica)) - limits.settledKept;
  for (let ctr = last; ctr > 0; ctr--) {
    const name = dotKey({ replica, ctr });
    if (!hold.ops.has(name)) break;
    names.push(name);
  }
  return names;
}

/** Ops survive the loss of the hub's disk. */
export function onSettled(state: SpokeState, { stream, ctr }: Settled): readonly SpokeEffect[] {
  const { key, hold } = at(state, stream);
  if (hold === undefined || ctr <= hold.settledCtr) return [];
  const dropped = settledOps(state, hold, ctr);
  const patch: Patch = { key, settledCtr: ctr, dropped };
  return [save(hold, patch)];
}

/** A peer handed over ops; those that go on from what is known here are shown, and carried on. */
export function onHanded(
  state: SpokeState,
  stream: Stream,
  ops: readonly Carriage[],
): readonly SpokeEffect[] {
  const { key, hold } = at(state, stream);
  if (hold === undefined || !state.rules.mayHold(state.zones, stream)) return [];
  const taken: Carriage[] = [];
  const lasts = new Map<string, number>();
  for (const op of ops) {
    const last = lasts.get(op.replica) ?? lastOf(hold, op.replica);
    const isNext = op.ctr === last + 1 && op.replica !== state.replica;
    lasts.set(op.replica, isNext ? op.ctr : last);
    if (isNext) taken.push(op);
  }
  if (taken.length === 0) return [];
  return [save(hold, { key, ops: taken }), ...pushNext(state, key)];
}

/** The last op of a replica that is known here. */
export function lastOf(hold: Hold, replica: string): number {
  let last = heldCtr(hold, replica);
  while (hold.ops.has(dotKey({ replica, ctr: last + 1 }))) last++;
  return last;
}

/** Pushes what comes next: its own ops first, then those of others; one push at a time. */
export function pushNext(state: SpokeState, key: string): readonly SpokeEffect[] {
  const { session, replica } = state;
  const hold = state.holds.get(key);
  const link = state.links.get(key);
  if (session === undefined || hold === undefined || link === undefined) return [];
  if (link.pushing !== undefined || !link.known.has(replica)) return [];
  const effects: SpokeEffect[] = [];
  for (const whose of new Set([replica, ...hold.carried.keys()])) {
    const bar = link.barred.get(whose);
    if (bar !== undefined) effects.push(...refusedWhole(hold, key, whose, bar));
    if (bar !== undefined || link.stuck.has(whose)) continue;
    const from = (link.known.get(whose) ?? heldCtr(hold, whose)) + 1;
    const { ops, segments } = run(state, hold, whose, from);
    if (ops.length === 0) continue;
    link.pushing = { replica: whose, to: from + ops.length - 1 };
    const value = { stream: hold.stream, replica: whose, ctrFrom: from, ops, segments };
    return [...effects, { type: "send", session, frame: framed({ case: "push", value }) }];
  }
  return effects;
}

/** Ops in a row, and of another's what their author signed: each segment once. */
function run(
  { limits }: SpokeState,
  hold: Hold,
  replica: string,
  from: number,
): { ops: Uint8Array[]; segments: Segment[] } {
  const [ops, segments]: [Uint8Array[], Segment[]] = [[], []];
  let bytes = 0;
  while (ops.length < limits.frameOpsMax) {
    // What another hub refused is offered too: without a place for it all after it would wait.
    const op = hold.ops.get(dotKey({ replica, ctr: from + ops.length }));
    if (op === undefined) break;
    const { segment } = op;
    const isNew = segment !== undefined && !isSame(segments.at(-1), segment);
    if (isNew && segments.length >= segmentsMax) break;
    bytes += op.bytes.length + (isNew ? segment.header.length : 0);
    if (ops.length > 0 && bytes > limits.frameBytesMax) break;
    if (isNew) segments.push(segment);
    ops.push(op.bytes);
  }
  return { ops, segments };
}

/** How many segments one push takes. */
const segmentsMax = 64;

/** Ops that a disk gave back have a copy each. */
function isSame(one: Segment | undefined, other: Segment): boolean {
  return one === other || (one !== undefined && sameBytes(one.signature, other.signature));
}

function at(state: SpokeState, stream: Stream | undefined) {
  const key = stream === undefined ? "" : state.rules.keyOf(state.tenant, stream);
  return { key, hold: state.holds.get(key), link: state.links.get(key) };
}
