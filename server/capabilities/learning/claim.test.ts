// What a node claims of itself never raises its score.
import { create, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  Health_Status as Status,
  HealthSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Sums } from "./input.ts";
import { inputsOf } from "./input.ts";
import { scoreOf } from "./score.ts";
import { windowAt } from "./window.ts";
import { witness, type Told, type Witnessed } from "./witness.ts";

const nowMs = 1_800_000_000_000;
const source = nodeSpiffe("foedus.local", "main", "node_1");

interface Claim {
  readonly trustScore: number | undefined;
  readonly syncLatencyMs: number | undefined;
  readonly status: Status;
  readonly agoMs: number;
}

/** Telemetry and health as the node tells them, with its claims or without. */
function events(claims: readonly Claim[], withClaims: boolean): Told[] {
  const payloads = claims.flatMap(({ trustScore, syncLatencyMs, status, agoMs }) => {
    const claimed = withClaims ? { trustScore, syncLatencyMs } : {};
    const health = withClaims ? { status } : {};
    return [
      {
        type: "telemetry_sync",
        agoMs,
        payload: toBinary(TelemetrySyncSchema, create(TelemetrySyncSchema, claimed)),
      },
      { type: "hub.health", agoMs, payload: toBinary(HealthSchema, create(HealthSchema, health)) },
    ];
  });
  return payloads.map(({ type, agoMs, payload }, at) => {
    const sequence = BigInt(at * 2 + 1);
    const timeMs = BigInt(nowMs - agoMs);
    const line = { stream: "main", epoch: 1n, sequence };
    const event = create(EventSchema, { type, source, timeMs, payload, ...line });
    return { cursor: sequence, storedMs: nowMs - 1_000, event };
  });
}

function scoreWith(told: readonly Told[], skewMs: bigint, roundTripUs: bigint) {
  const state: Witnessed = { witnesses: new Map(), tallies: new Map(), away: [] };
  for (const one of told) witness("node_1", one, state);
  const sums: Sums = {
    lapsedMs: 0,
    pausedMs: 0,
    accepted: told.length,
    refused: 1,
    failed: [...state.tallies.values()].reduce((sum, tally) => sum + tally.failed, 0),
    stateCursors: [],
    acceptedCursors: [1n],
    refusedCursors: [],
    failedCursors: [],
  };
  const then = timestampFromMs(nowMs - 3_600_000);
  const seen = { createTime: then, stateTime: then, lastSeenTime: timestampFromMs(nowMs) };
  const node = create(NodeSchema, { state: NodeState.ONLINE, skewMs, roundTripUs, ...seen });
  const observed = { node, witness: state.witnesses.get("node_1"), sums };
  return scoreOf(inputsOf(observed, { window: windowAt(nowMs), heartbeatMs: 10_000 }));
}

const figure = fc.option(fc.oneof(fc.double(), fc.double({ min: 0, max: 100, noNaN: true })), {
  nil: undefined,
});
const claim = fc.record({
  trustScore: figure,
  syncLatencyMs: figure,
  status: fc.constantFrom(Status.UNSPECIFIED, Status.HEALTHY, Status.DEGRADED),
  agoMs: fc.integer({ min: -10_000, max: 3_600_000 }),
});

test("a score with claims is never above the score without", () => {
  const claims = fc.array(claim, { minLength: 1, maxLength: 12 });
  const bigint = (max: bigint) => fc.bigInt({ min: 0n, max });
  fc.assert(
    fc.property(claims, bigint(90_000n), bigint(500_000n), (told, skewMs, tripUs) => {
      const without = scoreWith(events(told, false), skewMs, tripUs) ?? Number.NaN;
      expect(scoreWith(events(told, true), skewMs, tripUs)).toBeLessThanOrEqual(without);
    }),
    { numRuns: 500 },
  );
});
