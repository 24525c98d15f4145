import { expect, test } from "vitest";
import type { Look, Seen } from "./look.ts";
import { page, pageWith } from "./report.ts";

const size = { small: false, rounds: 9, turnMs: 3_000 };
const look = (title: string): Look => ({ title, what: "what it is", look: async () => [] });
const seen = (median: number | undefined): Seen[] => [
  { name: "frame", unit: "ms", target: "at most 300 ms", best: 7, median, worst: 1_234 },
];

test("a figure of one's own unit stands with its target, and a dash for what nobody measured", () => {
  const text = page([{ look: look("One"), seen: seen(undefined) }], size);
  expect(text).toContain("| frame | ms | 7 | - | 1,234 | at most 300 ms |");
});

test("a section that was measured anew replaces its own, and leaves the others", () => {
  const results = [1, 2].map((at) => ({ look: look(`Title ${at}`), seen: seen(at) }));
  const old = page(results, size);
  const newer = pageWith(old, [{ look: look("Title 2"), seen: seen(99) }]);
  expect(newer).toBe(old.replace("| 7 | 2 |", "| 7 | 99 |"));
  const more = pageWith(old, [{ look: look("Title 3"), seen: seen(3) }]);
  expect(more.startsWith(old)).toBe(true);
  expect(more).toContain("\n\n## Title 3\n\nWhat it is.\n");
});
