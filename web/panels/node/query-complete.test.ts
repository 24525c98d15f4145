import { create } from "@bufbuild/protobuf";
import { NodeSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { expect, test } from "vitest";
import { completionsOf } from "./query-complete.ts";

const nodes = ["shop", "bank", "shelf"].map((project) =>
  create(NodeSchema, { name: project, profile: { project, tags: ["web shop"] } }),
);
const words = (text: string) => completionsOf(text, text.length, nodes).map(({ word }) => word);

test("keys and values are offered for what is begun", () => {
  expect(words("st")).toEqual(["state:"]);
  expect(words("-sh")).toEqual(["project:shelf", "project:shop"]);
  expect(words("environm")).toEqual(["env:"]);
  expect(words("zz")).toEqual([]);
});

test("behind a key come its values, and those that are written already do not", () => {
  expect(words("project:")).toEqual(["bank", "shelf", "shop", "none"]);
  expect(words("project:shop,s")).toEqual(["shelf"]);
  expect(words("state:o")).toEqual(["online", "offline"]);
  expect(words("tag:we")).toEqual(['"web shop"']);
  expect(words("seen:")).toEqual(["<5m", ">1h", "never"]);
  expect(words("zz:")).toEqual([]);
});

test("what is taken replaces what was begun, and leaves the rest", () => {
  const [first] = completionsOf("a -sh b", 5, nodes);
  expect(first).toMatchObject({ text: "a -project:shelf b", caret: 17 });
  const [value] = completionsOf("project:shop,s", 14, nodes);
  expect(value).toMatchObject({ text: "project:shop,shelf ", caret: 19 });
  const [key] = completionsOf("a st", 4, nodes);
  expect(key).toMatchObject({ text: "a state:", caret: 8 });
});
