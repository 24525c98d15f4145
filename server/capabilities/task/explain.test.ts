import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { QueueSettingsSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import {
  CancellationSchema,
  FailureSchema,
  PayloadSchema,
  ProgressSchema,
  TaskSpecSchema,
  TaskState,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { WorkerStatusSchema } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { abandoned, canceled } from "@foedus/kernel/task/decide.ts";
import { claimed, heard, type Said } from "@foedus/kernel/task/hold.ts";
import { completeSpec } from "@foedus/kernel/task/spec.ts";
import type { Live, Moved } from "@foedus/kernel/task/standing.ts";
import { openSteps } from "@foedus/kernel/task/steps.ts";
import { submitted } from "@foedus/kernel/task/submit.ts";
import { woken } from "@foedus/kernel/task/wake.ts";
import { instantOf } from "@foedus/kernel/time.ts";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { expect, test } from "vitest";
import { candidatesOf } from "./candidates.ts";
import { summaryOf, waitsOf, type Known } from "./explain.flow.ts";

const startMs = instantOf("2026-11-22T06:00:00Z");
type SpecInit = Exclude<MessageInitShape<typeof TaskSpecSchema>, { $typeName: string }>;

/** A task that goes on by the rules, and what is said of it. */
class Told {
  nowMs = startMs;
  live: Live;
  readonly stored: TaskStep[] = [];
  readonly spec;

  constructor(init: SpecInit = {}, blockers = 0) {
    const spec = create(TaskSpecSchema, { queue: "scans", kind: "scan", ...init });
    this.spec = completeSpec(spec, undefined, startMs);
    const made = { id: "task_1", spec: this.spec, submitter: "person/owner", blockers };
    this.live = submitted(made, startMs);
  }

  move({ next, steps }: Moved): this {
    this.stored.push(...steps);
    this.live = { ...this.live, standing: next };
    return this;
  }

  pass(ms: number): this {
    this.nowMs += ms;
    const moved = woken(this.live, this.nowMs);
    return moved === undefined ? this : this.move(moved);
  }

  claim(): this {
    const holder = { nodeId: "node_1", worker: "w", claimId: "c" };
    return this.move(claimed(this.live, holder, this.nowMs));
  }

  say(word: Said["word"]): this {
    const { fence } = this.live.standing;
    return this.move(heard(this.live, { fence, nodeId: "node_1", spent: 0, word }, this.nowMs));
  }

  fail(reason: string, message = ""): this {
    return this.say({ case: "failure", failure: create(FailureSchema, { reason, message }) });
  }

  explain(known: Partial<Known> = {}, workers: object[] = [], node?: object) {
    const { spec, live, nowMs } = this;
    const stored = {
      tenant: "main",
      queue: "scans",
      line: "",
      spec,
      scheduleId: "",
      followed: false,
      live,
    };
    const statuses = workers.map((each) => create(WorkerStatusSchema, each));
    const named = node && create(NodeSchema, node);
    const steps = [...this.stored, ...openSteps(live)];
    const failures = steps.filter(({ failure }) => failure !== undefined);
    const candidates = candidatesOf(stored.spec, statuses, named);
    const all: Known = {
      stored,
      others: [],
      settings: undefined,
      rateMs: undefined,
      workers: statuses.length,
      before: 0,
      byPriority: 0,
      failures,
      children: { open: 0, working: 0 },
      nowMs,
      ...known,
    };
    const waits = waitsOf(all, candidates);
    const texts = waits.map(({ waitingFor }) => waitingFor);
    const commands = waits.map(({ command }) => command);
    const who = waits.map(({ whoCanEndIt }) => whoCanEndIt);
    return { summary: summaryOf(all, waits), texts, commands, who, candidates };
  }
}

const plain = { worker: { name: "w" }, nodeId: "node_1", room: 1 };
const ocr = { needs: { capabilities: ["ocr"] } };

test("a ready task says who could take it, and what keeps them", () => {
  const say = (init: SpecInit, ...workers: object[]) => new Told(init).explain({}, workers).summary;
  expect(say({}, plain)).toBe("Its turn is next.");
  expect(say({})).toBe("It waits for a worker of scans that can do it: none is connected.");
  expect(say(ocr, plain)).toBe(
    "It waits for a worker of scans that can do it: w on node_1 offers no ocr.",
  );
  const other = { ...plain, worker: { name: "v", kinds: ["print"] } };
  expect(say(ocr, other, plain)).toBe(
    "It waits for a worker of scans that can do it: none of 2 fits; w on node_1 offers no ocr.",
  );
  const holds = [{ taskId: "task_2", fence: 1n }];
  expect(say({}, { ...plain, room: 0, holds })).toBe(
    "It waits for the one worker that can do it: w on node_1 is at its one task.",
  );
  const full = { ...plain, room: 0 };
  expect(say({}, full, { ...full, draining: true })).toBe(
    "It waits for one of the 2 workers that can do it: w on node_1 has not asked for tasks yet.",
  );
});

test("where nobody works, the command starts a worker that can do it; else it shows who works", () => {
  const first = (init: SpecInit, ...workers: object[]) =>
    new Told(init).explain({}, workers).commands[0];
  const at = "foedus task work scans --data ./my-node";
  expect(first({})).toBe(`${at} -- ./do-it.sh`);
  const needs = { capabilities: ["ocr", "two words"], labels: { team: "it's" }, model: "qwen2.5" };
  expect(first({ needs })).toBe(
    `${at} --offer ocr --offer 'two words' --label 'team=it'\\''s' --model qwen2.5 -- ./do-it.sh`,
  );
  expect(first(ocr, plain)).toBe("foedus task workers --queue scans");
  expect(first({ needs: { nodeId: "node_9" } })).toBe("foedus task workers --queue scans");
});

test("a node that is asked for by name and is not there is said so", () => {
  const told = new Told({ needs: { nodeId: "node_9" } });
  const say = (node?: object) => told.explain({}, [plain], node);
  const want = "It waits for a worker of scans that can do it: node node_9";
  expect(say().summary).toBe(`${want} is no node of this hub.`);
  const stateTime = timestampFromMs(startMs);
  expect(say({ state: NodeState.OFFLINE, stateTime }).summary).toBe(
    `${want} has been offline since 2026-11-22T06:00:00.000Z.`,
  );
  expect(say({ state: NodeState.RETIRED, stateTime }).summary).toBe(
    `${want} was taken out at 2026-11-22T06:00:00.000Z.`,
  );
  const { summary, candidates } = say({ state: NodeState.ONLINE, stateTime });
  expect(summary).toBe(`${want} runs no worker of this queue now.`);
  expect(candidates.map(({ nodeId }) => nodeId)).toEqual(["node_9", "node_1"]);
});

test("a queue that is paused or limited, and whose turn comes first, are said in that order", () => {
  const settings = create(QueueSettingsSchema, {
    paused: true,
    pauseReason: "audit.",
    rate: { perMinute: 60 },
  });
  const told = new Told();
  const known = { settings, rateMs: startMs + 12_000, before: 7, byPriority: 2 };
  const { texts, commands, who, summary } = told.explain(known, [plain]);
  expect(summary).toBe("It waits for the queue scans, which is paused: audit.");
  expect(texts).toEqual([
    "the queue scans, which is paused: audit.",
    "the queue's rate of 60 a minute: the next one may start in 12 s",
    "7 tasks that come first, 2 of them of a higher priority",
  ]);
  expect(commands).toEqual([
    "foedus task resume scans",
    "foedus task rate scans none",
    "foedus task queue scans",
  ]);
  expect(who).toEqual(["an admin", "time, or an admin", "the workers"]);
});

test("a rate is a wait only while it holds something back", () => {
  const settings = create(QueueSettingsSchema, { rate: { perMinute: 60 } });
  const say = (rateMs?: number) => new Told().explain({ settings, rateMs }, [plain]).summary;
  expect(say()).toBe("Its turn is next.");
  expect(say(startMs + 400)).toBe(
    "It waits for the queue's rate of 60 a minute: the next one may start in less than 1 s.",
  );
});

test("what comes first is counted in words, whatever its priority is", () => {
  const say = (before: number, byPriority: number) =>
    new Told().explain({ before, byPriority }, [plain]).texts;
  expect(say(0, 0)).toEqual([]);
  expect(say(1, 0)).toEqual(["1 task that comes first"]);
  expect(say(1, 1)).toEqual(["1 task of a higher priority that comes first"]);
  expect(say(7, 7)).toEqual(["7 tasks of a higher priority that come first"]);
  expect(say(7, 1)).toEqual(["7 tasks that come first, 1 of them of a higher priority"]);
});

test("who can end a wait is somebody, in words that a sentence can begin with", () => {
  const delayed = new Told({ startTime: timestampFromMs(startMs + 90_000) });
  const others = [{ id: "task_a", state: TaskState.WORKING }];
  const full = { ...plain, room: 0 };
  const one = new Told({ retry: { maximumAttempts: 1 } });
  expect([
    delayed.explain().who,
    new Told({}, 1).explain({ others }).who,
    new Told().explain().who,
    new Told().explain({}, [full]).who,
    new Told().explain({}, [full, full]).who,
    new Told().claim().explain({ children: { open: 1, working: 0 } }).who,
    one.claim().fail("BAD").explain().who,
  ]).toEqual([
    ["time, the submitter or an admin"],
    ["whoever does that task"],
    ["whoever runs workers"],
    ["that worker"],
    ["any of them"],
    ["that worker, the submitter or an admin", "whoever does those tasks"],
    ["the submitter or an admin"],
  ]);
});

test("a delayed task says when, and one that is tried again says why as well", () => {
  const startTime = timestampFromMs(startMs + 90_000);
  expect(new Told({ startTime }).explain().summary).toBe(
    "It waits for its time, 2026-11-22T06:01:30.000Z, in 1 min 30 s.",
  );
  const failing = new Told({ retry: { maximumAttempts: 3 } }).claim().fail("BUSY", "try later");
  expect(failing.explain().summary).toBe(
    "It waits for attempt 2 of 3 at 2026-11-22T06:00:01.000Z, in 1 s; attempt 1 failed: BUSY: try later.",
  );
  failing.nowMs += 1_000;
  expect(failing.explain().summary).toBe(
    "It waits for attempt 2 of 3, which is due; attempt 1 failed: BUSY: try later.",
  );
  const due = new Told({ startTime: timestampFromMs(startMs + 1_000) });
  due.nowMs += 1_000;
  expect(due.explain().summary).toBe("It waits for its time, which has come.");
});

test("a task that waits for others names each, with the command that explains it", () => {
  const others = [
    { id: "task_a", state: TaskState.WORKING },
    { id: "task_b", state: TaskState.SUBMITTED },
  ];
  const { summary, texts, commands } = new Told({}, 2).explain({ others });
  expect(summary).toBe("It waits for task_a, which is working, and for one other task.");
  expect(texts[1]).toBe("task_b, which is ready");
  expect(commands).toEqual(["foedus task explain task_a", "foedus task explain task_b"]);
  const all = [...others, { id: "task_c", state: TaskState.SCHEDULED }];
  expect(new Told({}, 3).explain({ others: all }).summary).toBe(
    "It waits for task_a, which is working, and for 2 other tasks.",
  );
  const done = [{ id: "task_a", state: TaskState.COMPLETED }];
  const rest = new Told({}, 2).explain({ others: [...done, ...others.slice(1)] });
  expect(rest.summary).toBe("It waits for task_b, which is ready.");
  expect(new Told({}, 1).explain({ others: done }).summary).toBe(
    "What it waited for is done: it is ready in a moment.",
  );
});

test("a task at work says who does it, what it says, and how long it has been silent", () => {
  const told = new Told({ timeouts: { heartbeat: durationFromMs(30_000) } }).claim().pass(5_000);
  const by = "It is being done by worker w on node_1";
  expect(told.explain().summary).toBe(
    `${by}, for 5 s (attempt 1); its hold ends in 25 s, unless it renews it.`,
  );
  told.say({ case: "beat", progress: create(ProgressSchema, { message: "half" }) }).pass(20_000);
  expect(told.explain().summary).toBe(
    `${by}, for 25 s (attempt 1); it said "half" 20 s ago; no sign for 20 s: its hold ends in 10 s unless it gives one.`,
  );
  const cancellation = create(CancellationSchema, { caller: "person/owner", reason: "wrong" });
  told.move(canceled(told.live, cancellation, told.nowMs));
  const { summary, texts } = told.explain({ children: { open: 3, working: 1 } });
  expect(summary).toContain("; it was told to stop. It waits for its 3 children that have not");
  expect(texts[1]).toBe("its 3 children that have not ended, 1 of them at work");
  const childText = (open: number, working: number) =>
    told.explain({ children: { open, working } }).texts[1];
  expect(childText(2, 0)).toBe("its 2 children that have not ended");
  expect(childText(1, 0)).toBe("its child, which has not ended");
  expect(childText(1, 1)).toBe("its child, which is at work");
});

test("a worker whose name says what it is is not called so twice", () => {
  const told = new Told();
  const holder = { nodeId: "node_1", worker: "worker-1f", claimId: "c" };
  told.move(claimed(told.live, holder, told.nowMs)).pass(4_000);
  expect(told.explain().summary).toMatch(/^It is being done by worker-1f on node_1, for 4 s/);
  told.say({ case: "result", result: create(PayloadSchema) });
  expect(told.explain().summary).toBe("It is done: worker-1f on node_1 took 4 s.");
});

test("a worker that renews its hold and says nothing of its task is said so after a minute", () => {
  const told = new Told({ timeouts: { heartbeat: durationFromMs(30_000) } }).claim();
  for (let at = 0; at < 3; at++) told.pass(20_000).say({ case: "beat", progress: undefined });
  const by = "It is being done by worker w on node_1, for 1 min (attempt 1)";
  expect(told.explain().summary).toBe(`${by}; its hold ends in 30 s, unless it renews it.`);
  const { summary } = told.pass(1_000).explain();
  expect(summary).toContain("(attempt 1); it has said nothing of it so far; its hold ends in 29 s");
  const progress = (said: MessageInitShape<typeof ProgressSchema>) =>
    told.say({ case: "beat", progress: create(ProgressSchema, said) });
  progress({ fraction: 0.509 });
  expect(told.explain().summary).toContain("(attempt 1); it was at 50 % less than 1 s ago; its");
  progress({ fraction: 0.75, message: "more" })
    .pass(20_000)
    .say({ case: "beat", progress: undefined });
  expect(told.explain().summary).toContain('; it said "more" at 75 %, 20 s ago; its hold ends');
});

test("a dead letter tells each of its failures, and how it lives again", () => {
  const once = new Told({ retry: { maximumAttempts: 1 } }).claim().fail("BAD", "no such page");
  expect(once.explain().summary).toBe("It failed: BAD: no such page.");
  const told = new Told({ retry: { maximumAttempts: 2 } }).claim().pass(30_000).pass(1_000);
  told.claim().fail("BAD");
  const { summary, commands } = told.explain();
  expect(summary).toBe(
    "It failed after 2 attempts: attempt 1: TASK_LEASE_LOST: the worker of task_1 gave no sign in time; attempt 2: BAD.",
  );
  expect(commands).toEqual(["foedus task retry task_1"]);
  const late = new Told({ timeouts: { scheduleToClose: durationFromMs(5_000) } });
  late.claim().fail("BAD", "no disk.").pass(5_000);
  expect(late.explain().summary).toMatch(
    /^It failed after 1 attempt: attempt 1: BAD: no disk\.; then: TASK_DEADLINE_PASSED: [^;]+\.$/,
  );
  const often = new Told({ retry: { maximumAttempts: 7 } });
  for (let at = 0; at < 7; at++) often.pass(3_600_000).claim().fail("BAD");
  expect(often.explain().summary).toMatch(
    /^It failed after 7 attempts, of which the last 5: attempt 3: BAD; .*attempt 7: BAD\.$/,
  );
});

test("what is over says how, and waits for nothing", () => {
  const done = new Told().claim().pass(4_000);
  done.say({ case: "result", result: create(PayloadSchema) });
  expect(done.explain()).toMatchObject({
    summary: "It is done: worker w on node_1 took 4 s.",
    texts: [],
  });
  const off = new Told();
  const cancellation = create(CancellationSchema, { caller: "person/owner", reason: "wrong" });
  off.move(canceled(off.live, cancellation, startMs));
  expect(off.explain().summary).toBe("It was called off by person/owner: wrong.");
  const [left, root] = [new Told({}, 1), new Told({ retry: { maximumAttempts: 1 } })];
  root.live = { ...root.claim().fail("BAD").live, id: "task_0" };
  left.move(abandoned(left.live, root.live, startMs));
  expect(left.explain().summary).toBe(
    "It was called off: TASK_DEPENDENCY_FAILED: task_1 waited for task_0, which ended failed. See to that one, and submit this one again.",
  );
});
