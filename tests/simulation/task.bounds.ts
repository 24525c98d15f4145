import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { isOfHub } from "@foedus/kernel/task/failure.ts";
import { returnsMax } from "@foedus/kernel/task/limits.ts";
import { hasEnded, type Standing } from "@foedus/kernel/task/standing.ts";
import type { Row, TaskViolation } from "./task.judge.ts";

/** The rate of these queues, while there is one. */
export const rate = { perMinute: 1_200, burst: 20 };
const minuteMs = 60_000;
const spacingMs = minuteMs / rate.perMinute;
const epsilon = 1e-6;

/** What bounds a world of tasks, beside who holds what: pauses, rates, dependencies, policies. */
export class TaskBounds {
  readonly #say: (invariant: TaskViolation["invariant"], what: string) => void;
  readonly #canceled = new Set<string>();
  /** Attempts that count, by task. */
  readonly #attempts = new Map<string, number>();
  /** How often in a row they were given back. */
  readonly #returns = new Map<string, number>();
  readonly #limited: { readonly ms: number; readonly count: number }[] = [];
  readonly #turns = new Map<number, number>();

  constructor(say: (invariant: TaskViolation["invariant"], what: string) => void) {
    this.#say = say;
  }

  /** A claim has read so many tasks. */
  read(
    count: number,
    queue: { readonly isPaused: boolean; readonly isLimited: boolean },
    ms: number,
  ) {
    if (count === 0) return;
    if (queue.isPaused) this.#say("TASK-8", `${count} tasks of a paused queue were claimed`);
    if (!queue.isLimited) return void this.#limited.splice(0);
    this.#limited.push({ ms, count });
    let sum = 0;
    for (const earlier of this.#limited.toReversed()) {
      sum += earlier.count;
      if (sum <= rate.burst + (ms - earlier.ms) / spacingMs + epsilon) continue;
      return this.#say("TASK-8", `${sum} tasks were claimed in ${ms - earlier.ms} ms`);
    }
  }

  claimed({ live, spec, waitsFor }: Row, rows: ReadonlyMap<string, Row>): void {
    const { id } = live;
    if (this.#canceled.has(id)) this.#say("TASK-10", `${id} was given out after it was called off`);
    for (const on of waitsFor) {
      const state = rows.get(on)?.live.standing.state ?? TaskState.UNSPECIFIED;
      if (state === TaskState.COMPLETED) continue;
      this.#say("TASK-9", `${id} was given out, and ${on} is ${TaskState[state]}`);
    }
    const attempts = (this.#attempts.get(id) ?? 0) + 1;
    this.#attempts.set(id, attempts);
    const most = spec.retry?.maximumAttempts ?? 0;
    if (attempts > most) this.#say("TASK-11", `${id} has its attempt ${attempts} of ${most}`);
  }

  changed({ live, spec }: Row, before: Standing): void {
    const { id, standing } = live;
    const isOver = before.state === TaskState.WORKING && standing.state !== TaskState.WORKING;
    if (isOver) this.#letGo(id, before, standing);
    if (standing.state !== TaskState.FAILED || before.state === TaskState.FAILED) return;
    const isHopeless = standing.failure?.reason === "HOPELESS";
    const attempts = this.#attempts.get(id) ?? 0;
    if (isHopeless || attempts >= (spec.retry?.maximumAttempts ?? 0)) return;
    this.#say("TASK-11", `${id} was given up after ${attempts} attempts`);
  }

  #letGo(id: string, before: Standing, { state, turn, attempt }: Standing): void {
    const failure = attempt?.failure;
    const waits = state === TaskState.SUBMITTED || state === TaskState.SCHEDULED;
    const isReturned = waits && failure === undefined;
    if (!isReturned) this.#returns.delete(id);
    else if (this.#isBehind(id, before, state, turn)) return;
    const isLapsed = state === TaskState.SCHEDULED && failure !== undefined && isOfHub(failure);
    if ((!isReturned && !isLapsed) || turn === before.turn) return;
    this.#say("TASK-12", `${id} had turn ${before.turn}, and has ${turn}`);
  }

  /** Given back so often that others come first: it has to wait, and to take a new turn then. */
  #isBehind(id: string, before: Standing, state: TaskState, turn: number): boolean {
    this.#attempts.set(id, (this.#attempts.get(id) ?? 0) - 1);
    const returns = (this.#returns.get(id) ?? 0) + 1;
    this.#returns.set(id, returns);
    if (returns <= returnsMax) return false;
    if (state !== TaskState.SCHEDULED || turn === before.turn) {
      this.#say("TASK-14", `${id} was given back ${returns} times, and heads its line again`);
    }
    return true;
  }

  canceled(id: string): void {
    this.#canceled.add(id);
  }

  retried(id: string): void {
    this.#attempts.delete(id);
    this.#returns.delete(id);
  }

  /** A schedule's turn was taken. */
  fired(dueMs: number): void {
    const count = (this.#turns.get(dueMs) ?? 0) + 1;
    this.#turns.set(dueMs, count);
    if (count > 1) this.#say("TASK-13", `the turn of ${dueMs} was taken ${count} times`);
  }

  end(rows: ReadonlyMap<string, Row>): void {
    if (this.#turns.size === 0) this.#say("TASK-13", "the schedule never took its turn");
    for (const { live, waitsFor } of rows.values()) {
      const { id, standing } = live;
      if (!hasEnded(standing)) continue;
      if (this.#canceled.has(id) && standing.state === TaskState.FAILED) {
        this.#say("TASK-10", `${id} was called off, and is a dead letter`);
      }
      const isLeft = standing.failure?.reason === "TASK_DEPENDENCY_FAILED";
      if (isLeft && waitsFor.length === 0) this.#say("TASK-9", `${id} waited for nothing`);
    }
  }
}
