import { create } from "@bufbuild/protobuf";
import { NodeSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { expect, test } from "vitest";
import { columnsFor } from "./node-columns.ts";
import { itemsOf } from "./node-items.ts";

const nodes = ["ared", "bblue", "cred"].map((word) =>
  create(NodeSchema, { id: word.charAt(0), profile: { team: word.slice(1) } }),
);
const told = (...wish: Parameters<typeof itemsOf>) =>
  itemsOf(...wish).flatMap(({ node: { id }, heading }) =>
    heading ? [[heading.title, heading.hits, heading.count].join(" "), id] : [id],
  );

test("each group stands under its heading, with its count", () => {
  expect(told(nodes, undefined, undefined)).toEqual(["a", "b", "c"]);
  expect(told(nodes, undefined, "team")).toEqual(["blue  1", "b", "red  2", "a", "c"]);
});

test("what was looked for comes first, in its order, and its group with it", () => {
  expect(told(nodes, new Set(["c", "b"]), undefined)).toEqual(["b", "c", "a"]);
  expect(told(nodes, new Set(["c"]), "team")).toEqual(["red 1 2", "c", "a", "blue 0 1", "b"]);
});

test("a narrow table keeps what matters most", () => {
  const keys = (widthPx: number) => columnsFor(widthPx).map(({ key }) => key);
  expect(keys(300)).toEqual(["name", "state"]);
  expect(keys(679)).not.toContain("env");
  expect(keys(680)).toContain("env");
  expect(keys(1_200)).toHaveLength(9);
});
