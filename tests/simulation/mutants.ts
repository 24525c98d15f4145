import { create } from "@bufbuild/protobuf";
import { Durability } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { cellKey, opOf, streamKey } from "@foedus/kernel/sync/op.ts";
import { framed } from "@foedus/kernel/sync/frame.ts";
import type { HubEffect, HubEvent, HubState } from "@foedus/kernel/sync/hub.state.ts";
import { emptyMark } from "@foedus/kernel/sync/mark.ts";
import { soundRules, type Rules } from "@foedus/kernel/sync/rules.ts";
import { CellSchema, Kind, type Cell } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { written, type Written } from "@foedus/kernel/sync/cell.ts";
import { soundBuild, type Build } from "@foedus/kernel/simulation/build.ts";

/** The core with one thing wrong, which the simulator must notice. */
export interface Mutant {
  readonly name: string;
  /** One that notices it. */
  readonly seed: number;
  readonly build: Build;
}

function wrong(name: string, seed: number, rules: Partial<Rules>): Mutant {
  return { name, seed, build: { ...soundBuild, rules: { ...soundRules, ...rules } } };
}

/** Each breaks one small decision; none is a switch in the product. */
export const mutants: readonly Mutant[] = [
  { name: "ack before commit", seed: 1, build: { ...soundBuild, stepHub: acksEarly } },
  { name: "counter reset", seed: 1, build: { ...soundBuild, wake: (hold) => void (hold.ctr = 0) } },
  wrong("LWW only", 1, { written: lastOnly }),
  wrong("union snapshot", 1, { afterSnapshot: union }),
  wrong("no pending supersedes", 1, { unseen: () => [] }),
  wrong("no dedupe", 1, { isKnown: () => false }),
  wrong("cursor saved before data", 5, {
    saves: ({ key, at, ...rest }) => [
      { key, at },
      { key, ...rest },
    ],
  }),
  wrong("no wait on re-home", 3, { mayShow: () => true }),
  wrong("no zone filter", 1, { mayHold: () => true }),
  wrong("echo on", 1, { lacks: () => true }),
  wrong("tenant mix-up", 1, {
    keyOf: (_tenant, stream) => streamKey("all", stream),
  }),
  wrong("gap ignored", 3, { goesOn: () => true }),
  wrong("lost tombstone in snapshot", 8, {
    inSnapshot: (cell) => create(CellSchema, { ...cell, pending: [] }),
  }),
  wrong("credit leak", 1, { acknowledges: (entries) => entries > 0 }),
  wrong("lane inversion", 1, { nextLane: lastLane }),
  { name: "incarnation reuse", seed: 1, build: { ...soundBuild, revive: () => undefined } },
  wrong("lease ignored", 3, { holds: () => false }),
  { name: "refused op forgotten", seed: 1, build: { ...soundBuild, stepSpoke: forgetsRefused } },
  { name: "signature dropped", seed: 1, build: { ...soundBuild, stepSpoke: dropsSegments } },
  { name: "deaf to other processes", seed: 1, build: { ...soundBuild, stepHub: deaf } },
];

/** Acknowledges what it has only in memory. */
function acksEarly(state: HubState, event: HubEvent): readonly HubEffect[] {
  const effects = soundBuild.stepHub(state, event);
  if (event.type !== "frame" || event.frame.frame.case !== "push") return effects;
  const { stream, replica, ctrFrom, ops } = event.frame.frame.value;
  const mark = { ...emptyMark(replica), ctr: ctrFrom + ops.length - 1 };
  const value = { stream, mark, durability: Durability.PARENT };
  const { session } = event;
  return [{ type: "send", session, frame: framed({ case: "pushAck", value }) }, ...effects];
}

/** What a hub refused is shown nowhere. */
function forgetsRefused(...[state, event, nowMs]: Parameters<Build["stepSpoke"]>) {
  const effects = soundBuild.stepSpoke(state, event, nowMs);
  for (const hold of state.holds.values()) hold.quarantine.clear();
  return effects;
}

/** Brings what others wrote, as if it were its own. */
function dropsSegments(...[state, event, nowMs]: Parameters<Build["stepSpoke"]>) {
  const effects = soundBuild.stepSpoke(state, event, nowMs);
  for (const effect of effects) {
    if (effect.type !== "send" || effect.frame.frame.case !== "push") continue;
    effect.frame.frame.value.segments = [];
  }
  return effects;
}

/** Does not hear what another process over its log has committed. */
function deaf(state: HubState, event: HubEvent): readonly HubEffect[] {
  return event.type === "grown" ? [] : soundBuild.stepHub(state, event);
}

/** Of two values the later, whatever superseded what. */
function lastOnly(cell: Cell, op: Written): Cell {
  const said = opOf(op.bytes);
  if (said.kind === Kind.COUNTER || said.kind === Kind.MAXREG) return written(cell, op);
  const [held] = cell.siblings;
  if (held !== undefined && opOf(held.op).hlcMs > said.hlcMs) return cell;
  return written({ ...cell, siblings: [], pending: [] }, { ...op, unseen: [] });
}

/** All values of both. */
function union(
  before: ReadonlyMap<string, Cell>,
  snapshot: ReadonlyMap<string, Cell>,
): ReadonlyMap<string, Cell> {
  const all = new Map(snapshot);
  for (const cell of before.values()) {
    const key = cellKey(cell);
    const other = all.get(key);
    const dots = new Set(other?.siblings.map(({ dot }) => `${dot?.replica}:${dot?.ctr}`));
    const more = cell.siblings.filter(({ dot }) => !dots.has(`${dot?.replica}:${dot?.ctr}`));
    const siblings = [...(other?.siblings ?? []), ...more];
    all.set(key, { ...(other ?? cell), siblings });
  }
  return all;
}

function lastLane({ ready }: { readonly ready: readonly boolean[] }): number | undefined {
  const lane = ready.lastIndexOf(true);
  return lane === -1 ? undefined : lane;
}
