import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { oneRequestMs, openInterrupts } from "./interrupt.ts";

const names = ["SIGINT", "SIGTERM"] as const;
let before: ReadonlyMap<(typeof names)[number], ReadonlySet<unknown>>;
beforeEach(() => {
  before = new Map(names.map((name) => [name, new Set(process.listeners(name))]));
});
afterEach(() => {
  for (const name of names) {
    const own = process.listeners(name).filter((each) => before.get(name)?.has(each) !== true);
    for (const each of own) process.off(name, each);
  }
});

test("what is passed on twice within a second is one request; a later one insists", () => {
  let nowMs = 5_000;
  let insisted = 0;
  const clock = { ...realWorld.clock, monotonic: () => nowMs };
  const interrupts = openInterrupts(clock, () => (insisted += 1));
  const { signal } = interrupts;
  expect(interrupts.came).toBe(false);
  process.emit("SIGINT");
  expect(signal.aborted).toBe(true);
  nowMs += oneRequestMs - 1;
  for (const name of names) process.emit(name);
  expect(insisted).toBe(0);
  nowMs += 1;
  process.emit("SIGINT");
  expect(insisted).toBe(1);
});
