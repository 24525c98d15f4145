import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";
import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

/** The real world, with a clock that a test moves. */
function worldAt(at: { ms: number }): World {
  return { ...realWorld, clock: { now: () => at.ms, monotonic: () => at.ms } };
}

test("the rest of a program has its turn after ten milliseconds at a stretch, not before", async () => {
  const at = { ms: 0 };
  const turns = new Turns(worldAt(at));
  expect(turns.due()).toBeUndefined();
  at.ms = 10;
  expect(turns.due()).toBeUndefined();
  at.ms = 11;
  let hadTurn = false;
  realWorld.timers.after(0, () => (hadTurn = true));
  await turns.due();
  expect(hadTurn).toBe(true);
  expect(turns.due()).toBeUndefined();
});

test("whoever waits for something else meanwhile begins a new stretch", async () => {
  const at = { ms: 0 };
  const turns = new Turns(worldAt(at));
  expect(turns.due()).toBeUndefined();
  at.ms = 50;
  await realWorld.timers.sleep(1);
  expect(turns.due()).toBeUndefined();
  at.ms = 59;
  expect(turns.due()).toBeUndefined();
});
