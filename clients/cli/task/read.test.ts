import { expect, test } from "vitest";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  gatherPair,
  gatherState,
  gatherWeight,
  readBudget,
  readInstant,
  readLater,
  readNumber,
  readPriority,
  readQueue,
  readRate,
  readSpan,
  readTask,
} from "./read.ts";
import { stateName, stateNamed, stateNames } from "./words.ts";

const id = `task_${"0".repeat(26)}`;

test("options are read as people write them", () => {
  expect([readQueue("scans"), readTask(id), readSpan("1h30m")]).toEqual(["scans", id, 5_400_000]);
  expect([readPriority("1"), readPriority("10"), readNumber("1")]).toEqual([1, 10, 1]);
  expect(gatherPair("b=2=3", gatherPair("a="))).toEqual({ a: "", b: "2=3" });
  expect(readBudget("usd_micro=500000")).toEqual({ unit: "usd_micro", limit: 500_000n });
  expect(gatherState("done", gatherState("ready,Failed"))).toEqual([
    TaskState.SUBMITTED,
    TaskState.FAILED,
    TaskState.COMPLETED,
  ]);
  expect(readInstant("1970-01-02T01:00+01:00")).toBe(86_400_000);
  expect([readLater("2h")(1), readLater("1970-01-02T00:00:00Z")(1)]).toEqual([
    7_200_001, 86_400_000,
  ]);
  expect(["60/min", "5/s", "120/h", "none"].map(readRate)).toEqual([60, 300, 2, 0]);
  expect(gatherWeight("b=0.5", gatherWeight("acme=2"))).toEqual({ acme: 2, b: 0.5 });
});

test.each([
  ["a queue in capitals", () => readQueue("Scans")],
  ["a task without its prefix", () => readTask("0".repeat(26))],
  ["no urgency at all", () => readPriority("0")],
  ["more than the most urgent", () => readPriority("11")],
  ["a label without a value", () => gatherPair("a")],
  ["a label that is too long", () => gatherPair(`a=${"x".repeat(65)}`)],
  ["a budget of nothing", () => readBudget("token=0")],
  ["a state that nothing has", () => gatherState("readdy")],
  ["a day without a time", () => readInstant("2026-11-21")],
  ["a time without a zone", () => readLater("2026-11-21T09:30")],
  ["a rate of less than a whole task a minute", () => readRate("7/h")],
  ["a rate by the week", () => readRate("1/week")],
  ["a weight of nothing", () => gatherWeight("acme=0")],
  ["a weight beyond what counts", () => gatherWeight("acme=1001")],
  ["a span without a unit", () => readSpan("15")],
])("%s is refused with what would do", (_, act) => {
  expect(act).toThrow(/(is|are) .*(e\.g\.|\d|shows them|one of)/u);
});

test("a slip in a state is met with what was meant", () => {
  expect(() => gatherState("readdy")).toThrow("did you mean ready?");
});

test("each state has a name that is read back, and other programs' names count too", () => {
  for (const name of stateNames) expect(stateName(stateNamed(name) ?? 0)).toBe(name);
  expect(stateNamed("cancelled")).toBe(TaskState.CANCELED);
  expect(stateNamed("unknown")).toBeUndefined();
});
