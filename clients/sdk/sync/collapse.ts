import { Kind, type Op } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import type { Carriage, Hold } from "@foedus/kernel/sync/hold.ts";
import { amountMax, cellKey, encodeOp, opOf, supersedesMax } from "@foedus/kernel/sync/op.ts";

/** Values that one of the same author replaces whole. */
const replaceable: ReadonlySet<Kind> = new Set([Kind.REG_LWW, Kind.REG_MV, Kind.ORMAP]);

/**
 * Lets go of values that nobody was offered and that later ones replaced, and adds up amounts: what
 * comes out everywhere is the same. Each op keeps its number, and says less.
 */
export class Collapse {
  readonly #hold: Hold;
  #author = "";
  #looked = 0;
  /** By cell the op that carries the sum so far. */
  readonly #sums = new Map<string, number>();

  constructor(hold: Hold) {
    this.#hold = hold;
  }

  /** Ops that say less than before; each op is looked at once, however often it is called. */
  ops(author: string, offered: number): Carriage[] {
    if (author !== this.#author) {
      this.#sums.clear();
      [this.#author, this.#looked] = [author, 0];
    }
    const changed = new Map<number, Uint8Array>();
    const { ctr } = this.#hold;
    for (let each = Math.max(this.#looked, offered) + 1; each <= ctr; each++) {
      const op = this.#op(each, changed);
      if (op?.kind === Kind.COUNTER) this.#add(each, op, offered, changed);
      else if (op !== undefined && replaceable.has(op.kind)) {
        this.#replace(each, op, offered, changed);
      }
    }
    this.#looked = ctr;
    return [...changed].map(([each, bytes]) => ({ replica: author, ctr: each, bytes }));
  }

  #op(ctr: number, changed: ReadonlyMap<number, Uint8Array>): Op | undefined {
    const bytes = changed.get(ctr) ?? this.#hold.ops.get(this.#name(ctr))?.bytes;
    return bytes === undefined ? undefined : opOf(bytes);
  }

  #name(ctr: number): string {
    return dotKey(dotOf(this.#author, ctr));
  }

  /** The earlier amount goes into this one. */
  #add(ctr: number, op: Op, offered: number, changed: Map<number, Uint8Array>): void {
    const cell = cellKey(op);
    const before = this.#sums.get(cell) ?? 0;
    this.#sums.set(cell, ctr);
    const earlier = before > offered ? this.#op(before, changed) : undefined;
    if (earlier === undefined) return;
    const amount = earlier.amount + op.amount;
    if (Math.abs(amount) > amountMax) return;
    changed.set(before, encodeOp(bare(earlier)));
    changed.set(ctr, encodeOp({ ...op, amount }));
  }

  /** What the earlier one replaced, this one replaces by itself. */
  #replace(ctr: number, op: Op, offered: number, changed: Map<number, Uint8Array>): void {
    const dots = new Map(op.supersedes.map((dot) => [dotKey(dot), dot]));
    let letGo = false;
    for (const dot of op.supersedes) {
      if (dot.replica !== this.#author || dot.ctr <= offered || dot.ctr >= ctr) continue;
      const earlier = this.#op(dot.ctr, changed);
      if (earlier === undefined || earlier.removes || cellKey(earlier) !== cellKey(op)) continue;
      const taken = earlier.supersedes.filter((each) => !dots.has(dotKey(each)));
      if (dots.size - 1 + taken.length > supersedesMax) continue;
      dots.delete(dotKey(dot));
      for (const each of taken) dots.set(dotKey(each), each);
      changed.set(dot.ctr, encodeOp({ ...bare(earlier), removes: true }));
      letGo = true;
    }
    if (letGo) changed.set(ctr, encodeOp({ ...op, supersedes: [...dots.values()] }));
  }
}

/** An op that does nothing, in the place of one that need not be told. */
function bare({ kind, record, field, schemaRevision }: Op) {
  return { kind, record, field, schemaRevision };
}
