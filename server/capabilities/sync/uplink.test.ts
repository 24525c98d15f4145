import type { Random } from "@foedus/kernel/world.ts";
import { expect, test } from "vitest";
import { attemptAfter, requireDrained, ungranted, waitAfter, type Attempt } from "./uplink.ts";

const longest: Random = { bytes: (count) => new Uint8Array(count), fraction: () => 1 };

/** The waits of a hub whose attempts all end for one reason. */
function waits(why: string, count: number): number[] {
  let attempt: Attempt | undefined;
  return Array.from({ length: count }, () => {
    attempt = attemptAfter(attempt, why, 5);
    return waitAfter(attempt, longest);
  });
}

test("a hub that waits for leave asks from once a second to once a minute", () => {
  expect(waits(ungranted, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((s) => s * 1000));
});

test("one whose parent is away comes back sooner", () => {
  expect(waits("unavailable", 3)).toEqual([200, 400, 800]);
});

test("another reason or a session that held begins anew", () => {
  const waited = { count: 7, why: ungranted };
  expect(attemptAfter(waited, "unavailable", 5)).toEqual({ count: 1, why: "unavailable" });
  expect(attemptAfter(waited, ungranted, 60_000)).toEqual({ count: 1, why: ungranted });
  expect(attemptAfter({ count: 3, why: "cut" }, undefined, 5)).toEqual({
    count: 4,
    why: undefined,
  });
});

test("a parent that was away as long as a log is kept is taken to be gone, and not before", () => {
  const former = { name: "first.example", seenMs: 1_000, lacks: 3 };
  const meeting = (parent: string, nowMs: number) => () => {
    requireDrained(former, parent, nowMs, 100);
  };
  expect(meeting("other.example", 1_099)).toThrow("first.example");
  expect(meeting("other.example", 1_100)).not.toThrow();
  expect(meeting("first.example", 1_000)).not.toThrow();
});
