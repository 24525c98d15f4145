import type { Cell, Dot, Entry, Mark, Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { written, type Written } from "./cell.ts";
import type { Patch } from "./hold.ts";
import { nextLane, type Lanes } from "./lanes.ts";
import { isKnown, stampOf } from "./mark.ts";
import { streamKey } from "./op.ts";
import type { Lease } from "./shelf.ts";
import { covers, dominates, type Vector } from "./vector.ts";

/**
 * The small decisions on which the invariants stand, in one place. They are handed in, so that the
 * simulator can hand in a wrong one, and prove that it would notice.
 */
export interface Rules {
  /** Under which name a stream's rows are kept: no two tenants share one. */
  keyOf(tenant: string, stream: Stream): string;
  /** Whether somebody who stands in these zones may hold the stream. */
  mayHold(zones: readonly string[], stream: Stream): boolean;
  /** Whether an op has had its effect: remembered longer than the log. */
  isKnown(mark: Mark, ctr: number): boolean;
  /** Of what an op supersedes, that which must be remembered until it comes. */
  unseen(dots: readonly Dot[]): readonly Dot[];
  /** What an op does to a cell. */
  written(cell: Cell, op: Written): Cell;
  /** What of a cell a snapshot carries: all, tombstones too. */
  inSnapshot(cell: Cell): Cell;
  /** What a replica holds after a snapshot: that, and nothing of what it held before. */
  afterSnapshot(
    before: ReadonlyMap<string, Cell>,
    snapshot: ReadonlyMap<string, Cell>,
  ): ReadonlyMap<string, Cell>;
  /** Whether a hub may give a snapshot to somebody who has seen so much elsewhere. */
  mayShow(hub: Vector, seen: Vector): boolean;
  /** Whether a hub's lease still holds back the truncation of the log. */
  holds(lease: Lease, nowMs: number): boolean;
  /** Whether the other hub lacks an entry. */
  lacks(peer: Vector, entry: Entry): boolean;
  /** Whether places that follow `from` go on without a gap where somebody stands at `at`. */
  goesOn(at: number, from: number): boolean;
  /** Whether a frame is acknowledged, so that its bytes may be sent again. */
  acknowledges(entries: number): boolean;
  /** What is saved together: the data and the place it leads to, in one. */
  saves(patch: Patch): readonly Patch[];
  /** Which lane may send next. */
  nextLane(lanes: Lanes): number | undefined;
}

/** What holds. */
export const soundRules: Rules = {
  keyOf: streamKey,
  mayHold: (zones, { zone }) => zones.includes(zone),
  isKnown,
  unseen: (dots) => dots,
  written,
  inSnapshot: (cell) => cell,
  afterSnapshot: (_before, snapshot) => snapshot,
  mayShow: dominates,
  holds: ({ untilMs }, nowMs) => untilMs > nowMs,
  lacks: (peer, entry) => !covers(peer, stampOf(entry)),
  goesOn: (at, from) => from <= at,
  acknowledges: () => true,
  saves: (patch) => [patch],
  nextLane,
};
