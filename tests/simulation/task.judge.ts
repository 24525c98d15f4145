import type { TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { Said } from "@foedus/kernel/task/hold.ts";
import { hasEnded, type Live, type Standing } from "@foedus/kernel/task/standing.ts";
import { openSteps } from "@foedus/kernel/task/steps.ts";
import { stepOf } from "@foedus/kernel/task/turn.ts";
import { TaskBounds } from "./task.bounds.ts";

/** What holds in every world of tasks. */
export const taskInvariants: Readonly<Record<string, string>> = {
  "TASK-1": "a fence has one holder, and fences grow",
  "TASK-2": "a task that was acknowledged is there until it has ended, and then",
  "TASK-3": "a task is completed once, by its holder, and stays so",
  "TASK-4": "no task waits while more others go before it than its turn allows",
  "TASK-5": "whatever happened to a task is among its steps, and so is its end",
  "TASK-6": "a hold is taken back when its lease is over by the database's clock, and not before",
  "TASK-7": "once nothing goes wrong, every task ends",
  "TASK-8": "a paused queue gives out nothing, and a rate is never exceeded",
  "TASK-9": "a task waits for all it depends on, and ends when one of them is not completed",
  "TASK-10": "what was called off is given out no more, and ends so unless it is done",
  "TASK-11": "there are no more attempts than the policy allows, and all of these but for a reason",
  "TASK-12": "a task that was taken back or given back keeps its turn, a few times in a row",
  "TASK-13": "a turn of a schedule brings one task",
  "TASK-14": "what is given back again and again lets others go first",
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
  readonly spec: TaskSpec;
  /** Tasks it waits for, or waited for. */
  readonly waitsFor: readonly string[];
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
  /** How far its turn was from those that were given out. */
  readonly reach: number;
}

/** Watches every commit of a world, and what its parties were told. */
export class TaskJudge {
  readonly violations: TaskViolation[] = [];
  readonly bounds = new TaskBounds((invariant, what) => this.#say(invariant, what));
  readonly #holders = new Map<string, string>();
  readonly #acked = new Set<string>();
  readonly #results = new Map<string, string>();
  readonly #heardMs = new Map<string, number>();
  readonly #steps = new Map<string, number>();
  readonly #patience = new Map<string, Patience>();
  /** Priorities of all lanes that had a ready task. */
  readonly #lanes = new Map<string, number>();
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
    this.#lanes.set(`${row.key}/${row.priority}`, row.priority);
    const reach = (backlog + 1) * own;
    this.#patience.set(row.live.id, { older: new Set(rows.keys()), passed: new Set(), reach });
  }

  /** How many may pass whose turns come within so much, lanes that came later among them. */
  #mostWithin(reach: number): number {
    return [...this.#lanes.values()]
      .map((priority) => Math.ceil(reach / stepOf(priority, 1)) + 1)
      .reduce((sum, each) => sum + each, 0);
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
    this.bounds.claimed(row, rows);
    for (const [waiting, patience] of this.#patience) {
      const there = rows.get(waiting);
      if (there === undefined || !isReady(there) || there.isLocked) continue;
      if (!patience.older.has(id)) patience.passed.add(id);
      const most = this.#mostWithin(patience.reach);
      if (patience.passed.size <= most) continue;
      this.#say("TASK-4", `${waiting} let ${patience.passed.size} pass, at most ${most}`);
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
  changed(row: Row, before: Standing): void {
    const { live, stored } = row;
    this.bounds.changed(row, before);
    const steps = [...stored, ...openSteps(live)];
    const { standing, id } = live;
    if (steps.length < (this.#steps.get(id) ?? 0)) this.#say("TASK-5", `${id} lost a step`);
    this.#steps.set(id, steps.length);
    if (!isLast(steps.at(-1)?.state, standing.state)) {
      this.#say("TASK-5", `${id} is ${TaskState[standing.state]}, and its steps end otherwise`);
    }
    if (standing.fence < before.fence) {
      this.#say("TASK-1", `the fence of ${id} went back`);
    }
    if (before.state === TaskState.COMPLETED && standing.state !== TaskState.COMPLETED) {
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
    this.bounds.end(rows);
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

/** A task that is free and whose time has not come says no more than that it was blocked. */
function isLast(step: TaskState | undefined, state: TaskState): boolean {
  if (step === state) return true;
  return step === TaskState.BLOCKED && state === TaskState.SCHEDULED;
}

function isReady({ live }: Row): boolean {
  return live.standing.state === TaskState.SUBMITTED;
}
