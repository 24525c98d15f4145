import { create } from "@bufbuild/protobuf";
import { ScheduleSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { dueOf, nextTimeMs } from "@foedus/kernel/task/schedule.ts";
import type { TaskTables } from "./task.tables.ts";

const schedule = create(ScheduleSchema, { name: "s", cron: "* * * * *", timeZone: "UTC" });

/** A turn that a hub is about to take. */
export interface Turn {
  readonly dueMs: number;
}

/** The schedule of a world: like a claim, a turn is read first and written then. */
export class TaskTurns {
  readonly #base: Pick<TaskTables, "submit" | "judge">;
  readonly #locks: boolean;
  readonly #nowMs: () => number;
  #nextMs: number;
  #isLocked = false;
  #taken = 0;

  constructor(base: Pick<TaskTables, "submit" | "judge">, locks: boolean, nowMs: () => number) {
    this.#base = base;
    this.#locks = locks;
    this.#nowMs = nowMs;
    this.#nextMs = nextTimeMs(schedule, nowMs());
  }

  /** A turn that is due, and that nobody else is about to take. */
  read(): Turn | undefined {
    if (this.#nextMs > this.#nowMs() || this.#isLocked) return undefined;
    this.#isLocked = this.#locks;
    return { dueMs: this.#nextMs };
  }

  release(): void {
    this.#isLocked = false;
  }

  /** Submits, and goes on to the next time, in one. */
  take({ dueMs }: Turn): void {
    const { submits, nextMs } = dueOf(schedule, dueMs, this.#nowMs(), false);
    this.#nextMs = nextMs;
    if (!submits) return;
    const name = `turn-${(this.#taken += 1)}`;
    const plain = { priority: 5, key: "", delayMs: 0, after: [], attempts: 1_000 };
    this.#base.submit({ requestId: name, id: name, ...plain });
    this.#base.judge.bounds.fired(dueMs);
  }
}
