import { create, toBinary, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import {
  EventRefusedSchema,
  GraphSummarySchema,
  HealthSchema,
  TelemetrySyncSchema,
  TrustAggregateSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { WitnessSchema } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import { NodeStateChangedSchema } from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import { hubSpiffe, nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import { expect, test } from "vitest";
import { topicsMax } from "./priority.ts";
import { aboutWhom, topicLettersMax, witness, type Told, type Witnessed } from "./witness.ts";
import { evidenceKinds } from "./witness.store.ts";

const home = { trustDomain: "foedus.local", tenant: "main" };
const node = nodeSpiffe("foedus.local", "main", "node_1");
const hub = hubSpiffe("foedus.local", "hub_1");
const startMs = 1_800_000_000_000;
const minute = 60_000;

let cursor = 0n;

function told<S extends DescMessage>(
  schema: S,
  payload: MessageInitShape<S>,
  rest: { source?: string; subject?: string; atMs?: number; sequence?: number } = {},
): Told {
  cursor += 1n;
  const { source = node, subject = "", atMs = startMs, sequence = Number(cursor) } = rest;
  const event = create(EventSchema, {
    type: factType(schema),
    source,
    subject,
    timeMs: BigInt(atMs),
    stream: "main",
    epoch: 1n,
    sequence: BigInt(sequence),
    payload: toBinary(schema, create(schema, payload)),
  });
  return { cursor, storedMs: startMs, event };
}

function known(...all: readonly Told[]) {
  const state: Witnessed = { witnesses: new Map(), tallies: new Map(), away: [] };
  for (const one of all) witness("node_1", one, state);
  return { witness: state.witnesses.get("node_1"), tallies: [...state.tallies.values()] };
}

const failed = (...all: readonly Told[]) =>
  known(...all).tallies.reduce((sum, one) => sum + one.failed, 0);

function became(state: NodeState, was: NodeState, atMs: number): Told {
  const payload = { node: { id: "node_1", state }, was };
  const fact = told(NodeStateChangedSchema, payload, { source: hub, subject: "node_1", atMs });
  return { ...fact, storedMs: atMs };
}

test("the time a lease had lapsed goes to its minutes, and maintenance is told apart", () => {
  const { ONLINE, OFFLINE, MAINTENANCE } = NodeState;
  const { tallies } = known(
    became(ONLINE, OFFLINE, startMs),
    became(OFFLINE, ONLINE, startMs + minute),
    became(ONLINE, OFFLINE, startMs + 2.5 * minute),
    became(MAINTENANCE, ONLINE, startMs + 3 * minute),
    became(ONLINE, MAINTENANCE, startMs + 4 * minute),
  );
  const by = (pick: (one: (typeof tallies)[number]) => number) =>
    tallies
      .filter((one) => pick(one) > 0)
      .map((one) => [(one.minuteMs - startMs) / minute, pick(one)]);
  expect(by((one) => one.lapsedMs)).toEqual([
    [1, minute],
    [2, minute / 2],
  ]);
  expect(by((one) => one.pausedMs)).toEqual([[3, minute]]);
});

test("before its first lease nothing can lapse", () => {
  const { ONLINE, OFFLINE, UNSPECIFIED } = NodeState;
  const { tallies } = known(
    became(OFFLINE, UNSPECIFIED, startMs),
    became(ONLINE, OFFLINE, startMs + 5 * minute),
  );
  expect(tallies.every((one) => one.lapsedMs === 0)).toBe(true);
});

test("what learning tells is no evidence, nor is what another hub or domain tells", () => {
  const families = ["trust_aggregate", "priority_share", "model_update", "insight_report"];
  for (const type of [...families, "learning.trust_scored"]) {
    expect(evidenceKinds).not.toContain(type);
  }
  expect(aboutWhom(told(TrustAggregateSchema, {}, { source: hub }), home)).toBeUndefined();
  const far = hubSpiffe("elsewhere.example", "hub_1");
  const state = { node: { id: "node_1", state: NodeState.OFFLINE } };
  const from = (source: string) =>
    told(NodeStateChangedSchema, state, { source, subject: "node_1" });
  expect(aboutWhom(from(far), home)).toBeUndefined();
  expect(aboutWhom(from(node), home)).toBe("node_1");
  expect(aboutWhom(from(hub), home)).toBe("node_1");
  const other = nodeSpiffe("foedus.local", "other", "node_1");
  expect(aboutWhom(told(TelemetrySyncSchema, {}, { source: other }), home)).toBeUndefined();
});

test("only what was refused for its signature counts against signatures", () => {
  const refused = (reason: string) =>
    told(
      EventRefusedSchema,
      { nodeId: "node_1", reason, batches: 1n, events: 3n },
      { source: hub },
    );
  expect(aboutWhom(refused("SHED"), home)).toBe("node_1");
  const sum = (one: Told) => known(one).tallies.reduce((all, tally) => all + tally.refused, 0);
  expect(sum(refused("EVENT_SIGNATURE_INVALID"))).toBe(3);
  expect(sum(refused("EVENT_KEY_UNKNOWN"))).toBe(3);
  expect(sum(refused("EVENT_TIME_REFUSED"))).toBe(0);
});

test("an event may come 4 s from the future, and no millisecond more", () => {
  expect(failed(told(TelemetrySyncSchema, {}, { atMs: startMs + 4_000 }))).toBe(0);
  expect(failed(told(TelemetrySyncSchema, {}, { atMs: startMs + 4_001 }))).toBe(1);
});

test("a hole in the sequence fails, a late one does not", () => {
  const at = (sequence: number) => told(TelemetrySyncSchema, {}, { sequence });
  expect(failed(at(1), at(2), at(3))).toBe(0);
  expect(failed(at(1), at(3))).toBe(1);
  expect(failed(at(3), at(2))).toBe(0);
});

test("counts must add up, and an unchanged digest has unchanged counts", () => {
  const language = (lines: bigint) => [{ language: "TypeScript", files: 1n, lines }];
  const graph = (lines: bigint, digest: string, own = lines) =>
    told(
      GraphSummarySchema,
      { files: 1n, lines, digest, languages: language(own) },
      { sequence: 1 },
    );
  expect(failed(graph(10n, "a"))).toBe(0);
  expect(failed(graph(10n, "a", 11n))).toBe(1);
  expect(failed(graph(10n, "a"), graph(11n, "b"))).toBe(0);
  expect(failed(graph(10n, "a"), graph(11n, "a"))).toBe(1);
});

test("a summary cannot make itself newer than its arrival", () => {
  const early = known(told(HealthSchema, {}, { atMs: startMs + 200_000 })).witness;
  expect(early?.summaryMs).toBe(BigInt(startMs));
  const old = known(told(HealthSchema, {}, { atMs: startMs - 200_000 })).witness;
  expect(old?.summaryMs).toBe(BigInt(startMs - 200_000));
});

test("however much a node tells of itself, little of it is kept for cycles", () => {
  const topic = (letters: number) => ({ topic: "t".repeat(letters), weight: 1, confidence: 1 });
  const keptOf = (priorities: ReturnType<typeof topic>[]) =>
    known(told(TelemetrySyncSchema, { priorities })).witness?.telemetry?.priorities.length;
  expect(keptOf([topic(topicLettersMax)])).toBe(1);
  expect(keptOf([topic(topicLettersMax + 1)])).toBe(0);
  const many = Array.from({ length: 2 * topicsMax }, () => topic(topicLettersMax));
  expect(keptOf(many.slice(0, topicsMax))).toBe(topicsMax);
  expect(keptOf(many)).toBe(topicsMax);
  const digest = "d".repeat(200_000);
  const { witness: all } = known(
    told(TelemetrySyncSchema, { priorities: many }),
    told(GraphSummarySchema, { files: 1n, lines: 1n, digest }),
  );
  expect(toBinary(WitnessSchema, all ?? create(WitnessSchema)).length).toBeLessThan(8_192);
});
