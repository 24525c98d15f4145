import type { World } from "@foedus/kernel/world.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { doorOf, judge, shownBy, type Shown } from "../../../../tests/support/peers.door.ts";
import { peer, startMs, time, type TestPeer } from "../../../../tests/support/peers.sync.ts";
import { Rounds } from "./rounds.ts";

beforeEach(() => (time.nowMs = startMs));

const [a, b] = [await shownBy("tenant/main/node/a"), await shownBy("tenant/main/node/b")];

/** A world in which waiting takes no time, and the clock shows what it would have taken. */
function leapingWorld(): World {
  let nowMs = 0;
  return {
    ...realWorld,
    clock: { now: realWorld.clock.now, monotonic: () => nowMs },
    timers: {
      after: realWorld.timers.after,
      sleep: async (ms, signal) => {
        nowMs += ms;
        await realWorld.timers.sleep(1, signal);
      },
    },
  };
}

/** A node that goes its rounds until the test ends, and whether its hub is there. */
function going(node: TestPeer, own: Shown) {
  const stop = new AbortController();
  const world = leapingWorld();
  const hub = { isAway: false };
  const heeds: (() => void)[] = [];
  const ground = {
    ...node.ground,
    isAway: () => hub.isAway,
    heed: (act: () => void) => void heeds.push(act),
  };
  const { circle, desk } = node;
  const shown = () => own;
  const rounds = new Rounds({
    world,
    circle,
    desk,
    ground,
    signal: stop.signal,
    own: shown,
    judge,
    isLocal: () => true,
  });
  const done = rounds.run();
  onTestFinished(async () => {
    stop.abort();
    await done;
  });
  const write = (text: string) => {
    node.write(text);
    for (const heed of heeds) heed();
  };
  return { world, hub, rounds, write };
}

async function listening(node: TestPeer, own: Shown, caller: TestPeer) {
  const door = await doorOf(node, () => own);
  caller.circle.require(node.membership);
  caller.circle.listens(node.nodeId, `127.0.0.1:${door.port}`);
}

test("while the hub is there nobody is asked, whatever is written; without it they are", async () => {
  const [caller, called] = [peer("a"), peer("b")];
  await listening(called, b, caller);
  const { world, hub, rounds, write } = going(caller, a);
  write("one");
  await expect.poll(() => world.clock.monotonic()).toBeGreaterThan(10_000);
  expect(rounds.status()).toMatchObject({ visitMs: undefined, given: 0 });
  hub.isAway = true;
  await expect.poll(() => called.read()).toEqual(["one"]);
  write("two");
  called.write("three");
  await expect.poll(() => caller.read()).toEqual(["one", "three", "two"]);
  expect(called.read()).toEqual(["one", "three", "two"]);
  await expect.poll(() => rounds.status()).toMatchObject({ given: 2, taken: 1 });
  hub.isAway = false;
  // The round that was under way may end.
  await expect.poll(() => isStill(world, rounds)).toBe(true);
});

/** Whether nobody was asked for ten seconds. */
async function isStill(world: World, rounds: Rounds): Promise<boolean> {
  const { visitMs } = rounds.status();
  const startMs = world.clock.monotonic();
  await expect.poll(() => world.clock.monotonic()).toBeGreaterThan(startMs + 10_000);
  return rounds.status().visitMs === visitMs;
}

test("a hub that is away for a moment sends nobody around, and for longer everybody", async () => {
  const [caller, called] = [peer("a"), peer("b")];
  await listening(called, b, caller);
  const { world, hub, rounds } = going(caller, a);
  let briefMs = 1_250;
  Object.defineProperty(hub, "isAway", { get: () => world.clock.monotonic() % 4_000 < briefMs });
  await expect.poll(() => world.clock.monotonic()).toBeGreaterThan(40_000);
  expect(rounds.status().visitMs).toBeUndefined();
  briefMs = 2_000;
  await expect.poll(() => rounds.status().visitMs).toBeDefined();
});

test("a peer that does not answer keeps nobody from asking the others", async () => {
  const [caller, called, gone] = [peer("a"), peer("b"), peer("c")];
  await listening(called, b, caller);
  const shut = await doorOf(gone, () => b);
  await shut.close();
  caller.circle.require(gone.membership);
  caller.circle.listens("c", `127.0.0.1:${shut.port}`);
  const { hub, rounds, write } = going(caller, a);
  write("one");
  hub.isAway = true;
  await expect.poll(() => called.read()).toEqual(["one"]);
  await expect.poll(() => rounds.status().problem).toContain("ECONNREFUSED");
});
