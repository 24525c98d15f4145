import { expect, test } from "vitest";
import { Rests, trustMax } from "./relay.up.rest.flow.ts";

const secondMs = 1_000;

test("a queue that is refused stays at home for 15 s, each time for longer, up to a minute", () => {
  const rests = new Rests();
  let nowMs = 0;
  for (const span of [15, 30, 60, 60]) {
    rests.refused("full", nowMs, "it is full");
    expect(rests.of("full", nowMs)?.why).toBe("it is full");
    expect(rests.of("full", nowMs + span * secondMs - 1)).toBeDefined();
    nowMs += span * secondMs;
    expect(rests.of("full", nowMs)).toBeUndefined();
  }
  expect(rests.of("other", 0)).toBeUndefined();
  expect(rests.trustIn("other")).toBe(trustMax);
});

test("who was refused asks with one, and with more as they are taken", () => {
  const rests = new Rests();
  rests.refused("full", 0, "it is full");
  expect(rests.trustIn("full")).toBe(1);
  rests.taken("full");
  expect(rests.trustIn("full")).toBe(2);
  rests.refused("full", 0, "it is full");
  expect(rests.of("full", 15 * secondMs)).toBeUndefined();
  expect(rests.trustIn("full")).toBe(1);
  for (let at = 1; at < trustMax; at += 1) rests.taken("full");
  expect(rests.trustIn("full")).toBe(trustMax);
  rests.refused("full", 0, "it is full");
  expect(rests.of("full", 15 * secondMs)).toBeUndefined();
});

test("the same refusal is news once, and a queue that goes up no more is forgotten", () => {
  const rests = new Rests();
  expect(rests.refused("q", 0, "it is full")).toBe(true);
  expect(rests.refused("q", 0, "it is full")).toBe(false);
  expect(rests.refused("q", 0, "not allowed")).toBe(true);
  rests.keep(new Set(["q"]));
  expect(rests.of("q", 0)).toBeDefined();
  rests.keep(new Set());
  expect(rests.of("q", 0)).toBeUndefined();
});

test("one unclear answer is a task's own, the second in a row its queue's, unless it went up no more", () => {
  const rests = new Rests();
  expect(rests.unclear("q", 0, "late")).toBe(true);
  rests.taken("q");
  rests.unclear("q", 0, "late");
  rests.keep(new Set());
  rests.unclear("q", 0, "late");
  expect(rests.of("q", 0)).toBeUndefined();
  rests.unclear("q", 0, "late");
  expect(rests.of("q", 15 * secondMs - 1)).toBeDefined();
  expect(rests.of("q", 15 * secondMs)).toBeUndefined();
});
