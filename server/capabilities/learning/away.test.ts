// A hub's own outage, cut out of time, leaves every score as it was.
import { create, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  EventRefusedSchema,
  HealthSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { NodeStateChangedSchema } from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import { NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { factType } from "@foedus/kernel/change.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inputsOf, type Sums } from "./input.ts";
import { scoreOf } from "./score.ts";
import { minuteMs, watchedMs, watchedSpans, windowAt, windowMs, type Span } from "./window.ts";
import { witness, type Told, type Witnessed } from "./witness.ts";

const startMs = 1_800_000_000_000;
const longMs = 90 * minuteMs;

/** What happened to a node at an instant. */
interface Happening {
  readonly atMs: number;
  readonly what: "summary" | "telemetry" | "forged" | NodeState;
  /** How long before it says that it was so. */
  readonly oldMs: number;
}

interface Story {
  readonly happenings: readonly Happening[];
  readonly endMs: number;
  readonly skewMs: number;
}

/** Mostly within the last window. */
const instant = fc.oneof(
  fc.integer({ min: 1, max: longMs }),
  fc.integer({ min: longMs - windowMs, max: longMs }),
);
const { ONLINE, OFFLINE, DEGRADED, MAINTENANCE } = NodeState;
const happening = fc.record({
  atMs: instant,
  what: fc.constantFrom<Happening["what"][]>(
    ...(["summary", "summary", "telemetry", "telemetry", "forged"] as const),
    ONLINE,
    ONLINE,
    OFFLINE,
    DEGRADED,
    MAINTENANCE,
  ),
  oldMs: fc.integer({ min: 0, max: 20 * minuteMs }),
});
const story = fc.record({
  happenings: fc
    .array(happening, { maxLength: 40 })
    .map((all) =>
      all.map((one) => ({ ...one, atMs: startMs + one.atMs })).toSorted((a, b) => a.atMs - b.atMs),
    ),
  endMs: fc.integer({ min: startMs + longMs, max: startMs + longMs + 2 * minuteMs }),
  skewMs: fc.integer({ min: 0, max: 90_000 }),
});
/** When hubs were away: how long after the story's start, and for how many minutes. */
const outages = fc.array(fc.tuple(instant, fc.integer({ min: 1, max: 900 })), {
  minLength: 1,
  maxLength: 5,
});

function toldOf(
  { atMs, what, oldMs }: Happening,
  cursor: bigint,
  mapped: (ms: number) => number,
): Told {
  const storedMs = mapped(atMs);
  const toldMs = BigInt(mapped(atMs - oldMs));
  const line = { stream: "main", epoch: 1n, sequence: cursor };
  const event = (type: string, payload: Uint8Array, timeMs = BigInt(storedMs)) =>
    create(EventSchema, { type, payload, timeMs, ...line });
  if (what === "summary") {
    const payload = toBinary(HealthSchema, create(HealthSchema));
    return { cursor, storedMs, event: event("hub.health", payload, toldMs) };
  }
  if (what === "telemetry") {
    // One that claims too much fails a check.
    const trustScore = oldMs % 3 === 0 ? 1_000 : 90;
    const payload = toBinary(TelemetrySyncSchema, create(TelemetrySyncSchema, { trustScore }));
    return { cursor, storedMs, event: event("telemetry_sync", payload) };
  }
  if (what === "forged") {
    const refused = { nodeId: "node_1", reason: "EVENT_SIGNATURE_INVALID", events: 1n };
    const payload = toBinary(EventRefusedSchema, create(EventRefusedSchema, refused));
    return { cursor, storedMs, event: event(factType(EventRefusedSchema), payload) };
  }
  const changed = create(NodeStateChangedSchema, { node: { id: "node_1", state: what } });
  const payload = toBinary(NodeStateChangedSchema, changed);
  return { cursor, storedMs, event: event(factType(NodeStateChangedSchema), payload) };
}

/** The score at the end of a story that was lived through with these absences. */
function scoreAfter({ happenings, endMs, skewMs }: Story, absences: readonly Span[]) {
  const mapped = (ms: number) => stretched(ms, absences);
  const away = absences.toReversed();
  const state: Witnessed = { witnesses: new Map(), tallies: new Map(), away };
  for (const [at, one] of happenings.entries()) {
    witness("node_1", toldOf(one, BigInt(at + 1), mapped), state);
  }
  const window = windowAt(mapped(endMs), away);
  const lived = [...state.tallies.values()].filter((one) => one.minuteMs >= window.startMs);
  const sum = (pick: (one: (typeof lived)[number]) => number) =>
    lived.reduce((all, one) => all + pick(one), 0);
  const cursors = { stateCursors: [], acceptedCursors: [], refusedCursors: [], failedCursors: [] };
  const sums: Sums = {
    lapsedMs: sum((one) => one.lapsedMs),
    pausedMs: sum((one) => one.pausedMs),
    accepted: sum((one) => one.accepted),
    refused: sum((one) => one.refused),
    failed: sum((one) => one.failed),
    ...cursors,
  };
  const last = happenings.findLast(({ what }) => typeof what === "number");
  const node = create(NodeSchema, {
    id: "node_1",
    state: typeof last?.what === "number" ? last.what : NodeState.ONLINE,
    createTime: timestampFromMs(startMs - minuteMs),
    stateTime: timestampFromMs(mapped(last?.atMs ?? startMs)),
    lastSeenTime: timestampFromMs(mapped(happenings.at(-1)?.atMs ?? startMs)),
    skewMs: BigInt(skewMs),
  });
  const observed = { node, witness: state.witnesses.get("node_1"), sums };
  return scoreOf(inputsOf(observed, { window, heartbeatMs: 10_000 }));
}

/** Where an instant lies once the absences before it are put in. */
function stretched(ms: number, absences: readonly Span[]): number {
  return absences.reduce((at, { fromMs, toMs }) => (at > fromMs ? at + toMs - fromMs : at), ms);
}

/** Absences one after the other, on the stretched line of time. */
function absencesOf(all: readonly (readonly [number, number])[]): Span[] {
  const spans: Span[] = [];
  for (const [afterMs, minutes] of all.toSorted(([a], [b]) => a - b)) {
    const fromMs = stretched(startMs + afterMs, spans);
    if (spans.some((span) => span.fromMs <= fromMs && fromMs <= span.toMs)) continue;
    spans.push({ fromMs, toMs: fromMs + minutes * minuteMs });
  }
  return spans;
}

test("whatever happened, hours in which no hub was there change no score", () => {
  fc.assert(
    fc.property(story, outages, (one, all) => {
      expect(scoreAfter(one, absencesOf(all))).toEqual(scoreAfter(one, []));
    }),
    { numRuns: 600 },
  );
});

test("a hub that comes back to a silent network finds every score where it left it", () => {
  const hours = fc.integer({ min: 1, max: 72 });
  fc.assert(
    fc.property(story, hours, (one, away) => {
      const absence = { fromMs: one.endMs, toMs: one.endMs + away * 60 * minuteMs };
      // The first look back is a moment later than the last one before.
      const back = { ...one, endMs: one.endMs + 1 };
      expect(scoreAfter(back, [absence])).toEqual(scoreAfter(back, []));
    }),
    { numRuns: 300 },
  );
});

test("a node that is silent while the hub is there falls", () => {
  const happenings = [ONLINE, "summary" as const, "telemetry" as const].map((what, at) => {
    return { atMs: startMs + at + 1, what, oldMs: 1 };
  });
  const soon = { happenings, endMs: startMs + 5 * minuteMs, skewMs: 0 };
  expect(scoreAfter({ ...soon, endMs: startMs + 9 * minuteMs }, [])).toBeLessThan(
    scoreAfter(soon, []) ?? 0,
  );
});

test("a window is ten minutes of presence, and what is left out adds up", () => {
  const away = [
    { fromMs: startMs + 8 * minuteMs, toMs: startMs + 200 * minuteMs },
    { fromMs: startMs, toMs: startMs + 5 * minuteMs },
  ];
  const endMs = startMs + 204 * minuteMs;
  const window = windowAt(endMs, away);
  expect(window.startMs).toBe(startMs - 3 * minuteMs);
  expect(watchedMs(window.startMs, endMs, away)).toBe(10 * minuteMs);
  expect(watchedSpans(window.startMs, endMs, away)).toHaveLength(3);
  expect(watchedMs(endMs, window.startMs, away)).toBe(0);
});
