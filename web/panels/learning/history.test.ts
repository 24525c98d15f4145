import { create } from "@bufbuild/protobuf";
import {
  KeepingSchema,
  ListTrustHistoryResponse_PointSchema as PointSchema,
} from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { expect, test } from "vitest";
import { besideMedian, floorOf, historyOf, keptWords, ticksOf } from "./history.ts";

const newestFirst = [
  create(PointSchema, { cycleId: "c2", endMs: 2n, score: 70, median: 81.5 }),
  create(PointSchema, { cycleId: "c1", endMs: 1n, median: 80 }),
];

test("the chart goes from old to new, and an unknown score is a gap", () => {
  const points = historyOf(newestFirst);
  expect(points.map(({ cycleId, score }) => [cycleId, score])).toEqual([
    ["c1", null],
    ["c2", 70],
  ]);
});

test("the scale begins a little below the lowest, and never below nothing", () => {
  expect(floorOf(historyOf(newestFirst))).toBe(60);
  expect(floorOf(historyOf([create(PointSchema, { score: 2, median: 50 })]))).toBe(0);
  expect(floorOf([])).toBe(90);
});

test("the scale is read by round figures that end at a hundred", () => {
  expect(ticksOf(90)).toEqual([90, 92, 94, 96, 98, 100]);
  expect(ticksOf(0)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(ticksOf(70)).toEqual([70, 75, 80, 85, 90, 95, 100]);
});

test("what a chart shows can be said", () => {
  const [old, now] = historyOf(newestFirst);
  expect(old && besideMedian(old)).toBe("its score was unknown");
  expect(now && besideMedian(now)).toBe("11.5 below the median");
});

test("the page says what is kept, as the hub tells it", () => {
  const hourMs = 3_600_000n;
  const steps = [
    [24n * hourMs, 0n],
    [720n * hourMs, hourMs],
    [8_760n * hourMs, 24n * hourMs],
  ];
  const kept = steps.map(([upToMs, everyMs]) => create(KeepingSchema, { upToMs, everyMs }));
  expect(keptWords(kept)).toBe(
    "every cycle for 24 h, then one an hour up to 30 days, then one a day up to 365 days",
  );
});
