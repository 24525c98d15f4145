import { create } from "@bufbuild/protobuf";
import { PrioritySchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { agree, contributionsMax, topicsMax, type Voice } from "./priority.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });

function voice(id: string, score: number, weight: number, confidence: number, topic = "t"): Voice {
  const priorities = [create(PrioritySchema, { topic, weight, confidence })];
  return { nodeId: id, nodeName: id, score, priorities, cursor: 1n };
}

const voices = fc
  .array(fc.tuple(share, share, share), { minLength: 1, maxLength: 12 })
  .map((list) =>
    list.map(([trust, weight, sure], at) => voice(`n${at}`, trust * 100, weight, sure)),
  );

test("the agreed weight lies among those told, and the shares sum to 1", () => {
  fc.assert(
    fc.property(voices, (told) => {
      for (const { weight, contributions } of agree(told)) {
        const weights = contributions.map((one) => one.weight);
        expect(weight).toBeGreaterThanOrEqual(Math.min(...weights) - 1e-9);
        expect(weight).toBeLessThanOrEqual(Math.max(...weights) + 1e-9);
        expect(contributions.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1, 9);
      }
    }),
  );
});

test("each counts by trust times confidence", () => {
  const [agreed] = agree([voice("a", 90, 0.2, 1), voice("b", 60, 0.8, 0.5)]);
  expect(agreed?.weight).toBeCloseTo((0.2 * 0.9 + 0.8 * 0.3) / 1.2, 9);
  expect(agreed?.confidence).toBeCloseTo((0.9 + 0.3) / 1.5, 9);
  expect(agreed?.contributions.map((one) => [one.nodeId, one.share])).toEqual([
    ["a", expect.closeTo(0.75, 9)],
    ["b", expect.closeTo(0.25, 9)],
  ]);
});

test("who has no trust or no confidence has no say, and nonsense is not heard", () => {
  expect(agree([voice("a", 0, 1, 1), voice("b", 100, 1, 0)])).toEqual([]);
  expect(agree([voice("a", 100, 2, 1), voice("b", 100, Number.NaN, 1)])).toEqual([]);
});

test("the heaviest topic comes first", () => {
  const told = [voice("a", 90, 0.2, 1, "x"), voice("b", 90, 0.7, 1, "y")];
  expect(agree(told).map((one) => one.topic)).toEqual(["y", "x"]);
});

test("the heaviest contributions are named, and all of them count", () => {
  const light = Array.from({ length: contributionsMax }, (_, n) => voice(`l${n}`, 50, 0, 1));
  const [agreed] = agree([...light, voice("heavy", 100, 1, 1)]);
  expect(agreed?.contributions).toHaveLength(contributionsMax);
  expect(agreed?.contributions[0]?.nodeId).toBe("heavy");
  expect(agreed?.weight).toBeCloseTo(1 / (1 + contributionsMax / 2), 9);
});

test("one node's own topics do not push out what many told", () => {
  const honest = Array.from({ length: 9 }, (_, at) => voice(`n${at}`, 90, 0.3, 0.9, "shared"));
  const priorities = Array.from({ length: topicsMax }, (_, at) =>
    create(PrioritySchema, { topic: `mine-${at}`, weight: 1, confidence: 1 }),
  );
  const loud = { ...voice("loud", 90, 1, 1), priorities };
  const topics = agree([...honest, loud]).map((one) => one.topic);
  expect(topics).toHaveLength(topicsMax);
  expect(topics).toContain("shared");
});
