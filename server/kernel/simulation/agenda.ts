interface Due {
  readonly ms: number;
  readonly turn: number;
  readonly act: () => void;
}

/** What happens when, on one thread: the only clock of the simulated world. */
export class Agenda {
  nowMs = 0;
  readonly #heap: Due[] = [];
  #turns = 0;

  /** Does something so much later; what is due at the same time keeps its order. */
  after(ms: number, act: () => void): void {
    const due = { ms: this.nowMs + ms, turn: this.#turns++, act };
    const heap = this.#heap;
    let at = heap.length;
    heap.push(due);
    for (;;) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (at === 0 || above === undefined || isBefore(above, due)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = due;
  }

  /** Lets the time pass. */
  runTo(ms: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.ms <= ms; next = this.#heap[0]) {
      this.#pop();
      this.nowMs = next.ms;
      next.act();
    }
    this.nowMs = ms;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (isBefore(last, child)) break;
      heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.ms < other.ms || (one.ms === other.ms && one.turn < other.turn);
}
