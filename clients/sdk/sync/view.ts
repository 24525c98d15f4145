import type { Cell } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { emptyCell } from "@foedus/kernel/sync/cell.ts";
import { dotOf } from "@foedus/kernel/sync/dot.ts";
import { seenCell, type Carriage, type Hold, type Patch } from "@foedus/kernel/sync/hold.ts";
import { cellKey, opOf, placeOf } from "@foedus/kernel/sync/op.ts";
import { soundRules } from "@foedus/kernel/sync/rules.ts";

/**
 * A stream as a reader sees it: what the hub held, and on top what it does not have yet. Keeps
 * which record has which fields, and each cell as it was last seen until something writes to it.
 */
export class View {
  readonly #hold: Hold;
  /** Of each record the keys of its cells. */
  readonly #records = new Map<string, Set<string>>();
  readonly #seen = new Map<string, Cell | undefined>();

  constructor(hold: Hold) {
    this.#hold = hold;
    this.#recount();
  }

  /** Names of records that hold something, or did lately; in no order. */
  names(): IterableIterator<string> {
    return this.#records.keys();
  }

  /** The cells of a record that hold something, by field. */
  cellsOf(record: string): Cell[] {
    return [...(this.#records.get(record) ?? [])]
      .map((key) => this.#cellAt(key))
      .filter((cell) => cell !== undefined)
      .toSorted((one, other) => (one.field < other.field ? -1 : 1));
  }

  /** One field of a record; undefined when it holds nothing. */
  cell(record: string, field: string): Cell | undefined {
    return this.#cellAt(cellKey({ record, field }));
  }

  /** Takes note of a patch; returns the records it may have changed, or "ALL" of them. */
  note(patch: Patch): ReadonlySet<string> | "ALL" {
    if (patch.swap !== undefined) {
      this.#recount();
      return "ALL";
    }
    const { cells, ops = [], quarantined = [] } = patch;
    const stale = new Set<string>(cells?.keys());
    for (const each of quarantined) stale.add(keyOf(each));
    for (const key of stale) this.#seen.delete(key);
    for (const op of ops) {
      const key = keyOf(op);
      if (!stale.has(key)) this.#lay(key, op);
      stale.add(key);
    }
    const records = new Set<string>();
    for (const key of stale) {
      records.add(recordOf(key));
      this.#index(recordOf(key), key);
    }
    return records;
  }

  /** Looks at the cells of these ops again, which are not what they were. */
  forget(ops: readonly Carriage[]): void {
    for (const op of ops) this.#seen.delete(keyOf(op));
  }

  /** The last op on top of a cell: what lies below it need not be looked at again. */
  #lay(key: string, { replica, ctr, bytes }: Carriage): void {
    if (!this.#seen.has(key)) return;
    const dot = dotOf(replica, ctr);
    const { record, field } = placeOf(dot, opOf(bytes));
    const before = this.#seen.get(key) ?? emptyCell(record, field);
    this.#seen.set(key, soundRules.written(before, { dot, bytes, unseen: [] }));
  }

  #index(record: string, key: string): void {
    const keys = this.#records.get(record) ?? new Set<string>();
    if (this.#hold.cells.has(key) || this.#hold.overlay.has(key)) keys.add(key);
    else keys.delete(key);
    if (keys.size === 0) this.#records.delete(record);
    else this.#records.set(record, keys);
  }

  #recount(): void {
    this.#records.clear();
    this.#seen.clear();
    for (const key of [...this.#hold.cells.keys(), ...this.#hold.overlay.keys()]) {
      this.#index(recordOf(key), key);
    }
  }

  #cellAt(key: string): Cell | undefined {
    if (!this.#seen.has(key)) this.#seen.set(key, seenCell(this.#hold, key, soundRules.written));
    const cell = this.#seen.get(key);
    return cell === undefined || isEmpty(cell) ? undefined : cell;
  }
}

/** Nothing, or nothing but tombstones. */
function isEmpty({ siblings, sum, max }: Cell): boolean {
  return siblings.length === 0 && sum === 0n && max === undefined;
}

function keyOf({ replica, ctr, bytes }: Carriage): string {
  return cellKey(placeOf(dotOf(replica, ctr), opOf(bytes)));
}

function recordOf(key: string): string {
  return key.slice(0, key.indexOf("\u0000"));
}
