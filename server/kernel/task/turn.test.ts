import fc from "fast-check";
import { expect, test } from "vitest";
import { aheadMax, stepOf, turnsFor } from "./turn.ts";

interface TestLane {
  readonly priority: number;
  readonly weight: number;
  last: number;
  waiting: number[];
  served: number;
}

/** A queue that gives turns and serves the lowest. */
class TestQueue {
  turn = 0;
  readonly lanes: TestLane[];

  constructor(lanes: readonly { readonly priority: number; readonly weight: number }[]) {
    this.lanes = lanes.map((lane) => ({ ...lane, last: 0, waiting: [], served: 0 }));
  }

  submit(lane: TestLane, count: number): number[] {
    const step = stepOf(lane.priority, lane.weight);
    const turns = turnsFor({ last: lane.last, queue: this.turn, step }, count);
    lane.last = turns.at(-1) ?? lane.last;
    lane.waiting.push(...turns);
    return turns;
  }

  serve(): TestLane | undefined {
    const busy = this.lanes.filter(({ waiting }) => waiting.length > 0);
    const [first, ...rest] = busy;
    if (first === undefined) return undefined;
    const head = (lane: TestLane) => lane.waiting[0] ?? 0;
    const next = rest.reduce((best, lane) => (head(lane) < head(best) ? lane : best), first);
    this.turn = Math.max(this.turn, next.waiting.shift() ?? 0);
    next.served += 1;
    return next;
  }
}

const laneShape = fc.record({
  priority: fc.integer({ min: 1, max: 10 }),
  weight: fc.constantFrom(0.25, 0.5, 1, 2, 4, 10),
});

test("of two levels with work waiting, the higher one gets twice as many turns", () => {
  const queue = new TestQueue([9, 10].map((priority) => ({ priority, weight: 1 })));
  for (const lane of queue.lanes) queue.submit(lane, 1_000);
  for (let served = 0; served < 300; served++) queue.serve();
  expect(queue.lanes.map(({ served }) => served)).toEqual([100, 200]);
});

test("lanes with work waiting share the queue by their steps, whoever has more of it", () => {
  fc.assert(
    fc.property(fc.array(laneShape, { minLength: 2, maxLength: 5 }), fc.nat(400), (shapes, n) => {
      const queue = new TestQueue(shapes);
      for (const lane of queue.lanes) queue.submit(lane, 500);
      for (let served = 0; served < n; served++) queue.serve();
      const isBusy = queue.lanes.every(({ waiting }) => waiting.length > 0);
      const progress = queue.lanes.map((lane) => lane.served * stepOf(lane.priority, lane.weight));
      const most = Math.max(...queue.lanes.map((lane) => stepOf(lane.priority, lane.weight)));
      expect(isBusy).toBe(true);
      expect(Math.max(...progress) - Math.min(...progress)).toBeLessThanOrEqual(most + 1e-6);
    }),
  );
});

test("nothing starves: whatever becomes ready later, only so many tasks come before one that waits", () => {
  const flood = fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 20 })), {
    minLength: 50,
    maxLength: 50,
  });
  const shapes = fc.array(laneShape, { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(shapes, fc.nat(200), flood, (lanes, before, script) => {
      const queue = new TestQueue(lanes);
      const [patient, ...others] = queue.lanes;
      if (patient === undefined) throw new Error("no lane");
      for (const lane of others) queue.submit(lane, 10);
      for (let served = 0; served < before; served++) queue.serve();
      const [turn = 0] = queue.submit(patient, 1);
      const waiting = others.reduce((sum, lane) => sum + lane.waiting.length, 0);
      const bound = others
        .map((lane) => aheadMax(turn, queue.turn, stepOf(lane.priority, lane.weight)))
        .reduce((sum, each) => sum + each, waiting);
      // One more task a lane: equal turns are served in any order.
      const most = bound + others.length;
      for (let served = 0; served <= most; served++) {
        const [at = 0, count = 1] = script[served % script.length] ?? [];
        const lane = others[at % others.length];
        if (lane !== undefined) queue.submit(lane, count);
        if (queue.serve() === patient) return;
      }
      throw new Error(`it waits after ${most} others`);
    }),
    { numRuns: 300 },
  );
});

test("an idle lane saves up nothing", () => {
  const queue = new TestQueue([5, 5].map((priority) => ({ priority, weight: 1 })));
  const [busy, idle] = queue.lanes;
  if (busy === undefined || idle === undefined) throw new Error("no lanes");
  queue.submit(busy, 200);
  for (let served = 0; served < 100; served++) queue.serve();
  queue.submit(idle, 100);
  for (let served = 0; served < 20; served++) queue.serve();
  expect(idle.served).toBe(10);
});

test("a batch gets the turns its tasks would get one by one", () => {
  fc.assert(
    fc.property(laneShape, fc.nat(50), fc.nat(1_000), ({ priority, weight }, count, at) => {
      const step = stepOf(priority, weight);
      const together = turnsFor({ last: at, queue: 7, step }, count);
      let last = at;
      for (const turn of together) {
        [last = 0] = turnsFor({ last, queue: 7, step }, 1);
        expect(turn).toBeCloseTo(last, 6);
      }
    }),
  );
});
