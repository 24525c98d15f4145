import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskStepSchema } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { expect, test } from "vitest";
import { barOf, lastMs, timelineOf } from "./timeline.ts";

type Init = Exclude<MessageInitShape<typeof TaskStepSchema>, { $typeName: string }>;

const { SUBMITTED, WORKING, SCHEDULED, COMPLETED, FAILED } = TaskState;
const step = (seconds: number, state: TaskState, more: Init = {}) =>
  create(TaskStepSchema, { time: timestampFromMs(seconds * 1_000), state, ...more });
const failure = { reason: "RATE_LIMITED", message: "later" };

const retried = [
  step(10, SUBMITTED, { message: "submitted", caller: "person/1" }),
  step(12, WORKING, { attempt: 1, caller: "node_1", message: "claimed by worker w" }),
  step(15, SCHEDULED, { attempt: 1, caller: "node_1", message: "RATE_LIMITED: later", failure }),
  step(16, SUBMITTED, { message: "ready", caller: "hub" }),
  step(17, WORKING, { attempt: 2, caller: "node_2", message: "claimed by worker w" }),
  step(20, COMPLETED, { attempt: 2, caller: "node_2", message: "completed" }),
];

test("waits and attempts follow each other, and a failure belongs to its attempt", () => {
  const timeline = timelineOf(retried);
  expect(timeline?.phases.map(({ state, attempt, nodeId }) => [state, attempt, nodeId])).toEqual([
    [SUBMITTED, 0, ""],
    [WORKING, 1, "node_1"],
    [SCHEDULED, 0, ""],
    [SUBMITTED, 0, ""],
    [WORKING, 2, "node_2"],
  ]);
  expect(timeline?.phases.map((phase) => phase.failure?.reason)).toEqual([
    undefined,
    "RATE_LIMITED",
    undefined,
    undefined,
    undefined,
  ]);
  expect(timeline?.end).toMatchObject({ state: COMPLETED, ms: 20_000 });
});

test("bars lie where their times lie, and fill the axis together", () => {
  const timeline = timelineOf(retried);
  if (timeline === undefined) throw new Error("no timeline");
  const bars = timeline.phases.map((phase) => barOf(phase, timeline, 99_000));
  expect(bars[0]).toEqual({ left: 0, width: 0.2 });
  expect(bars[1]?.left).toBeCloseTo(0.2);
  expect(bars.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(1);
});

test("what goes on lasts until now", () => {
  const timeline = timelineOf(retried.slice(0, 2));
  if (timeline === undefined) throw new Error("no timeline");
  expect(timeline.phases.at(-1)?.untilMs).toBeUndefined();
  expect(lastMs(timeline, 30_000)).toBe(30_000);
  const last = timeline.phases.at(-1);
  expect(last && barOf(last, timeline, 30_000).width).toBe(0.9);
});

test("a wish to stop is a note on the attempt, and no attempt of its own", () => {
  const said = step(13, WORKING, { attempt: 1, caller: "person/1", message: "to be called off: " });
  const timeline = timelineOf([...retried.slice(0, 2), said]);
  expect(timeline?.phases).toHaveLength(2);
  expect(timeline?.phases[1]?.notes).toEqual(["to be called off: "]);
});

test("a dead letter that is taken out lives on", () => {
  const dead = step(15, FAILED, { attempt: 1, caller: "node_1", message: "BAD", failure });
  const again = step(40, SUBMITTED, { caller: "person/1", message: "tried again" });
  expect(timelineOf([...retried.slice(0, 2), dead])?.end?.state).toBe(FAILED);
  const timeline = timelineOf([...retried.slice(0, 2), dead, again]);
  expect(timeline?.end).toBeUndefined();
  expect(timeline?.phases.at(-1)).toMatchObject({ fromMs: 40_000, caller: "person/1" });
});

test("clocks that disagree make no bar of negative length", () => {
  const timeline = timelineOf([step(10, SUBMITTED), step(9, WORKING, { attempt: 1 })]);
  expect(timeline?.phases[0]).toMatchObject({ fromMs: 10_000, untilMs: 10_000 });
});

test("where steps are missing after the last one, nothing is said to go on or to have ended", () => {
  const states = (count: number) => {
    const timeline = timelineOf(retried.slice(0, count), false);
    return [timeline?.phases.map(({ state }) => state), timeline?.end];
  };
  expect(states(1)).toEqual([[], undefined]);
  expect(states(3)).toEqual([[SUBMITTED, WORKING], undefined]);
  expect(states(retried.length)[0]).toHaveLength(5);
  expect(states(retried.length)[1]).toBeUndefined();
});

test("without a step there is no life to draw", () => {
  expect(timelineOf([])).toBeUndefined();
});
