import { expect, test } from "vitest";
import { flowAt, keptFlows, type MapFlow } from "./flow-nodes.ts";

const hub = (level: "card" | "chip"): MapFlow => ({
  ...flowAt("hub", { x: 0, y: 0 }, 1, true),
  type: "hub",
  data: { connection, level },
});
const connection = { state: "live", sinceMs: 1 } as const;

test("what did not change is the same object, so that nothing is drawn anew", () => {
  const before = [hub("card")];
  expect(keptFlows(before, [hub("card")])[0]).toBe(before[0]);
});

test("what changed is new", () => {
  const before = [hub("card")];
  expect(keptFlows(before, [hub("chip")])[0]).not.toBe(before[0]);
  const moved = { ...hub("card"), position: { x: 1, y: 0 } };
  expect(keptFlows(before, [moved])[0]).toBe(moved);
});
