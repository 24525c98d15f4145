import { create } from "@bufbuild/protobuf";
import { NodeTrustSchema } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { expect, test } from "vitest";
import { trustLook } from "./health.ts";
import { contributorsOf, scoreText, shareText, sortTrust } from "./score.ts";

const node = (nodeName: string, score?: number) =>
  create(NodeTrustSchema, { nodeId: nodeName, nodeName, ...(score !== undefined && { score }) });

test("a node weighs by its part of all the trust, and one without a score not at all", () => {
  const contributors = contributorsOf([node("b", 20), node("a", 60), node("c")]);
  expect(contributors.map(({ name, weight }) => [name, weight])).toEqual([
    ["a", 0.75],
    ["b", 0.25],
  ]);
});

test("where nobody is trusted nobody weighs anything", () => {
  expect(contributorsOf([node("a", 0)]).map(({ weight }) => weight)).toEqual([0]);
});

test("who has no score comes last, however it is sorted", () => {
  const nodes = [node("x"), node("low", 10), node("high", 90)];
  const names = (descending: boolean) =>
    sortTrust(nodes, "score", descending).map(({ nodeName }) => nodeName);
  expect(names(false)).toEqual(["low", "high", "x"]);
  expect(names(true)).toEqual(["high", "low", "x"]);
});

test("an unknown score is a word and grey, and no zero", () => {
  expect(scoreText(undefined)).toBe("unknown");
  expect(trustLook(undefined).word).toBe("Unknown");
  expect(trustLook(0).word).toBe("Distrusted");
});

test("a node is drawn by the thresholds of the network, at their very edge", () => {
  expect([80, 79.9, 60, 59.9].map((score) => trustLook(score).word)).toEqual([
    "Trusted",
    "Doubtful",
    "Doubtful",
    "Distrusted",
  ]);
});

test("a small share is not rounded to nothing", () => {
  expect(shareText(0.004)).toBe("0.4 %");
  expect(shareText(0.42)).toBe("42 %");
});
