import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, test } from "vitest";
import { childrenOf, type Parent } from "./child.ts";
import { waitsOf } from "./graph.ts";
import { heartbeatMsMax, heartbeatMsMin, spanMsMax } from "./limits.ts";
import { completeSpec, spanMs } from "./spec.ts";

const nowMs = 1_800_000_000_000;
const of = () => create(TaskSpecSchema, { queue: "q", kind: "k" });
const complete = (spec: Parameters<typeof create<typeof TaskSpecSchema>>[1]) =>
  completeSpec(create(TaskSpecSchema, spec), undefined, nowMs);

test("a task that says nothing gets every default", () => {
  const spec = complete({ queue: "q", kind: "k" });
  expect(spec.priority).toBe(5);
  expect(spec.hopLimit).toBe(8);
  expect(spanMs(spec.timeouts?.heartbeat)).toBe(30_000);
  expect(spanMs(spec.timeouts?.startToClose)).toBe(3_600_000);
  expect(spec.timeouts?.scheduleToStart).toBeUndefined();
  expect(spec.retry).toMatchObject({ maximumAttempts: 5, backoffCoefficient: 2 });
});

test("the queue's defaults come before ours, and the task's own before those", () => {
  const own = create(TaskSpecSchema, { timeouts: { heartbeat: durationFromMs(2_000) } });
  const queue = of();
  const timeouts = create(TaskSpecSchema, {
    timeouts: { heartbeat: durationFromMs(9_000), startToClose: durationFromMs(7_000) },
    retry: { maximumAttempts: 2 },
  });
  const spec = completeSpec({ ...queue, timeouts: own.timeouts }, timeouts, nowMs);
  expect(spanMs(spec.timeouts?.heartbeat)).toBe(2_000);
  expect(spanMs(spec.timeouts?.startToClose)).toBe(7_000);
  expect(spec.retry?.maximumAttempts).toBe(2);
});

test("a heartbeat is taken from a second to an hour, to the millisecond", () => {
  const at = (ms: number) => () => complete({ timeouts: { heartbeat: durationFromMs(ms) } });
  expect(at(heartbeatMsMin)).not.toThrow();
  expect(at(heartbeatMsMax)).not.toThrow();
  expect(at(heartbeatMsMin - 1)).toThrow("timeouts.heartbeat");
  expect(at(heartbeatMsMax + 1)).toThrow("timeouts.heartbeat");
});

test("no span and no start is further away than a year", () => {
  const start = (ms: number) => () => complete({ startTime: timestampFromMs(nowMs + ms) });
  expect(start(spanMsMax)).not.toThrow();
  expect(start(spanMsMax + 1)).toThrow("start_time");
  const end = (ms: number) => () => complete({ deadline: timestampFromMs(nowMs + ms) });
  expect(end(spanMsMax)).not.toThrow();
  expect(end(spanMsMax + 1)).toThrow("deadline is more than 366 days away");
  const close = (ms: number) => () => complete({ timeouts: { startToClose: durationFromMs(ms) } });
  expect(close(spanMsMax)).not.toThrow();
  expect(close(spanMsMax + 1)).toThrow("start_to_close");
  expect(close(-1)).toThrow("start_to_close");
});

test("what nobody needs any more is not taken, nor what begins too late", () => {
  expect(() => complete({ deadline: timestampFromMs(nowMs) })).toThrow("deadline");
  expect(() => complete({ deadline: timestampFromMs(nowMs + 1) })).not.toThrow();
  const late = { startTime: timestampFromMs(nowMs + 5), deadline: timestampFromMs(nowMs + 5) };
  expect(() => complete(late)).toThrow("start_time is not before the deadline");
  const within = (ms: number) => {
    const timeouts = { scheduleToClose: durationFromMs(ms) };
    return () => complete({ startTime: timestampFromMs(nowMs + 5), timeouts });
  };
  expect(within(5)).toThrow("start_time is not before timeouts.schedule_to_close is over");
  expect(within(6)).not.toThrow();
  expect(within(0)).not.toThrow();
});

test("a retry policy that shrinks its intervals is not taken", () => {
  expect(() => complete({ retry: { backoffCoefficient: 0.9 } })).toThrow("backoff_coefficient");
  const [initialInterval, maximumInterval] = [durationFromMs(2_000), durationFromMs(1_999)];
  expect(() => complete({ retry: { initialInterval, maximumInterval } })).toThrow("shorter");
});

const parent: Parent = {
  id: "task_p",
  spec: create(TaskSpecSchema, { hopLimit: 1, budget: { unit: "token", limit: 100n } }),
  untilMs: nowMs + 1_000,
  spent: 40,
};
const child = (limit: bigint, unit = "token") =>
  create(TaskSpecSchema, { queue: "q", kind: "k", budget: { unit, limit } });

test("children share what their parent has left of its budget, to the last unit", () => {
  expect(childrenOf(parent, [child(30n), child(30n)]).taken).toBe(60);
  expect(() => childrenOf(parent, [child(30n), child(31n)])).toThrow("60 token left");
  expect(() => childrenOf(parent, [of()])).toThrow("say what the child may cost");
  expect(() => childrenOf(parent, [child(1n, "usd")])).toThrow("counts usd");
});

test("a child ends with its parent, and has a level less below it", () => {
  const [born] = childrenOf(parent, [child(1n)]).specs;
  expect(born?.hopLimit).toBe(0);
  expect(born?.deadline).toEqual(timestampFromMs(nowMs + 1_000));
  const last = { ...parent, spec: create(TaskSpecSchema, { hopLimit: 0 }) };
  expect(() => childrenOf(last, [of()])).toThrow("hop limit is used up");
});

test("a batch may wait for itself in any order but a circle, which is spelled out", () => {
  const waits = (...all: string[][]) => waitsOf(all.map((dependsOn) => ({ dependsOn })));
  expect(waits(["#1", "task_x"], [], ["#0", "#1"])[0]).toEqual({
    inside: [1],
    outside: ["task_x"],
  });
  expect(() => waits(["#2"], ["#0"], ["#1"])).toThrow("#0 -> #2 -> #1 -> #0");
  expect(() => waits([], ["#1"])).toThrow("#1 -> #1");
  expect(() => waits(["#1"])).toThrow("the batch has 1 tasks");
  const chain = Array.from({ length: 1_000 }, (_, at) => (at === 999 ? [] : [`#${at + 1}`]));
  expect(waits(...chain)).toHaveLength(1_000);
  chain[999] = ["#0"];
  expect(() => waits(...chain)).toThrow("#998 -> #999 -> #0");
});
