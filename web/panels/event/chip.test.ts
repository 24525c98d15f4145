import { expect, test } from "vitest";
import { chipsOf, unfiltered } from "./chip.ts";
import { viewOf } from "./view.ts";

const names = new Map([["node_a", "atlas"]]);
const address = {
  type: "hub.health,hub.presence",
  not: "telemetry_sync",
  source: "hub,node_a",
  subject: "node_a",
  q: " disk ",
  since: "15m",
  until: "1m",
};

test("each filter is a chip that takes away itself and nothing else", () => {
  const chips = chipsOf(viewOf(address), names);
  expect(chips.map(({ word }) => word)).toEqual([
    "hub.health",
    "hub.presence",
    "not telemetry_sync",
    "by the hub",
    "by atlas",
    "about atlas",
    "“disk”",
    "since 15m",
    "until 1m",
  ]);
  expect(chips[0]?.remove).toEqual({ type: "hub.presence" });
  for (const { remove } of chips) {
    const { type, not, source, subject, q, since, until } = { ...address, ...remove };
    const left = { type, not, source, subject, q, since, until };
    const set = Object.fromEntries(Object.entries(left).filter(([, word]) => word !== undefined));
    expect(chipsOf(viewOf(set as Record<string, string>), names)).toHaveLength(chips.length - 1);
  }
});

test("clearing leaves no chip, and an address without filters has none", () => {
  expect(Object.keys(unfiltered)).toEqual(expect.arrayContaining(Object.keys(address)));
  expect(chipsOf(viewOf({ depth: "100", selected: "4" }), names)).toEqual([]);
});
