import { create } from "@bufbuild/protobuf";
import { LanguageCountSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { expect, test } from "vitest";
import { partsOf, percentText } from "./languages.tsx";

const count = (language: string, lines: number) =>
  create(LanguageCountSchema, { language, lines: BigInt(lines) });

test("the small ones are gathered, and nothing is lost", () => {
  const many = ["a", "b", "c", "d", "e", "f"].map((name, at) => count(name, 60 - at * 10));
  const parts = partsOf(many);
  expect(parts.map(({ name }) => name)).toEqual(["a", "b", "c", "d", "other"]);
  expect(parts.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100);
});

test("nearly all is not all", () => {
  expect([100, 99.8, 99.96, 75.2, 0.2].map(percentText)).toEqual([
    "100 %",
    "99.8 %",
    "100 %",
    "75 %",
    "0.2 %",
  ]);
});

test("a folder without lines divides by nothing", () => {
  expect(partsOf([count("a", 0)])).toMatchObject([{ percent: 0 }]);
});
