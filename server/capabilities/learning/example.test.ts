// The example of docs/learning.md, recomputed.
import { readFileSync } from "node:fs";
import { create } from "@bufbuild/protobuf";
import { NetworkHealth, PrioritySchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import {
  InputKind,
  NodeTrustSchema,
  TrustInputSchema,
} from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { expect, test } from "vitest";
import { statisticsOf } from "./aggregate.ts";
import { weights } from "./input.ts";
import { agree } from "./priority.ts";
import { halfLifeMs, moveReputation } from "./reputation.ts";
import { robustMean } from "./robust.ts";
import { formulaOf, scoreOf } from "./score.ts";

const page = readFileSync(new URL("../../../docs/learning.md", import.meta.url), "utf8");
const kinds = [
  InputKind.HEARTBEATS_KEPT,
  InputKind.SIGNATURES_VALID,
  InputKind.SKEW_IN_BOUNDS,
  InputKind.SUMMARIES_FRESH,
  InputKind.CHECKS_PASSED,
] as const;

/** The rows of the page's table, with the inputs that they give. */
const rows = ["web", "api", "db", "cache"].map((name) => {
  const line = page.split("\n").find((one) => one.startsWith(`| ${name} `)) ?? "";
  const cells = line.split("|").map((cell) => cell.trim());
  const inputs = kinds.map((kind, at) => {
    const cell = cells[at + 2] ?? "-";
    const value = cell === "-" ? undefined : Number(cell);
    return create(TrustInputSchema, { kind, weight: weights[kind], value });
  });
  return { name, inputs, shown: cells[7] };
});

const scores = rows.map(({ inputs }) => scoreOf(inputs));

test("each score is what the inputs of its row make it", () => {
  expect(scores.map((score) => score?.toFixed(1) ?? "unknown")).toEqual(
    rows.map(({ shown }) => shown),
  );
  expect(page).toContain(`db: ${formulaOf(rows[2]?.inputs ?? [])}`);
});

test("the network's figures are those of the scores", () => {
  const nodes = rows.map(({ name }, at) =>
    create(NodeTrustSchema, { nodeId: name, nodeName: name, score: scores[at] }),
  );
  const found = statisticsOf(nodes);
  const { averageTrust = 0, medianTrust = 0, trustStdDeviation = 0 } = found;
  const figures = `The mean is ${averageTrust.toFixed(2)}, the median ${medianTrust.toFixed(2)}`;
  expect(page).toContain(`${figures}, the deviation ${trustStdDeviation.toFixed(2)}: healthy`);
  expect(found.networkHealth).toBe(NetworkHealth.HEALTHY);
  const robust = robustMean(scores.filter((score) => score !== undefined)) ?? 0;
  expect(page).toContain(`At the robust mean, ${robust.toFixed(2)},`);
});

test("so are the priorities and the reputation", () => {
  const told = [
    [0.6, 0.9],
    [0.2, 0.5],
    [0.9, 0.2],
  ];
  const [speed] = agree(
    told.map(([weight = 0, confidence = 0], at) => {
      const priorities = [create(PrioritySchema, { topic: "speed", weight, confidence })];
      const name = rows[at]?.name ?? "";
      return { nodeId: name, nodeName: name, score: scores[at] ?? 0, priorities, cursor: 1n };
    }),
  );
  expect(page).toContain(`a weight of ${speed?.weight.toFixed(3)} with confidence`);
  expect(page).toContain(`confidence ${speed?.confidence.toFixed(3)}; the shares`);
  const shares = speed?.contributions.map((one) => one.share.toFixed(3)) ?? [];
  expect(page).toContain(`${shares[0]}, ${shares[1]} and ${shares[2]}.`);
  const moved = moveReputation({ value: 0.5, goodMs: undefined }, 90, halfLifeMs, 0);
  expect(moved.value).toBeCloseTo(0.7, 12);
});
