import { expect, test } from "vitest";
import { rank } from "./rank.ts";
import { slowTimes } from "../../../tests/support/until.ts";

const named = (...names: string[]) => names.map((name) => ({ name }));
const namesOf = (items: readonly { name: string }[]) => items.map(({ name }) => name);

test("a name that begins with what was typed stands before one that has its letters", () => {
  const { best } = rank(named("cerberus", "events", "server", "scaled observer"), "server", 20);
  expect(namesOf(best)[0]).toBe("server");
  expect(namesOf(best)).not.toContain("events");
});

test("typing is in a hurry: letters may be left out, and words besides the name count", () => {
  expect(namesOf(rank(named("berlin-edge-17", "paris-core-2"), "bedge17", 20).best)).toEqual([
    "berlin-edge-17",
  ]);
  const theme = [{ name: "Dark", words: ["theme"] }];
  expect(rank(theme, "theme", 20).found).toBe(1);
});

test("of many the best are shown, and all are counted", () => {
  const nodes = named(...Array.from({ length: 312 }, (_, i) => `node-${i}`));
  const { best, found } = rank(nodes, "node", 20);
  expect([best.length, found]).toEqual([20, 312]);
  expect(rank(nodes, "", 20)).toMatchObject({ found: 312 });
});

test("five thousand long and hostile names are ranked before the next key is pressed", () => {
  const hostile = `${"‮<script>alert(1)</script>".repeat(400)}nodes`;
  const names = Array.from({ length: 5_000 }, (_, i) => `${hostile}-${i}`);
  const nodes = named(...names, "node-7");
  const fromMs = performance.now();
  expect(namesOf(rank(nodes, "node-7", 20).best)[0]).toBe("node-7");
  expect(performance.now() - fromMs).toBeLessThan(1_000 * slowTimes);
});

test("an endless wish finds nothing rather than never ending", () => {
  expect(rank(named("a".repeat(10_000)), "a".repeat(10_000), 20).found).toBeLessThan(2);
  expect(rank(named("ab"), "a‮b".repeat(50), 20).found).toBe(0);
});
