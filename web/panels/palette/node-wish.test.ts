import { expect, test } from "vitest";
import { nodeWish } from "./node-wish.ts";

test("what is wanted of a node is read as people type it", () => {
  expect(nodeWish("events of server")).toEqual({ name: "server", relation: "events" });
  expect(nodeWish("Link web 2")).toEqual({ name: "web 2", relation: "links" });
  expect(nodeWish("trust in a")).toEqual({ name: "a", relation: "trust" });
});

test("a node may be called like a page", () => {
  expect(nodeWish("events")).toEqual({ name: "events", relation: undefined });
  expect(nodeWish("trustee-1")).toEqual({ name: "trustee-1", relation: undefined });
});
