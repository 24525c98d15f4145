import type { Cell, Entry, Mark } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { emptyDigest, redigested, type Digest } from "./digest.ts";
import { dotOfEntry, stampOf } from "./mark.ts";
import { stamped, type Vector } from "./vector.ts";

/** What a hub keeps of one stream, as far as one commit reads and writes it. */
export interface Shelf {
  /** The life of this log. */
  readonly epoch: string;
  /** The last place of the log. */
  readonly head: number;
  /** What the log has up to there. */
  readonly vector: Vector;
  markOf(replica: string): Mark | undefined;
  keepMark(mark: Mark): void;
  cellOf(key: string): Cell | undefined;
  /** Keeps a cell, or forgets one that holds nothing. */
  keepCell(key: string, cell: Cell | undefined): void;
  append(entry: Entry): void;
}

/** How far another hub has this log, and how long that holds back its truncation. */
export interface Lease {
  readonly seq: number;
  readonly untilMs: number;
}

/** A shelf in memory: the twin of the tables, on which the simulator runs. */
export class MemoryShelf implements Shelf {
  epoch: string;
  head = 0;
  vector: Vector = {};
  /** Places up to this one were truncated, and what they bore. */
  horizon = 0;
  horizonVector: Vector = {};
  digest: Digest = emptyDigest;
  log: Entry[] = [];
  readonly leases = new Map<string, Lease>();
  /** The last place at which a replica wrote. */
  readonly writtenAt = new Map<string, number>();
  readonly cells = new Map<string, Cell>();
  readonly marks = new Map<string, Mark>();

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  markOf(replica: string): Mark | undefined {
    return this.marks.get(replica);
  }

  keepMark(mark: Mark): void {
    this.marks.set(mark.replica, mark);
  }

  cellOf(key: string): Cell | undefined {
    return this.cells.get(key);
  }

  keepCell(key: string, cell: Cell | undefined): void {
    this.digest = redigested(this.digest, this.cells.get(key), cell);
    if (cell === undefined) this.cells.delete(key);
    else this.cells.set(key, cell);
  }

  append(entry: Entry): void {
    this.head = entry.seq;
    this.vector = stamped(this.vector, stampOf(entry));
    this.log.push(entry);
    this.writtenAt.set(dotOfEntry(entry).replica, entry.seq);
  }

  /** Places after one, in order. */
  after(seq: number): readonly Entry[] {
    return this.log.slice(seq - this.horizon);
  }

  /** Forgets the places up to one; what they did, and who wrote them, stays. */
  truncate(seq: number): void {
    const gone = this.log.slice(0, seq - this.horizon);
    for (const entry of gone) this.horizonVector = stamped(this.horizonVector, stampOf(entry));
    this.log = this.log.slice(gone.length);
    this.horizon += gone.length;
  }

  /** The same at this moment: a backup. */
  copy(): MemoryShelf {
    const copy = new MemoryShelf(this.epoch);
    const { head, vector, horizon, horizonVector, digest } = this;
    Object.assign(copy, { head, vector, horizon, horizonVector, digest, log: [...this.log] });
    for (const [key, cell] of this.cells) copy.cells.set(key, cell);
    for (const [key, mark] of this.marks) copy.marks.set(key, mark);
    for (const [key, lease] of this.leases) copy.leases.set(key, lease);
    for (const [key, seq] of this.writtenAt) copy.writtenAt.set(key, seq);
    return copy;
  }
}
