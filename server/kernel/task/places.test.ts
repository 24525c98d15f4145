import fc from "fast-check";
import { expect, test } from "vitest";
import { handedMax, roomsFor, type Place } from "./places.ts";

const queue = "q";

/** Takes all that a queue may have of lines in which there is always more. */
function fill(taken: Place[], name: string, lines: readonly string[]): Place[] {
  for (let all = taken; ;) {
    const [room] = roomsFor(all, name, lines);
    const [line] = room?.lines ?? [];
    if (room === undefined || line === undefined) return all;
    const fresh = Array.from({ length: room.count }, () => ({ queue: name, line }));
    all = [...all, ...fresh].slice(0, handedMax + 1);
  }
}

const countOf = (all: readonly Place[], name: string) =>
  all.filter((place) => place.queue === name).length;

test("a queue whose tasks never end leaves places to the next one, and that one to others", () => {
  const slow = fill([], "a", ["slow"]);
  expect(slow.length).toBeGreaterThan(handedMax / 2);
  expect(slow.length).toBeLessThan(handedMax * 0.8);
  const next = fill(slow, "b", ["slow"]);
  expect(countOf(next, "b")).toBeGreaterThan(50);
  expect(countOf(fill(next, "c", ["x"]), "c")).toBeGreaterThan(10);
});

test("a line whose tasks never end leaves places to other lines of its queue", () => {
  const slow = fill([], queue, ["slow"]);
  const all = fill(slow, queue, ["slow", "quick"]);
  expect(all.filter(({ line }) => line === "quick").length).toBeGreaterThan(50);
});

test("a hundred queues without end each have one, and all together no more than there are", () => {
  let all: Place[] = [];
  for (let at = 0; at < 100; at += 1) all = fill(all, `q${at}`, ["a", "b"]);
  for (let at = 0; at < 100; at += 1) expect(countOf(all, `q${at}`)).toBeGreaterThan(0);
  expect(all.length).toBeLessThanOrEqual(handedMax);
});

test("the last place is given, and no other one", () => {
  const full = Array.from({ length: handedMax }, (_, at) => ({ queue: `q${at}`, line: "a" }));
  expect(roomsFor(full, "new", ["a"])).toEqual([]);
  expect(roomsFor(full.slice(1), "new", ["a"])).toEqual([{ lines: ["a"], count: 1 }]);
  expect(roomsFor(full.slice(1), "q5", ["b"])).toEqual([]);
});

test("as the first one's tasks end, two queues that want all come to have the same", () => {
  let all = fill(fill([], "a", ["l"]), "b", ["l"]);
  for (let turn = 0; turn < 2_000; turn += 1) {
    const ended = all.findIndex((place) => place.queue === (turn % 2 === 0 ? "a" : "b"));
    all = all.toSpliced(ended, 1);
    all = fill(fill(all, "a", ["l"]), "b", ["l"]);
  }
  expect(Math.abs(countOf(all, "a") - countOf(all, "b"))).toBeLessThan(handedMax / 10);
});

test("whatever is taken in whatever order, there are never more than the places", () => {
  const name = fc.integer({ min: 0, max: 40 }).map(String);
  const lines = fc.uniqueArray(name, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(fc.tuple(name, lines), { maxLength: 120 }), (wants) => {
      let all: Place[] = [];
      for (const [who, of] of wants) all = fill(all, who, of);
      expect(all.length).toBeLessThanOrEqual(handedMax);
      for (const [who] of wants.slice(0, 20)) expect(countOf(all, who)).toBeGreaterThan(0);
    }),
    { numRuns: 50 },
  );
});
