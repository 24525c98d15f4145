import { create } from "@bufbuild/protobuf";
import { NodeSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { expect, test } from "vitest";
import { titleBeside } from "./state.ts";

const titled = (title: string) =>
  titleBeside(create(NodeSchema, { name: "web", profile: { title } }));

test("a title that says the name again is left out", () => {
  expect([titled("Web"), titled(""), titled("The page")]).toEqual([
    undefined,
    undefined,
    "The page",
  ]);
});
