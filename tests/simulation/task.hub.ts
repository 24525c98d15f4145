import type { Agenda } from "@foedus/kernel/simulation/agenda.ts";
import type { Chance } from "@foedus/kernel/simulation/chance.ts";
import type { Said } from "@foedus/kernel/task/hold.ts";
import type { Holder } from "@foedus/kernel/task/standing.ts";
import type { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { TaskTables, Given, Read, Wish } from "./task.tables.ts";
import type { TaskBuild } from "./task.build.ts";
import type { TaskNet } from "./task.net.ts";
import type { Turn } from "./task.turns.ts";

/** What a hub is made in. */
export interface Ground {
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly net: TaskNet;
  readonly base: TaskTables;
  readonly build: TaskBuild;
}

const wakeEveryMs = 250;

/** A hub process: holds nothing that a crash could lose. */
export class TaskHub {
  readonly name: string;
  readonly #ground: Ground;
  /** Grows with each start: what an earlier life began is nobody's any more. */
  #life = 0;
  #isUp = true;
  #open = new Set<Read>();
  #turn: Turn | undefined;

  constructor(name: string, ground: Ground) {
    this.name = name;
    this.#ground = ground;
    this.#loop();
  }

  crash(downMs: number): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#life += 1;
    // PostgreSQL ends the transactions of a connection that is gone.
    for (const read of this.#open) this.#ground.base.release(read);
    this.#open.clear();
    if (this.#turn !== undefined) this.#ground.base.turns.release();
    this.#turn = undefined;
    this.#ground.agenda.after(downMs, () => {
      this.#isUp = true;
      this.#loop();
    });
  }

  submit(wish: Wish, answer: (id: string) => void): void {
    if (!this.#isUp) return;
    if (this.#ground.build.acksEarly) answer(wish.id);
    this.#transaction(
      (base) => base.submit(wish),
      (id) => answer(id),
    );
  }

  claim(
    holder: Holder,
    count: number,
    workerMs: number,
    answer: (given: readonly Given[]) => void,
  ): void {
    if (!this.#isUp) return;
    const life = this.#life;
    this.#transaction(
      (base) => {
        const held = base.held(holder.claimId);
        if (held.length > 0) return { held, read: undefined };
        const read = base.read(count);
        if (life === this.#life) this.#open.add(read);
        else base.release(read);
        return { held, read };
      },
      ({ held, read }) => {
        if (read === undefined) return answer(held);
        this.#transaction(
          (base) => {
            // A transaction that was ended meanwhile writes nothing.
            if (!this.#open.delete(read)) return [];
            const given = base.take(read, holder, workerMs);
            base.release(read);
            return given;
          },
          (given) => answer(given),
        );
      },
    );
  }

  report(
    id: string,
    said: Said,
    from: { readonly worker: string; readonly nowMs: number },
    answer: (verdict: Verdict) => void,
  ): void {
    if (!this.#isUp) return;
    this.#transaction(
      (base) => base.report(id, said, from),
      (verdict) => answer(verdict),
    );
  }

  cancel(requestId: string): void {
    if (!this.#isUp) return;
    this.#transaction(
      (base) => base.cancel(requestId),
      (isDone) => {
        if (!isDone) this.cancel(requestId);
      },
    );
  }

  /** Takes everything out of the dead letters. */
  retry(): void {
    if (this.#isUp) this.#transaction((base) => base.retry());
  }

  #takeTurn(): void {
    const life = this.#life;
    this.#transaction(
      (base) => {
        const turn = base.turns.read();
        if (turn === undefined) return undefined;
        if (life === this.#life) this.#turn = turn;
        else base.turns.release();
        return turn;
      },
      (turn) => {
        if (turn === undefined) return;
        this.#transaction((base) => {
          if (this.#turn !== turn) return;
          this.#turn = undefined;
          base.turns.take(turn);
          base.turns.release();
        });
      },
    );
  }

  /** A statement reaches the database or not, and so does its answer the hub, if it lives still. */
  #transaction<T>(
    work: (base: TaskTables) => T,
    then: (result: T) => void = () => undefined,
  ): void {
    const { agenda, chance, base } = this.#ground;
    const life = this.#life;
    agenda.after(1 + chance.below(8), () => {
      // What a dying hub had sent may be carried out all the same, or not.
      if (life !== this.#life && chance.happens(0.5)) return;
      const result = work(base);
      agenda.after(1 + chance.below(8), () => {
        if (life === this.#life) then(result);
      });
    });
  }

  #loop(): void {
    const { agenda, base } = this.#ground;
    const life = this.#life;
    agenda.after(wakeEveryMs, () => {
      if (life !== this.#life) return;
      base.wake();
      if (this.#turn === undefined) this.#takeTurn();
      this.#loop();
    });
  }
}
