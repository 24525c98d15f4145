import { create } from "@bufbuild/protobuf";
import { TaskSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { expect, test } from "vitest";
import { heldRows } from "./held-rows.ts";

const task = (id: string, revision = 1n) => create(TaskSchema, { id, revision });
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).join("");

test("nobody reads: the list is as it is now", () => {
  expect(heldRows(undefined, [task("b"), task("a")])).toMatchObject({ newer: 0 });
});

test("while somebody reads, newer ones wait and what is known of the others is of now", () => {
  const held = heldRows([task("c"), task("b")], [task("e"), task("d"), task("c", 7n), task("b")]);
  expect(ids(held.rows)).toBe("cb");
  expect(held.newer).toBe(2);
  expect(held.rows[0]?.revision).toBe(7n);
});

test("one that left the list stays in its place, and is told apart", () => {
  const held = heldRows([task("c"), task("b"), task("a")], [task("c"), task("a")]);
  expect(ids(held.rows)).toBe("cba");
  expect([...held.gone]).toEqual(["b"]);
});

test("older ones that come with the next page follow", () => {
  const held = heldRows([task("c")], [task("c"), task("b"), task("a")]);
  expect(ids(held.rows)).toBe("cba");
});

test("what lies beyond the pages that are here has not left", () => {
  const held = heldRows([task("c"), task("b"), task("a")], [task("d"), task("c"), task("b")]);
  expect([...held.gone]).toEqual([]);
});
