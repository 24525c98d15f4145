import { expect, test } from "vitest";
import { recentMax, withPlace } from "./recent.ts";

test("a page stands once among the recent places, as one last saw it", () => {
  const map = { href: "/node", title: "Map" };
  const hub = { href: "/hub", title: "Hub" };
  const filtered = { href: "/node?state=offline", title: "Map" };
  expect(withPlace(withPlace([map], hub), filtered)).toEqual([filtered, hub]);
});

test("no more places are remembered than are shown", () => {
  const many = Array.from({ length: recentMax }, (_, i) => ({ href: `/${i}`, title: "x" }));
  expect(withPlace(many, { href: "/new", title: "x" })).toHaveLength(recentMax);
});
