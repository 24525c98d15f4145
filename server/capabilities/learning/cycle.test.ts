import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { InsightReportSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { Cycle } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { InputKind, TrustLevel } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import {
  GivenLevelSchema,
  WitnessSchema,
} from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import { NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import { expect, test } from "vitest";
import { conclude, judge, toldMax, type Before, type Member, type Standing } from "./cycle.ts";
import { falling, skewFineMs, skewMostMs, weights, type Sums } from "./input.ts";
import { windowAt } from "./window.ts";

const nowMs = 1_800_000_000_000;
const quiet: Sums = {
  lapsedMs: 0,
  pausedMs: 0,
  accepted: 20,
  refused: 0,
  failed: 0,
  stateCursors: [],
  acceptedCursors: [7n],
  refusedCursors: [],
  failedCursors: [],
};

function stood(one: Standing | undefined): Before | undefined {
  if (one === undefined) return undefined;
  const { score, latencyMs, reputation, inputs } = one.trust;
  const { told, goodMs, toldLevel } = one;
  return { score, latencyMs, reputation, told, goodMs, toldLevel, inputs: () => inputs };
}

function member(id: string, sums: Partial<Sums> = {}, last?: Standing): Member {
  const before = stood(last);
  const then = timestampFromMs(nowMs - 3_600_000);
  const node = create(NodeSchema, {
    id,
    name: `name-of-${id}`,
    state: NodeState.ONLINE,
    createTime: then,
    stateTime: then,
    lastSeenTime: timestampFromMs(nowMs),
    skewMs: 5n,
    roundTripUs: 3_000n,
  });
  const summary = { summaryMs: BigInt(nowMs), summaryType: "hub.health", summaryCursor: 6n };
  const witness = create(WitnessSchema, summary);
  return { node, witness, sums: { ...quiet, ...sums }, given: undefined, vouched: true, before };
}

function cycleOf(members: readonly Member[], before?: Cycle, endMs = nowMs) {
  const window = windowAt(endMs);
  const fixed = { id: "cyc_1", askedBy: "", heartbeatMs: 10_000, headCursor: 9n };
  const wish = { ...fixed, window, members, before };
  return conclude(wish, judge(wish));
}

const kinds = (facts: ReturnType<typeof cycleOf>["facts"]) =>
  facts.map((one) => factType(one.schema));

test("the weights sum to 1", () => {
  expect(Object.values(weights).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12);
});

test.each([
  [0, 1],
  [2_000, 1],
  [31_000, 0.5],
  [59_999, 1 / 58_000],
  [60_000, 0],
  [90_000, 0],
])("a skew of %d ms is worth %d", (ms, value) => {
  expect(falling(ms, skewFineMs, skewMostMs)).toBeCloseTo(value, 9);
});

test("with two inputs trust is unknown, with three it is not", () => {
  const whole = member("a");
  const bare = { ...whole, sums: undefined, witness: undefined };
  const two = cycleOf([bare]);
  expect(two.standings[0]?.trust.score).toBeUndefined();
  expect(two.cycle.aggregate).toMatchObject({ participants: 0, unknown: 1 });
  const three = cycleOf([{ ...bare, witness: whole.witness }]);
  expect(three.standings[0]?.trust.score).toBe(100);
});

test("a score is told when it moved by a point, and not before", () => {
  const first = cycleOf([member("a")]);
  expect(kinds(first.facts)[0]).toBe("learning.trust_scored");
  const again = cycleOf([member("a", {}, first.standings[0])], first.cycle, nowMs + 1);
  expect(kinds(again.facts)).toEqual([
    "trust_aggregate",
    "priority_share",
    "model_update",
    "insight_report",
  ]);
  // Signatures weigh 0.25: 4 % forged is one point.
  const worse = { accepted: 96, refused: 4 };
  const moved = cycleOf([member("a", worse, first.standings[0])], first.cycle, nowMs + 1);
  expect(moved.standings[0]?.trust.score).toBeCloseTo(99, 9);
  expect(kinds(moved.facts)).toContain("learning.trust_scored");
});

test("a level that changed is told once, though the score stayed", () => {
  const first = cycleOf([member("a")]);
  const given = create(GivenLevelSchema, { level: TrustLevel.VERIFIED, giveMs: 1n });
  const seen = { ...member("a", {}, first.standings[0]), given };
  const { facts, standings, cycle } = cycleOf([seen], first.cycle, nowMs + 1);
  expect(facts[0]?.message).toMatchObject({ trust: { level: TrustLevel.VERIFIED } });
  const again = { ...member("a", {}, standings[0]), given };
  expect(kinds(cycleOf([again], cycle, nowMs + 2).facts)).not.toContain("learning.trust_scored");
});

test("one cycle tells so many scores at most; the rest are told by the next", () => {
  const members = Array.from({ length: toldMax + 5 }, (_, n) => member(`n${n}`));
  const first = cycleOf(members);
  const scored = (facts: typeof first.facts) =>
    kinds(facts).filter((kind) => kind === "learning.trust_scored").length;
  expect(scored(first.facts)).toBe(toldMax);
  const seen = members.map((one, at) => ({ ...one, before: stood(first.standings[at]) }));
  expect(scored(cycleOf(seen, first.cycle, nowMs + 1).facts)).toBe(5);
});

test("the report says who fell, by how much and why, before lesser things", () => {
  const first = cycleOf([member("a"), member("b")]);
  const [a, b] = first.standings;
  const fell = member("a", { lapsedMs: 300_000 }, a);
  const odd = member("b", { failed: 1 }, b);
  const { facts, cycle } = cycleOf([odd, fell], first.cycle, nowMs + 1);
  const report = facts
    .map((one) => one.message)
    .find((one) => one.$typeName === InsightReportSchema.typeName);
  const findings = (report as { findings?: string[] } | undefined)?.findings ?? [];
  expect(findings[0]).toMatch(/^name-of-a fell by \d+\.\d points to \d+\.\d: heartbeats kept/);
  expect(findings[1]).toBe("name-of-b: 19 of 20 things it told pass the hub's checks.");
  expect(cycle.summary).toContain("2 nodes");
});

test("time in maintenance is left out, and all of it leaves nothing to judge", () => {
  const half = cycleOf([member("a", { pausedMs: 300_000, lapsedMs: 0 })]);
  const kept = half.standings[0]?.trust.inputs.find(
    (one) => one.kind === InputKind.HEARTBEATS_KEPT,
  );
  expect(kept?.value).toBe(1);
  const all = cycleOf([member("a", { pausedMs: 600_000 })]);
  const none = all.standings[0]?.trust.inputs.find((one) => one.kind === InputKind.HEARTBEATS_KEPT);
  expect(none).toMatchObject({ detail: "it is in maintenance" });
  expect(none?.value).toBeUndefined();
});

test("a lease that lapsed and did not come back counts up to now, whoever heard of it first", () => {
  const lapsedMs = nowMs - 300_000;
  const offline = { state: NodeState.OFFLINE, stateTime: timestampFromMs(lapsedMs) };
  const whole = member("a");
  const held = { state: NodeState.ONLINE, stateMs: 1n, heldMs: 1n };
  const before = { ...create(WitnessSchema, held), summaryMs: BigInt(nowMs) };
  const heard = { ...before, state: NodeState.OFFLINE, stateMs: BigInt(lapsedMs) };
  for (const witness of [before, heard, undefined]) {
    const gone = { ...whole, witness, node: { ...whole.node, ...offline } };
    const [kept] = cycleOf([gone]).standings[0]?.trust.inputs ?? [];
    expect(kept?.value).toBeCloseTo(0.5, 1);
  }
});
