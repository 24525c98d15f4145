import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  FailureSchema,
  NeedsSchema,
  RetryPolicySchema,
} from "@foedus/gen/foedus/task/v1/task_pb.js";
import { WorkerSchema } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fits, obstaclesOf } from "./fits.ts";
import { lineOf, lineText } from "./line.ts";
import { nextAttemptMs } from "./retry.ts";

const worker = create(WorkerSchema, {
  kinds: ["scan"],
  capabilities: ["ocr"],
  labels: { region: "eu" },
  models: ["small-1"],
});
const node = { nodeId: "node_1", labels: { team: "blue" } };

test("who meets all needs fits", () => {
  const needs = create(NeedsSchema, {
    nodeId: "node_1",
    capabilities: ["ocr"],
    labels: { region: "eu", team: "blue" },
    model: "small-1",
  });
  expect(fits("scan", needs, worker, node)).toBe(true);
  expect(fits("scan", undefined, worker, node)).toBe(true);
  expect(fits("other", undefined, { ...worker, kinds: [] }, node)).toBe(true);
});

test("whoever lacks something hears what, each in words", () => {
  const needs = create(NeedsSchema, {
    nodeId: "node_2",
    capabilities: ["ocr", "gpu"],
    labels: { region: "us", stage: "live", constructor: "x" },
    model: "large-1",
  });
  expect(obstaclesOf("print", needs, worker, node)).toEqual([
    "does no print",
    "is not node node_2",
    "offers no gpu",
    "has region eu, not us",
    "says no stage",
    "says no constructor",
    "cannot run the model large-1",
  ]);
});

test("a line is the same in whatever order its needs were said, and no other", () => {
  const needs = (capabilities: string[], labels: Record<string, string>) =>
    create(NeedsSchema, { capabilities, labels });
  const one = { queue: "q", kind: "k", needs: needs(["a", "b"], { x: "1", y: "2" }) };
  const same = { queue: "q", kind: "k", needs: needs(["b", "a"], { y: "2", x: "1" }) };
  expect(lineOf(one).id).toBe(lineOf(same).id);
  expect(lineOf(one).id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(lineOf({ ...one, needs: undefined }).id).toBe(
    lineOf({ ...one, needs: create(NeedsSchema) }).id,
  );
  const text = fc.string({ maxLength: 4 });
  fc.assert(
    fc.property(text, text, text, text, (q1, k1, q2, k2) => {
      const isSame = lineText(q1, k1, undefined) === lineText(q2, k2, undefined);
      expect(isSame).toBe(q1 === q2 && k1 === k2);
    }),
  );
});

const retry = create(RetryPolicySchema, {
  maximumAttempts: 3,
  initialInterval: durationFromMs(1_000),
  backoffCoefficient: 3,
  maximumInterval: durationFromMs(2_000),
  nonRetryableReasons: ["BAD_INPUT"],
});
const failure = create(FailureSchema, { reason: "BUSY" });
const first = { attempts: 1, failure, untilMs: undefined, nowMs: 0 };

test("intervals grow up to their maximum, and attempts end", () => {
  expect([1, 2, 3].map((attempts) => nextAttemptMs(retry, { ...first, attempts }))).toEqual([
    1_000,
    2_000,
    undefined,
  ]);
});

test("a failure that is final, or named so by the policy, is not tried again", () => {
  const of = (init: object) => ({ ...first, failure: create(FailureSchema, init) });
  expect(nextAttemptMs(retry, of({ reason: "BUSY", isFinal: true }))).toBeUndefined();
  expect(nextAttemptMs(retry, of({ reason: "BAD_INPUT" }))).toBeUndefined();
});

test("who says when is not tried sooner, and nobody is tried after the end", () => {
  const later = create(FailureSchema, { reason: "BUSY", retryAfter: durationFromMs(9_000) });
  expect(nextAttemptMs(retry, { ...first, failure: later })).toBe(9_000);
  expect(nextAttemptMs(retry, { ...first, untilMs: 1_001 })).toBe(1_000);
  expect(nextAttemptMs(retry, { ...first, untilMs: 1_000 })).toBeUndefined();
});
