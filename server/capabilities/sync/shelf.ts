import { isBare } from "@foedus/kernel/sync/cell.ts";
import { redigested, type Digest } from "@foedus/kernel/sync/digest.ts";
import { dotOfEntry, stampOf } from "@foedus/kernel/sync/mark.ts";
import type { Shelf } from "@foedus/kernel/sync/shelf.ts";
import { stamped, type Vector } from "@foedus/kernel/sync/vector.ts";
import type { Cell, Entry, Mark } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Wanted } from "./wanted.ts";

/** What a shelf begins with. */
export interface Shelved {
  readonly epoch: string;
  readonly head: number;
  readonly vector: Vector;
  readonly digest: Digest;
  readonly conflicts: number;
}

/** What was changed since the last cut: all that is to be written. */
export interface Changes extends Omit<Shelved, "epoch"> {
  readonly appended: readonly Entry[];
  readonly marks: readonly Mark[];
  /** The last places at which replicas wrote. */
  readonly writtenAt: ReadonlyMap<string, number>;
  readonly cells: readonly ChangedCell[];
}

/** A cell as it is now; undefined if it holds nothing any more. */
export interface ChangedCell {
  readonly key: string;
  readonly cell: Cell | undefined;
  /** Whether there was something before. */
  readonly wasThere: boolean;
}

/** Rows, as far as they were read: undefined is what nobody has written yet. */
export interface Rows {
  readonly marks: ReadonlyMap<string, Mark | undefined>;
  readonly cells: ReadonlyMap<string, Cell | undefined>;
}

/**
 * As much of a stream as one commit reads, filled from its rows before, and what the commit changed
 * in it. Whoever asks for a row that was not loaded has found a bug: it might be there.
 */
export class RowShelf implements Shelf {
  readonly epoch: string;
  head: number;
  vector: Vector;
  digest: Digest;
  conflicts: number;
  readonly marks: Map<string, Mark | undefined>;
  readonly cells: Map<string, Cell | undefined>;
  #appended: Entry[] = [];
  readonly #changedMarks = new Set<string>();
  /** Whether there was something before. */
  readonly #changedCells = new Map<string, boolean>();
  readonly #writtenAt = new Map<string, number>();

  constructor(
    from: Shelved,
    marks: Map<string, Mark | undefined>,
    cells: Map<string, Cell | undefined>,
  ) {
    this.epoch = from.epoch;
    this.head = from.head;
    this.vector = from.vector;
    this.digest = from.digest;
    this.conflicts = from.conflicts;
    this.marks = marks;
    this.cells = cells;
  }

  markOf(replica: string): Mark | undefined {
    const mark = this.marks.get(replica);
    if (mark === undefined && !this.marks.has(replica)) throw new Error("a mark was not loaded");
    return mark;
  }

  keepMark(mark: Mark): void {
    this.marks.set(mark.replica, mark);
    this.#changedMarks.add(mark.replica);
  }

  cellOf(key: string): Cell | undefined {
    const cell = this.cells.get(key);
    if (cell === undefined && !this.cells.has(key)) throw new Error("a cell was not loaded");
    return cell;
  }

  keepCell(key: string, cell: Cell | undefined): void {
    const before = this.cellOf(key);
    this.digest = redigested(this.digest, before, cell);
    this.conflicts += conflictsIn(cell) - conflictsIn(before);
    this.cells.set(key, cell);
    if (!this.#changedCells.has(key)) this.#changedCells.set(key, before !== undefined);
  }

  /** What of some rows is not here yet. */
  lacked({ replicas, cells }: Wanted): Wanted {
    const lacks = (map: ReadonlyMap<string, unknown>) => (name: string) => !map.has(name);
    return {
      replicas: new Set([...replicas].filter(lacks(this.marks))),
      cells: new Set([...cells].filter(lacks(this.cells))),
    };
  }

  /** Takes rows that were lacked. */
  fill({ marks, cells }: Rows): void {
    for (const [replica, mark] of marks) this.marks.set(replica, mark);
    for (const [key, cell] of cells) this.cells.set(key, cell);
  }

  /** What was changed since the last time. */
  cut(): Changes {
    const { head, vector, digest, conflicts } = this;
    const marks = [...this.#changedMarks].flatMap((replica) => this.marks.get(replica) ?? []);
    const cells = Array.from(this.#changedCells, ([key, wasThere]) => {
      return { key, cell: this.cells.get(key), wasThere };
    });
    const changes = { head, vector, digest, conflicts, appended: this.#appended, marks, cells };
    this.#appended = [];
    this.#changedMarks.clear();
    this.#changedCells.clear();
    return { ...changes, writtenAt: this.#writtenAt };
  }

  append(entry: Entry): void {
    this.head = entry.seq;
    this.vector = stamped(this.vector, stampOf(entry));
    this.#appended.push(entry);
    this.#writtenAt.set(dotOfEntry(entry).replica, entry.seq);
  }
}

/** 1 if a cell holds concurrent values. */
export function conflictsIn(cell: Cell | undefined): number {
  return cell !== undefined && !isBare(cell) && cell.siblings.length > 1 ? 1 : 0;
}
