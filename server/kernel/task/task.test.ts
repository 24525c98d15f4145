import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import {
  CancellationSchema,
  FailureSchema,
  PayloadSchema,
  ProgressSchema,
  TaskSpecSchema,
  TaskState,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canceled, retried } from "./decide.ts";
import { wakeMs } from "./due.ts";
import { claimed, heard, verdictOf, type Said } from "./hold.ts";
import { returnsMax, spentMax } from "./limits.ts";
import { completeSpec } from "./spec.ts";
import { hasEnded, type Live, type Moved } from "./standing.ts";
import { openSteps } from "./steps.ts";
import { submitted, unblocked } from "./submit.ts";
import { woken } from "./wake.ts";

const nowMs = 1_800_000_000_000;
const spec = completeSpec(
  create(TaskSpecSchema, {
    queue: "q",
    kind: "k",
    timeouts: {
      heartbeat: durationFromMs(10_000),
      startToClose: durationFromMs(25_000),
      scheduleToStart: durationFromMs(60_000),
    },
    retry: { maximumAttempts: 2 },
    deadline: timestampFromMs(nowMs + 200_000),
  }),
  undefined,
  nowMs,
);
const holder = { nodeId: "node_1", worker: "w", claimId: "c" };
const result = create(PayloadSchema, { body: new Uint8Array([1]) });
const failure = create(FailureSchema, { reason: "BUSY" });
const cancellation = create(CancellationSchema, { caller: "person/1", reason: "wrong" });

/** A task and all its steps, stored and open. */
class Told {
  stored: TaskStep[] = [];
  task: Live;

  constructor(blockers = 0, of = spec) {
    this.task = submitted({ id: "task_1", spec: of, submitter: "person/1", blockers }, nowMs);
  }

  get standing() {
    return this.task.standing;
  }

  get steps(): TaskStep[] {
    return [...this.stored, ...openSteps(this.task)];
  }

  move({ next, steps }: Moved): void {
    this.stored.push(...steps);
    this.task = { ...this.task, standing: next };
  }

  claim(at = nowMs): void {
    this.move(claimed(this.task, holder, at));
  }

  say(word: Said["word"], at = nowMs, fence = this.standing.fence): Verdict {
    const said = { fence, nodeId: holder.nodeId, spent: 0, word };
    const verdict = verdictOf(this.standing, said);
    if (verdict === Verdict.TAKEN) this.move(heard(this.task, said, at));
    return verdict;
  }

  wake(at: number): boolean {
    const moved = woken(this.task, at);
    if (moved !== undefined) this.move(moved);
    return moved !== undefined;
  }
}

const states = ({ steps }: Told) => steps.map(({ state }) => TaskState[state]);

test("a task that goes well is submitted, claimed and completed, and stores none of its steps", () => {
  const told = new Told();
  told.claim(nowMs + 1);
  expect(told.say({ case: "result", result }, nowMs + 2)).toBe(Verdict.TAKEN);
  expect(states(told)).toEqual(["SUBMITTED", "WORKING", "COMPLETED"]);
  expect(told.stored).toEqual([]);
});

test("the same word twice is one effect, and says so", () => {
  for (const word of [
    { case: "result", result },
    { case: "failure", failure },
    { case: "returned" },
  ] as const) {
    const told = new Told();
    told.claim();
    expect(told.say(word, nowMs, 1)).toBe(Verdict.TAKEN);
    const { revision } = told.standing;
    expect(told.say(word, nowMs, 1)).toBe(Verdict.REPEATED);
    expect(told.standing.revision).toBe(revision);
  }
});

test("who shows an older fence comes too late, and who never held it is not known", () => {
  const told = new Told();
  told.claim();
  told.wake(nowMs + 10_000);
  told.wake(nowMs + 11_000);
  told.claim(nowMs + 12_000);
  expect(told.standing.fence).toBe(3);
  for (const fence of [1, 2]) {
    expect(told.say({ case: "result", result }, nowMs, fence)).toBe(Verdict.LOST);
  }
  expect(told.say({ case: "result", result }, nowMs, 4)).toBe(Verdict.UNKNOWN);
  const other = { fence: 3, nodeId: "node_2", spent: 0, word: { case: "returned" } } as const;
  expect(verdictOf(told.standing, other)).toBe(Verdict.UNKNOWN);
});

test("a hold lapses to the millisecond, and a sign of life renews it", () => {
  const told = new Told();
  told.claim();
  expect(wakeMs(told.task)).toBe(nowMs + 10_000);
  expect(told.wake(nowMs + 9_999)).toBe(false);
  told.say({ case: "beat", progress: undefined }, nowMs + 9_999);
  expect(told.wake(nowMs + 19_998)).toBe(false);
  expect(told.wake(nowMs + 19_999)).toBe(true);
  expect(told.standing).toMatchObject({ state: TaskState.SCHEDULED, attempts: 1 });
  expect(told.standing.attempt?.failure?.reason).toBe("TASK_LEASE_LOST");
});

test("what a worker says of its progress bears the hub's time, and a mere sign of life does not", () => {
  const told = new Told();
  told.claim();
  const progress = create(ProgressSchema, { message: "half", time: timestampFromMs(1) });
  told.say({ case: "beat", progress }, nowMs + 4);
  told.say({ case: "beat", progress: undefined }, nowMs + 9);
  const time = timestampFromMs(nowMs + 4);
  expect(told.standing.progress).toMatchObject({ message: "half", time });
});

test("what is spent is counted to its limit and no further, however an attempt ends", () => {
  const progress = create(ProgressSchema, { spent: BigInt(spentMax) });
  const held = (before: number) => {
    const told = new Told();
    told.task = { ...told.task, standing: { ...told.standing, spent: before } };
    told.claim();
    return told;
  };
  for (const before of [0, 1, spentMax]) {
    const [ended, lapsed] = [held(before), held(before)];
    const said = { fence: 1, nodeId: holder.nodeId, spent: spentMax };
    ended.move(heard(ended.task, { ...said, word: { case: "result", result } }, nowMs));
    expect(ended.standing.spent).toBe(spentMax);
    lapsed.say({ case: "beat", progress });
    expect(lapsed.wake(nowMs + 10_000)).toBe(true);
    expect(lapsed.standing.spent).toBe(spentMax);
  }
});

test("an attempt ends in time, however often it beats", () => {
  const told = new Told();
  told.claim();
  told.say({ case: "beat", progress: undefined }, nowMs + 24_000);
  expect(wakeMs(told.task)).toBe(nowMs + 25_000);
  told.wake(nowMs + 25_000);
  expect(told.standing.attempt?.failure?.reason).toBe("TASK_TIMED_OUT");
});

test("who waits too long to be claimed fails, and so does whoever passes the deadline", () => {
  const [waits, works] = [new Told(), new Told()];
  expect(waits.wake(nowMs + 59_999)).toBe(false);
  waits.wake(nowMs + 60_000);
  expect(waits.standing).toMatchObject({ state: TaskState.FAILED, endMs: nowMs + 60_000 });
  expect(waits.standing.failure?.reason).toBe("TASK_TIMED_OUT");
  works.claim(nowMs + 199_000);
  works.wake(nowMs + 200_000);
  expect(works.standing.failure?.reason).toBe("TASK_DEADLINE_PASSED");
});

test("the last attempt leads to the dead letters, and from there a retry begins anew", () => {
  const told = new Told();
  told.claim();
  told.say({ case: "failure", failure });
  expect(told.standing.dueMs).toBe(nowMs + 1_000);
  told.wake(nowMs + 1_000);
  told.claim(nowMs + 1_000);
  told.say({ case: "failure", failure });
  expect(told.standing.state).toBe(TaskState.FAILED);
  const deep = ["SUBMITTED", "WORKING", "SCHEDULED", "SUBMITTED", "WORKING", "FAILED"];
  expect(states(told)).toEqual(deep);
  told.move(retried(told.task, spec, "person/2", nowMs + 5_000));
  expect(told.standing).toMatchObject({ state: TaskState.SUBMITTED, attempts: 0, turn: 0 });
  told.claim(nowMs + 6_000);
  expect(states(told)).toEqual([...deep, "SUBMITTED", "WORKING"]);
  expect(() => retried(told.task, spec, "", nowMs)).toThrow("only what failed");
});

test("what nobody holds is called off at once, else its holder is told", () => {
  const [waits, works] = [new Told(), new Told()];
  waits.move(canceled(waits.task, cancellation, nowMs));
  expect(waits.standing.state).toBe(TaskState.CANCELED);
  expect(() => canceled(waits.task, cancellation, nowMs)).toThrow("has ended");
  works.claim();
  works.move(canceled(works.task, cancellation, nowMs));
  expect(works.standing.state).toBe(TaskState.WORKING);
  expect(canceled(works.task, cancellation, nowMs).next).toBe(works.standing);
  works.say({ case: "failure", failure });
  expect(states(works)).toEqual(["SUBMITTED", "WORKING", "WORKING", "CANCELED"]);
});

test("given back, a task keeps its turn and its attempts", () => {
  const told = new Told();
  told.task = { ...told.task, standing: { ...told.standing, turn: 7 } };
  told.claim();
  told.say({ case: "returned" });
  expect(told.standing).toMatchObject({ state: TaskState.SUBMITTED, turn: 7, attempts: 0 });
});

test("given back more than three times in a row, it waits for longer and takes a new turn", () => {
  const told = new Told(0, { ...spec, deadline: undefined });
  told.task = { ...told.task, standing: { ...told.standing, turn: 7 } };
  const giveBack = () => {
    told.claim();
    told.say({ case: "returned" });
    return told.standing;
  };
  for (let times = 1; times <= returnsMax; times++) {
    expect(giveBack()).toMatchObject({ state: TaskState.SUBMITTED, turn: 7, readyMs: nowMs });
  }
  for (const waitMs of [1_000, 2_000, 4_000]) {
    const { dueMs } = giveBack();
    expect(told.standing).toMatchObject({ state: TaskState.SCHEDULED, turn: 0, attempts: 0 });
    expect(dueMs).toBe(nowMs + waitMs);
    told.wake(nowMs + waitMs - 1);
    expect(told.standing.state).toBe(TaskState.SCHEDULED);
    told.wake(nowMs + waitMs);
    expect(told.standing).toMatchObject({ state: TaskState.SUBMITTED, turn: 0 });
  }
  for (let times = 0; times < 30; times++) {
    giveBack();
    told.wake(nowMs + 300_000);
  }
  expect(told.standing.state).toBe(TaskState.SUBMITTED);
  expect(told.steps.at(-2)?.message).toContain("given back undone for the 36th time in a row");
  // Whoever tried it, whatever came of it, begins anew.
  told.claim();
  told.say({ case: "failure", failure });
  told.wake(nowMs + 300_000);
  expect(giveBack()).toMatchObject({ state: TaskState.SUBMITTED, readyMs: nowMs });
});

test("blocked until the last of those it waits for is completed", () => {
  const told = new Told(2);
  told.move(unblocked(told.task, nowMs + 1));
  expect(told.standing.state).toBe(TaskState.BLOCKED);
  told.move(unblocked(told.task, nowMs + 2));
  expect(told.standing).toMatchObject({ state: TaskState.SUBMITTED, readyMs: nowMs + 2 });
  expect(states(told)).toEqual(["BLOCKED", "SUBMITTED"]);
});

type Act = "claim" | "beat" | "result" | "failure" | "returned" | "cancel" | "wake" | "retry";
const names: Act[] = ["claim", "claim", "claim", "beat", "result", "failure", "returned", "cancel"];
const acts = fc.array(
  fc.tuple(fc.constantFrom<Act>(...names, "wake", "wake", "retry"), fc.nat(20_000)),
  { maxLength: 30 },
);

function act(told: Told, name: Act, at: number): void {
  const { standing, task } = told;
  if (name === "claim" && standing.state === TaskState.SUBMITTED) told.claim(at);
  if (name === "wake") told.wake(at);
  if (name === "cancel" && !hasEnded(standing)) told.move(canceled(task, cancellation, at));
  if (name === "retry" && standing.state === TaskState.FAILED && at < nowMs + 200_000) {
    told.move(retried(task, spec, "person/2", at));
  }
  if (name === "beat") told.say({ case: "beat", progress: undefined }, at);
  if (name === "result") told.say({ case: "result", result }, at);
  if (name === "failure") told.say({ case: "failure", failure }, at);
  if (name === "returned") told.say({ case: "returned" }, at);
}

test("whatever happens, steps are only added, in time's order, and every end has one", () => {
  fc.assert(
    fc.property(acts, fc.boolean(), (script, isDelayed) => {
      const startTime = isDelayed ? timestampFromMs(nowMs + 15_000) : undefined;
      const told = new Told(0, { ...spec, startTime });
      let at = nowMs;
      for (const [name, ms] of script) {
        const before = told.steps;
        const { fence, revision, state } = told.standing;
        at += ms;
        act(told, name, at);
        const { standing } = told;
        expect(told.steps.slice(0, before.length)).toEqual(before);
        expect(standing.fence).toBeGreaterThanOrEqual(fence);
        if (standing.state !== state) expect(standing.revision).toBeGreaterThan(revision);
        if (hasEnded(standing)) expect(told.steps.at(-1)?.state).toBe(standing.state);
        const waits =
          standing.state === TaskState.SUBMITTED || standing.state === TaskState.WORKING;
        if (waits) expect(wakeMs(told.task)).toBeDefined();
      }
      const times = told.steps.map(({ time }) => (time === undefined ? 0 : timestampMs(time)));
      expect(times).toEqual(times.toSorted((one, other) => one - other));
    }),
    { numRuns: 500 },
  );
});
