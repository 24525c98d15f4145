import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { TaskSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  AssignmentSchema,
  HoldSchema,
  ReceiptSchema,
  Verdict,
} from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { expect, test } from "vitest";
import { steppedWorld } from "../../../tests/support/world.stepped.ts";
import { Duty } from "./duty.ts";

const session = {};

function dutyOf(timeLeftMs?: number) {
  const world = steppedWorld();
  const task = create(TaskSchema, { id: "task_1" });
  const hold = create(HoldSchema, { taskId: "task_1", fence: 7n });
  const lease = durationFromMs(30_000);
  const timeLeft = timeLeftMs === undefined ? {} : { timeLeft: durationFromMs(timeLeftMs) };
  const assignment = create(AssignmentSchema, { task, hold, lease, ...timeLeft });
  const duty = new Duty(world, { ...assignment, task, hold }, () => undefined);
  duty.cameOver(session);
  return { world, duty };
}

test("progress is told within what the hub takes, and the last of it counts", () => {
  const { duty } = dutyOf();
  duty.progress({ fraction: -1, spent: 3.4 });
  duty.progress({ fraction: 2, message: "x".repeat(501), spent: Number.NaN });
  expect(duty.speak(session, true)?.said).toMatchObject({
    case: "progress",
    value: { fraction: 1, message: `${"x".repeat(499)}…`, spent: 0n },
  });
  duty.progress({ fraction: Number.NaN, spent: -5n });
  const { value } = duty.speak(session, true)?.said ?? {};
  expect(value).toMatchObject({ spent: 0n });
  expect(value).not.toHaveProperty("fraction");
  expect(duty.speak(session, true)).toBeUndefined();
});

test("the last word carries what the attempt has cost, and is the last", () => {
  const { duty } = dutyOf();
  duty.progress({ spent: 120 });
  duty.finish({ case: "returned", value: true });
  duty.finish({ case: "failure", value: {} as never });
  duty.progress({ spent: 7 });
  const report = duty.speak(session, true);
  expect(report).toMatchObject({ spent: 120n, said: { case: "returned" }, hold: { fence: 7n } });
  expect(duty.speak(session, true)).toBeUndefined();
  expect(duty.speak({}, true)).toMatchObject({ said: { case: "returned" } });
});

test("the cost is counted as far as the hub counts", () => {
  const { duty } = dutyOf();
  for (const spent of [1e16, 1e300, 2n ** 60n, 2 ** 53 - 1]) {
    duty.progress({ spent });
    expect(duty.speak(session, true)?.said.value).toMatchObject({ spent: 2n ** 53n - 1n });
  }
});

test("each answer renews the lease from its own question, however late it comes", () => {
  for (const [answers, endMs] of [
    [1, 29_000],
    [2, 39_000],
  ] as const) {
    const { duty, world } = dutyOf();
    for (let ask = 0; ask < 2; ask++) {
      duty.due();
      duty.speak(session, false);
      world.pass(10_000);
    }
    const lease = durationFromMs(30_000);
    const answer = create(ReceiptSchema, { hold: duty.hold, verdict: Verdict.TAKEN, lease });
    for (let at = 0; at < answers; at++) expect(duty.receipted(answer)).toBe(false);
    expect(duty.isAsking).toBe(answers < 2);
    world.pass(endMs - 20_000 - 1);
    expect(duty.signal.aborted).toBe(false);
    world.pass(1);
    expect(duty.stopped).toMatchObject({ because: "lost" });
  }
});

test("whose time is over has nothing to say but that it is there", () => {
  const { duty, world } = dutyOf(1_000);
  expect(duty.timeLeftMs()).toBe(1_000);
  world.pass(2_000);
  expect(duty.timeLeftMs()).toBe(0);
  duty.stop("time", "its time is over");
  duty.finish({ case: "returned", value: true });
  expect(duty.word).toBeUndefined();
  duty.due();
  expect(duty.speak(session, true)).toMatchObject({ said: { case: undefined } });
});

test("a task without a deadline has time for ever", () => {
  expect(dutyOf().duty.timeLeftMs()).toBe(Infinity);
});
