// Workers that stall, lie, say things twice, never read or come in crowds.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict, type Hold } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { WorkRequestSchema, type WorkRequest } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { BoundedQueue } from "@foedus/kernel/queue.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { errorOf } from "../../clients/sdk/error.wire.ts";
import { rowsOf } from "../support/bundled.ts";
import { startLocalHub, type LocalHub } from "../support/hub.local.ts";
import { freely, joinNode } from "../support/joined.ts";
import { openShift, taskCalls } from "../support/tasked.ts";
import { until } from "../support/until.ts";
import { miscounted } from "./task.book.ts";

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: freely });
});
afterAll(() => local.stop());

const { TAKEN, REPEATED, LOST, UNKNOWN } = Verdict;
const { SUBMITTED, WORKING, COMPLETED, FAILED } = TaskState;
const longMs = 60_000;
const sessions = 1_000;
const waiting = 1_000;
const payloadMax = 262_144;

/** A lease that lapses soon, and a retry that follows at once. */
const hasty = {
  timeouts: { heartbeat: durationFromMs(1_000) },
  retry: { initialInterval: durationFromMs(1), maximumInterval: durationFromMs(1) },
};

/** A lease that lasts, however slow the machine is. */
const slow = { timeouts: { heartbeat: durationFromMs(600_000) } };

let made = 0;
const newQueue = () => `bad-${++made}`;

async function workerOf() {
  return taskCalls(local, (await joinNode(local.hub)).caller);
}

type Calls = Awaited<ReturnType<typeof workerOf>>;
type Word = "result" | "failure" | "returned" | "beat";

/** What the hub makes of words about a hold. */
async function verdicts(calls: Calls, hold: Hold | undefined, ...words: Word[]) {
  if (hold === undefined) throw new Error("no hold");
  const found: Verdict[] = [];
  for (const word of words) {
    const { receipts } = await calls.work.reportTasks({ reports: [{ hold, said: said[word] }] });
    for (const { verdict } of receipts) found.push(verdict);
  }
  return found;
}

const said = {
  result: { case: "result", value: { body: new Uint8Array([1]) } },
  failure: { case: "failure", value: { reason: "BROKEN" } },
  returned: { case: "returned", value: true },
  beat: { case: undefined },
} as const;

async function stateOf(id: string): Promise<TaskState> {
  return (await taskCalls(local).get(id)).state;
}

async function submitMany(queue: string, count: number, more: object = {}): Promise<string[]> {
  const specs = Array.from({ length: count }, () => ({ queue, kind: "scan", ...more }));
  const { submitted } = await taskCalls(local).tasks.submitTasks({
    requestId: randomUUID(),
    specs,
  });
  return submitted.map(({ taskId }) => taskId);
}

/** How tasks of a queue stand that have not ended. */
async function living(queue: string): Promise<Record<string, unknown>[]> {
  return await rowsOf(
    local.url,
    `select state, attempts, count(*)::int as count from task where queue = '${queue}'
      group by 1, 2 order by 1, 2`,
  );
}

test("a worker that stalls has lost its task, and what it says later changes nothing", async () => {
  const queue = newQueue();
  const [late, other] = [await workerOf(), await workerOf()];
  const { id } = await taskCalls(local).submit({ queue, ...hasty });
  const [first] = await late.claim(queue);
  const [again] = await other.claim(queue, { waitMs: longMs });
  expect(again?.task?.id).toBe(id);
  expect(await verdicts(late, first?.hold, "beat", "result", "failure", "returned")).toEqual([
    LOST,
    LOST,
    LOST,
    LOST,
  ]);
  expect(await stateOf(id)).toBe(WORKING);
  expect(await verdicts(other, again?.hold, "result")).toEqual([TAKEN]);
  expect(await verdicts(late, first?.hold, "result")).toEqual([LOST]);
});

test("a worker that lies about what it holds is not heard, and renews nothing", async () => {
  const queue = newQueue();
  const [honest, liar] = [await workerOf(), await workerOf()];
  const { id } = await taskCalls(local).submit({ queue });
  const [held] = await honest.claim(queue);
  const hold = held?.hold;
  if (hold === undefined) throw new Error("no hold");
  const before = (await taskCalls(local).get(id)).attempt?.leaseExpireTime;
  const all = ["beat", "result", "failure", "returned"] as const;
  const nobody = all.map(() => UNKNOWN);
  // Another node's fence, a greater one, one of its own making, and a task that never was.
  expect(await verdicts(liar, hold, ...all)).toEqual(nobody);
  expect(await verdicts(liar, { ...hold, fence: hold.fence + 1n }, ...all)).toEqual(nobody);
  expect(await verdicts(honest, { ...hold, fence: 2n ** 40n }, ...all)).toEqual(nobody);
  expect(await verdicts(liar, { ...hold, taskId: `${id.slice(0, -1)}0` }, ...all)).toEqual(nobody);
  // Over a stream too, where a sign of life is for what it holds: which is nothing.
  const shift = openShift(liar, { queue });
  shift.say({ case: "report", value: { hold, said: said.beat } as never });
  await until(() => expect(shift.receipts()).toMatchObject([{ verdict: UNKNOWN }]));
  shift.say({ case: "beat", value: true });
  shift.say({ case: "report", value: { hold, said: said.result } as never });
  await until(() => expect(shift.receipts()).toHaveLength(2));
  const after = await taskCalls(local).get(id);
  expect(after).toMatchObject({ state: WORKING, attempt: { leaseExpireTime: before } });
  expect(await verdicts(honest, hold, "result")).toEqual([TAKEN]);
});

test("a result that is said twice is one, and nothing else is heard after it", async () => {
  const queue = newQueue();
  const worker = await workerOf();
  const { id } = await taskCalls(local).submit({ queue });
  const [held] = await worker.claim(queue);
  const words = ["result", "result", "failure", "returned", "beat", "result"] as const;
  const heard = await verdicts(worker, held?.hold, ...words);
  expect(heard).toEqual([TAKEN, REPEATED, LOST, LOST, LOST, REPEATED]);
  const rows = await rowsOf(local.url, `select state from task_done_log where id = '${id}'`);
  expect(rows).toEqual([{ state: COMPLETED }]);
  expect((await taskCalls(local).queues.getQueue({ queue })).queue).toMatchObject({ working: 0n });
  expect(await miscounted(local.url)).toEqual([]);
});

test("words of one message that gainsay each other: the first counts", async () => {
  const queue = newQueue();
  const worker = await workerOf();
  const { id } = await taskCalls(local).submit({ queue });
  const [held] = await worker.claim(queue);
  const hold = held?.hold;
  if (hold === undefined) throw new Error("no hold");
  const reports = [said.result, said.failure, said.result].map((each) => ({ hold, said: each }));
  const { receipts } = await worker.work.reportTasks({ reports });
  const heard = receipts.map(({ verdict }) => verdict);
  expect(heard.filter((verdict) => verdict === TAKEN)).toHaveLength(1);
  expect(heard[0]).toBe(TAKEN);
  expect(await stateOf(id)).toBe(COMPLETED);
});

test("a task that fails each time, or kills who takes it, ends as a dead letter", async () => {
  const queue = newQueue();
  const [worker, owner] = [await workerOf(), taskCalls(local)];
  const retry = { ...hasty.retry, maximumAttempts: 3 };
  const poison = await owner.submit({ queue, kind: "poison", retry });
  const deadly = await owner.submit({ queue, kind: "deadly", ...hasty, retry });
  const ids = await submitMany(queue, 20);
  const open = new Set([poison.id, deadly.id, ...ids]);
  while (open.size > 0) {
    for (const { task, hold } of await worker.claim(queue, { count: 4, waitMs: 200 })) {
      const kind = task?.spec?.kind;
      // Nobody hears of the one who takes the deadly one again.
      if (kind === "deadly") continue;
      await verdicts(worker, hold, kind === "poison" ? "failure" : "result");
    }
    for (const id of open) if ([COMPLETED, FAILED].includes(await stateOf(id))) open.delete(id);
  }
  const reasons = async (taskId: string) => {
    const { steps } = await owner.tasks.listTaskSteps({ taskId });
    return steps.flatMap(({ failure, attempt }) => (failure ? [[attempt, failure.reason]] : []));
  };
  const thrice = (reason: string) => [1, 2, 3].map((attempt) => [attempt, reason]);
  expect(await reasons(poison.id)).toEqual(thrice("BROKEN"));
  expect(await reasons(deadly.id)).toEqual(thrice("TASK_LEASE_LOST"));
  for (const { id } of [poison, deadly]) expect(await stateOf(id)).toBe(FAILED);
  expect((await owner.queues.getQueue({ queue })).queue).toMatchObject({ failed: 2n, ready: 0n });
});

test("a result over the limit is refused by name, and one at the limit is taken", async () => {
  const queue = newQueue();
  const worker = await workerOf();
  await submitMany(queue, 1);
  const shift = openShift(worker, { queue });
  shift.say({ case: "room", value: 1 });
  await until(() => expect(shift.assigned()).toHaveLength(1));
  const hold = shift.assigned()[0]?.hold;
  const result = (size: number) => ({
    hold,
    said: { case: "result", value: { body: new Uint8Array(size) } } as const,
  });
  const refused = await worker.work
    .reportTasks({ reports: [result(payloadMax + 1)] })
    .catch((error: unknown) => errorOf(error));
  expect(refused).toMatchObject({ reason: Reason.INVALID_REQUEST });
  shift.say({ case: "report", value: result(payloadMax + 1) as never });
  const ended = errorOf(await shift.ended);
  expect(ended).toMatchObject({ reason: Reason.INVALID_REQUEST });
  expect(ended.message).toContain("result.body");
  // Its hold lasts: it goes on over another stream, and with less to say.
  const again = openShift(worker, { queue });
  again.say({ case: "report", value: result(payloadMax) as never });
  await until(() => expect(again.receipts()).toMatchObject([{ verdict: TAKEN }]));
});

test("nothing is claimed from a queue after it was paused, until it goes on", async () => {
  const queue = newQueue();
  const [worker, owner] = [await workerOf(), taskCalls(local)];
  await submitMany(queue, 500);
  let [isOver, count] = [false, 0];
  const settings = (paused: boolean) =>
    owner.queues.setQueue({
      requestId: randomUUID(),
      queue,
      settings: { paused, pauseReason: "for a test" },
      fields: ["paused", "pause_reason"],
    });
  const run = async (name: string) => {
    while (!isOver) {
      const held = await worker.claim(queue, { count: 3, waitMs: 50, worker: { name } });
      count += held.length;
      if (held.length > 0) await worker.complete(...held);
    }
  };
  const running = ["w1", "w2", "w3"].map(run);
  await until(() => expect(count).toBeGreaterThan(30));
  await settings(true);
  const pausedMs = local.hub.storage.nowMs();
  await submitMany(queue, 10);
  await until(async () => expect((await living(queue)).map(({ state }) => state)).toEqual([1]));
  const claimed = `select count(*)::int as count from task_done_log
    where queue = '${queue}' and claim_ms > ${pausedMs}`;
  expect(await rowsOf(local.url, claimed)).toEqual([{ count: 0 }]);
  await settings(false);
  await until(async () => expect(await living(queue)).toEqual([]));
  isOver = true;
  await Promise.all(running);
  expect(count).toBe(510);
});

/** A stream of which nothing is read after its first word. */
async function deafShift(calls: Calls, queue: string) {
  const words = new BoundedQueue<WorkRequest>(2);
  const stop = new AbortController();
  const worker = { name: "deaf", queue, concurrency: 1_000 };
  words.offer(create(WorkRequestSchema, { said: { case: "worker", value: worker } as never }));
  words.offer(create(WorkRequestSchema, { said: { case: "room", value: 1_000 } }));
  const stream = calls.work.work(words, { signal: stop.signal })[Symbol.asyncIterator]();
  await stream.next();
  return stop;
}

test("a reader that never reads is given no more than it may leave lying", async () => {
  const queue = newQueue();
  const [worker, owner] = [await workerOf(), taskCalls(local)];
  const payload = { body: new Uint8Array(1_000) };
  await submitMany(queue, waiting, { payload, ...slow });
  const stop = await deafShift(worker, queue);
  const held = async () => (await owner.queues.getQueue({ queue })).queue?.working ?? 0n;
  let before = -1n;
  await until(async () => {
    const now = await held();
    const isStill = now === before && now > 0n;
    before = now;
    expect(isStill).toBe(true);
  });
  expect(before).toBeLessThan(128n);
  stop.abort();
  // What it never read of was no attempt.
  const back = [{ state: SUBMITTED, attempts: 0, count: waiting }];
  await until(async () => expect(await living(queue)).toEqual(back));
  expect(await miscounted(local.url)).toEqual([]);
});

/** A figure of the hub's. */
async function figure(name: string): Promise<number> {
  const { webAddress } = local.running.status();
  const text = await (await fetch(new URL("metrics", webAddress))).text();
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.split(" ")[1]);
}

test(`${sessions} workers at once do everything once, and leave nothing behind`, async () => {
  const queue = newQueue();
  const worker = await workerOf();
  const names = Array.from({ length: sessions }, (_, at) => `w${at}`);
  const shifts = names.map((name) => openShift(worker, { queue, name, concurrency: 1 }));
  for (const shift of shifts) shift.say({ case: "room", value: 1 });
  await until(async () => expect(await figure("foedus_task_waiting_worker")).toBe(sessions));
  const ids = await submitMany(queue, waiting, slow);
  await until(() => {
    const got = shifts.flatMap((shift) => shift.assigned()).map(({ task }) => task?.id);
    expect(got).toHaveLength(ids.length);
    expect(new Set(got)).toEqual(new Set(ids));
  });
  for (const shift of shifts) {
    for (const { hold } of shift.assigned()) {
      shift.say({ case: "report", value: { hold, said: said.result } as never });
    }
  }
  await until(() => {
    const heard = shifts.flatMap((shift) => shift.receipts());
    expect(heard.filter(({ verdict }) => verdict === TAKEN)).toHaveLength(waiting);
  });
  for (const [at, shift] of shifts.entries()) (at % 2 === 0 ? shift.leave : shift.finish)();
  await Promise.all(shifts.map((shift) => shift.ended));
  await until(async () => {
    expect(await figure("foedus_task_worker")).toBe(await others(queue));
    expect(await figure("foedus_task_waiting_worker")).toBe(0);
  });
  expect(await living(queue)).toEqual([]);
  expect(await miscounted(local.url)).toEqual([]);
});

/** Workers of other queues; there must be none of this one. */
async function others(queue: string): Promise<number> {
  const { work } = taskCalls(local);
  expect((await work.listWorkers({ queue })).workers).toEqual([]);
  return (await work.listWorkers({ page: { size: 1_000 } })).workers.length;
}

test("a worker without room finishes what it holds, and gets nothing more", async () => {
  const queue = newQueue();
  const shift = openShift(await workerOf(), { queue });
  await submitMany(queue, 6);
  shift.say({ case: "room", value: 2 });
  await until(() => expect(shift.assigned()).toHaveLength(2));
  shift.say({ case: "room", value: 0 });
  const reports = shift.assigned().map(({ hold }) => ({ hold, said: said.result }));
  shift.say({ case: "reports", value: { reports } as never });
  await until(() => expect(shift.receipts()).toHaveLength(2));
  const { workers } = await taskCalls(local).work.listWorkers({ queue });
  expect(workers).toMatchObject([{ draining: true, holds: [], completed: 2n }]);
  shift.finish();
  expect(await shift.ended).toBeUndefined();
  expect(shift.assigned()).toHaveLength(2);
  expect(await living(queue)).toEqual([{ state: SUBMITTED, attempts: 0, count: 4 }]);
});

test("a second stream of a worker ends the first, and takes its holds along", async () => {
  const queue = newQueue();
  const worker = await workerOf();
  const [id = ""] = await submitMany(queue, 1);
  const first = openShift(worker, { queue });
  first.say({ case: "room", value: 1 });
  await until(() => expect(first.assigned()).toHaveLength(1));
  const second = openShift(worker, { queue });
  expect(await first.ended).toBeUndefined();
  const hold = first.assigned()[0]?.hold;
  second.say({ case: "report", value: { hold, said: said.beat } as never });
  await until(() => expect(second.receipts()).toMatchObject([{ verdict: TAKEN }]));
  const leaseMs = async () => {
    const { leaseExpireTime } = (await taskCalls(local).get(id)).attempt ?? {};
    return leaseExpireTime === undefined ? 0 : timestampMs(leaseExpireTime);
  };
  const before = await leaseMs();
  await until(async () => {
    second.say({ case: "beat", value: true });
    expect(await leaseMs()).toBeGreaterThan(before);
  });
  second.say({ case: "report", value: { hold, said: said.result } as never });
  await until(async () => expect(await stateOf(id)).toBe(COMPLETED));
});
