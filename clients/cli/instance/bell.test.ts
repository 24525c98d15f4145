import { expect, test } from "vitest";
import { bellEveryMs, openBell } from "./bell.ts";

/** Time that passes when somebody sleeps, at once. */
function sleepyWorld() {
  let nowMs = 0;
  const slept: number[] = [];
  const clock = { now: () => nowMs, monotonic: () => nowMs };
  const sleep = (ms: number, signal?: AbortSignal) => {
    if (signal?.aborted !== true) {
      slept.push(ms);
      nowMs += ms;
    }
    return Promise.resolve();
  };
  const after = () => ({ cancel: () => undefined });
  return { clock, timers: { sleep, after }, slept };
}

const { signal } = new AbortController();

test("without a ring it is a sleep", async () => {
  const world = sleepyWorld();
  expect(await openBell(world).sleep(3_000, signal)).toBe(false);
  expect(world.slept).toEqual([3_000]);
});

test("the first ring wakes at once, and a hundred are one", async () => {
  const world = sleepyWorld();
  const bell = openBell(world);
  for (let at = 0; at < 100; at += 1) bell.ring();
  expect(await bell.sleep(3_000, signal)).toBe(true);
  expect(await bell.sleep(3_000, signal)).toBe(false);
  expect(world.slept).toEqual([3_000]);
});

test("the next ring wakes when the time is over, to the millisecond", async () => {
  const world = sleepyWorld();
  const bell = openBell(world);
  bell.ring();
  await bell.sleep(1, signal);
  await bell.sleep(bellEveryMs - 1, signal);
  bell.ring();
  expect(await bell.sleep(3_000, signal)).toBe(true);
  expect(world.slept).toEqual([bellEveryMs - 1, 1]);
  await bell.sleep(bellEveryMs, signal);
  bell.ring();
  expect(await bell.sleep(3_000, signal)).toBe(true);
  expect(world.slept).toEqual([bellEveryMs - 1, 1, bellEveryMs]);
});
