import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { Said } from "@foedus/kernel/task/hold.ts";
import { hasEnded, type Live, type Standing } from "@foedus/kernel/task/standing.ts";
import { openSteps } from "@foedus/kernel/task/steps.ts";
import { stepOf } from "@foedus/kernel/task/turn.ts";

/** What holds in every world of tasks. */
export const taskInvariants: Readonly<Record<string, string>> = {
  "TASK-1": "a fence has one holder, and fences grow",
  "TASK-2": "a task that was acknowledged is there until it has ended, and then",
  "TASK-3": "a task is completed once, by its holder, and stays so",
  "TASK-4": "no task waits while more others go before it than its turn allows",
  "TASK-5": "whatever happened to a task is among its steps, and so is its end",
  "TASK-6": "a hold is taken back when its lease is over by the database's clock, and not before",
  "TASK-7": "once nothing goes wrong, every task ends",
};

/** Something that should never be. */
export interface TaskViolation {
  readonly invariant: keyof typeof taskInvariants;
  readonly what: string;
  readonly ms: number;
}

/** A task as the world keeps it. */
export interface Row {
  live: Live;
  readonly priority: number;
  readonly key: string;
  readonly stored: TaskStep[];
  isLocked: boolean;
}

/** What a waiting task may still let pass. */
interface Patience {
  /** Tasks that were there before it became ready. */
  readonly older: ReadonlySet<string>;
  readonly passed: Set<string>;
  readonly most: number;
}

/** Watches every commit of a world, and what its parties were told. */
export class TaskJudge {
  readonly violations: TaskViolation[] = [];
  readonly #holders = new Map<string, string>();
  readonly #acked = new Set<string>();
  readonly #results = new Map<string, string>();
  readonly #heardMs = new Map<string, number>();
  readonly #steps = new Map<string, number>();
  readonly #patience = new Map<string, Patience>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** A task became ready. */
  ready(row: Row, rows: ReadonlyMap<string, Row>): void {
    const waiting = [...rows.values()].filter(isReady);
    const own = stepOf(row.priority, 1);
    const backlog = waiting.filter(({ priority, key }) => {
      return priority === row.priority && key === row.key;
    }).length;
    const lanes = new Map([...rows.values()].map((each) => [`${each.key}/${each.priority}`, each]));
    const most = [...lanes.values()]
      .map(({ priority }) => Math.ceil(((backlog + 1) * own) / stepOf(priority, 1)) + 1)
      .reduce((sum, each) => sum + each, 0);
    this.#patience.set(row.live.id, { older: new Set(rows.keys()), passed: new Set(), most });
  }

  /** A claim was written; `rows` is how all tasks stand then. */
  claimed(row: Row, before: Standing, worker: string, rows: ReadonlyMap<string, Row>): void {
    const { id, standing } = row.live;
    const key = `${id}#${standing.fence}`;
    const other = this.#holders.get(key);
    if (other !== undefined) this.#say("TASK-1", `${key} is held by ${other} and by ${worker}`);
    if (before.state !== TaskState.SUBMITTED) this.#say("TASK-1", `${key} was not ready`);
    this.#holders.set(key, worker);
    this.#heardMs.set(id, this.#nowMs());
    this.#patience.delete(id);
    for (const [waiting, patience] of this.#patience) {
      const there = rows.get(waiting);
      if (there === undefined || !isReady(there) || there.isLocked) continue;
      if (!patience.older.has(id)) patience.passed.add(id);
      if (patience.passed.size <= patience.most) continue;
      this.#say("TASK-4", `${waiting} let ${patience.passed.size} pass, at most ${patience.most}`);
      this.#patience.delete(waiting);
    }
  }

  /** A worker's word changed a task. */
  heard(row: Row, before: Standing, said: Said, worker: string): void {
    const { id, standing } = row.live;
    const holder = this.#holders.get(`${id}#${before.fence}`);
    if (holder !== worker || said.fence !== before.fence) {
      this.#say("TASK-3", `${worker} is heard about ${id}, which ${holder} holds`);
    }
    this.#heardMs.set(id, this.#nowMs());
    if (standing.state !== TaskState.COMPLETED) return;
    const earlier = this.#results.get(id);
    if (earlier !== undefined) this.#say("TASK-3", `${id} is completed twice`);
    this.#results.set(id, worker);
  }

  /** The hub took a task back by itself. */
  lapsed({ live }: Row, heartbeatMs: number): void {
    const heard = this.#heardMs.get(live.id) ?? 0;
    if (live.standing.attempt?.failure?.reason !== "TASK_LEASE_LOST") return;
    if (this.#nowMs() - heard >= heartbeatMs) return;
    this.#say("TASK-6", `${live.id} is taken back ${this.#nowMs() - heard} ms after a sign`);
  }

  /** Anything was written about a task. */
  changed({ live, stored }: Row, before: Standing | undefined): void {
    const steps = [...stored, ...openSteps(live)];
    const { standing, id } = live;
    if (steps.length < (this.#steps.get(id) ?? 0)) this.#say("TASK-5", `${id} lost a step`);
    this.#steps.set(id, steps.length);
    if (hasEnded(standing) && steps.at(-1)?.state !== standing.state) {
      this.#say("TASK-5", `${id} ended without a step`);
    }
    if (before !== undefined && standing.fence < before.fence) {
      this.#say("TASK-1", `the fence of ${id} went back`);
    }
    if (before?.state === TaskState.COMPLETED && standing.state !== TaskState.COMPLETED) {
      this.#say("TASK-3", `${id} was completed, and is not`);
    }
    if (standing.state !== TaskState.SUBMITTED) this.#patience.delete(id);
  }

  /** A client was told that its task is stored. */
  acked(id: string): void {
    this.#acked.add(id);
  }

  /** The world has calmed down. */
  end(rows: ReadonlyMap<string, Row>): void {
    for (const id of this.#acked) {
      if (!rows.has(id)) this.#say("TASK-2", `${id} was acknowledged, and is gone`);
    }
    for (const { live } of rows.values()) {
      if (!hasEnded(live.standing)) {
        this.#say("TASK-7", `${live.id} is ${TaskState[live.standing.state]}`);
      }
    }
  }

  /** A worker was told that its result is stored. */
  receipted(row: Row | undefined, id: string): void {
    if (row?.live.standing.state === TaskState.COMPLETED) return;
    this.#say("TASK-3", `the result of ${id} was acknowledged, and is not there`);
  }

  #say(invariant: string, what: string): void {
    this.violations.push({ invariant, what, ms: this.#nowMs() });
  }
}

function isReady({ live }: Row): boolean {
  return live.standing.state === TaskState.SUBMITTED;
}
