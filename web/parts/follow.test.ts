import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import type { Clock } from "./clock.ts";
import { type Connection, follow, lastWaitMs, waitMs } from "./follow.ts";

function stillClock(): Clock & { waits: number[] } {
  let now = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    fraction: () => 1,
    wait: async (ms) => {
      waits.push(ms);
      now += ms;
    },
  };
}

async function run(openings: (() => AsyncIterable<number | Error>)[]) {
  const ending = new AbortController();
  const clock = stillClock();
  const states: Connection["state"][] = [];
  const taken: number[] = [];
  const opened: AbortSignal[] = [];
  const open = async function* (signal: AbortSignal) {
    opened.push(signal);
    const next = openings.shift();
    if (next === undefined) return ending.abort();
    for await (const item of next()) {
      if (item instanceof Error) throw item;
      yield item;
    }
  };
  await follow(
    {
      open,
      take: (item) => (item < 0 ? -item : void taken.push(item)),
      lost: () => void taken.push(0),
      changed: ({ state }) => void states.push(state),
      hurry: () => new AbortController().signal,
    },
    clock,
    ending.signal,
  );
  return { states, taken, opened, waits: clock.waits };
}

async function* items(...list: (number | Error)[]) {
  yield* list;
}

test("a stream that breaks is opened again and goes on", async () => {
  const lost = new ConnectError("gone", Code.Unavailable);
  const { states, taken } = await run([() => items(1, lost), () => items(2)]);
  expect(taken).toEqual([1, 2]);
  expect(states).toEqual(["connecting", "live", "reconnecting", "live", "reconnecting"]);
});

test("a hub that stays away turns from reconnecting to offline, with growing waits", async () => {
  const lost = () => items(new ConnectError("gone", Code.Unavailable));
  const { states, waits } = await run(Array.from({ length: 9 }, () => lost));
  expect(states.at(-1)).toBe("offline");
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
});

test("the hub says when to come back, and is obeyed", async () => {
  const { waits } = await run([() => items(1, -40)]);
  expect(waits[0]).toBe(40);
});

test("a stream that was left is closed, not only forgotten", async () => {
  const { opened } = await run([() => items(1, -40)]);
  expect(opened[0]?.aborted).toBe(true);
});

test("a stream that falls silent is closed and opened again", async () => {
  const clock = { ...stillClock(), wait: () => Promise.resolve(void (elapsed += 20_000)) };
  let elapsed = 0;
  const ending = new AbortController();
  let openings = 0;
  const stream = {
    open: async function* (signal: AbortSignal): AsyncIterable<number> {
      openings += 1;
      if (openings === 2) return ending.abort();
      yield 1;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
    take: () => undefined,
    lost: () => undefined,
    changed: () => undefined,
    silenceMs: 45_000,
    hurry: () => new AbortController().signal,
  };
  await follow(stream, { ...clock, now: () => elapsed }, ending.signal);
  expect(openings).toBe(2);
});

test("a refusal is not asked again", async () => {
  const refused = new ConnectError("no", Code.PermissionDenied);
  const { states } = await run([() => items(refused), () => items(1)]);
  expect(states).toEqual(["connecting", "refused"]);
});

test("a lost cursor is forgotten, and the stream begins anew", async () => {
  const lost = new ConnectError("cursor 9 is outside the log", Code.OutOfRange);
  const { taken } = await run([() => items(lost), () => items(1)]);
  expect(taken).toEqual([0, 1]);
});

test("waits are jittered in the upper half", () => {
  expect([waitMs(1, 0), waitMs(1, 1), waitMs(99, 1)]).toEqual([125, 250, lastWaitMs]);
});
