import { create } from "@bufbuild/protobuf";
import { Kind, Refusal, SegmentSchema, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { Resume, type Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { expect, test } from "vitest";
import type { Charter } from "./charter.ts";
import { framed } from "./frame.ts";
import { seenCell } from "./hold.ts";
import { stepHub } from "./hub.ts";
import { newHub, type HubEffect, type HubEvent, type Opened } from "./hub.state.ts";
import { defaultLimits } from "./limits.ts";
import { MemoryLog } from "./memory.ts";
import { cellKey, encodeOp } from "./op.ts";
import { soundRules } from "./rules.ts";
import { stepSpoke } from "./spoke.ts";
import { newSpoke, type SpokeEffect, type SpokeEvent } from "./spoke.state.ts";

const nowMs = 30_000_000 * 60_000;
const minute = (30_000_000).toString(36);
const rules = soundRules;
const notes = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
const files = create(StreamSchema, { collection: "files", zone: "eu", lane: 1 });

/** A hub whose log answers at once. */
function hubAt(zones: readonly string[], limits = defaultLimits, charter?: Charter) {
  const log = new MemoryLog("hub-1", rules, limits);
  const declared = charter === undefined ? {} : { charter };
  const state = newHub({ hub: "hub-1", zones, parent: undefined, rules, limits, ...declared }, []);
  const run = (event: HubEvent): Said[] => stepHub(state, event).flatMap(carryOut);
  const carryOut = (effect: HubEffect): Said[] => {
    if (effect.type === "ask") {
      return run({ type: "answered", answer: log.answer(effect.request, nowMs) });
    }
    return effect.type === "send" ? [{ to: effect.session, frame: effect.frame }] : [];
  };
  return { log, state, run };
}

interface Said {
  readonly to: string;
  readonly frame: Frame;
}

const opened = (session: string, more: Partial<Opened> = {}) =>
  ({
    type: "opened",
    session,
    tenant: "acme",
    zones: ["world", "eu"],
    peer: "REPLICA",
    name: session,
    writes: true,
    ...more,
  }) as const;

function hello(session: string, stream = notes, schemaRevision = 0): HubEvent {
  const replica = `${minute}-${session}`;
  const value = { stream, replica, creditBytes: 10_000, schemaRevision };
  return { type: "frame", session, frame: framed({ case: "hello", value }) };
}

function pushOf(session: string, body: string): HubEvent {
  const replica = `${minute}-${session}`;
  const op = encodeOp({ kind: Kind.REG_MV, record: "r", body: new TextEncoder().encode(body) });
  const value = { stream: notes, replica, ctrFrom: 1, ops: [op] };
  return { type: "frame", session, frame: framed({ case: "push", value }) };
}

test("a stream outside the hub's zones, or the session's, is refused by name", () => {
  const abroad = hubAt(["world"]);
  abroad.run(opened("s1"));
  const european = hubAt(["world", "eu"]);
  european.run(opened("s1", { zones: ["world"] }));
  for (const hub of [abroad, european]) {
    const [said] = hub.run(hello("s1", files));
    const { value } = said?.frame.frame ?? {};
    expect(value).toMatchObject({ mode: Resume.REFUSED, refusal: Refusal.ZONE });
    expect(hub.log.shelves.size).toBe(0);
  }
});

test("a push to a stream that was not opened is refused, and the session goes on", () => {
  const hub = hubAt(["world"]);
  hub.run(opened("s1"));
  const [said] = hub.run(pushOf("s1", "a"));
  expect(said?.frame.frame.value).toMatchObject({ refusal: Refusal.NOT_OPEN });
  hub.run(hello("s1"));
  const again = hub.run(pushOf("s1", "a")).map(({ frame }) => frame.frame.case);
  expect(again).toContain("pushAck");
});

test("two tenants with the same collection share no row, and hear nothing of each other", () => {
  const hub = hubAt(["world"]);
  hub.run(opened("s1"));
  hub.run(opened("s2", { tenant: "beta" }));
  hub.run(hello("s1"));
  hub.run(hello("s2"));
  const said = hub.run(pushOf("s1", "a"));
  expect(new Set(said.map(({ to }) => to))).toEqual(new Set(["s1"]));
  hub.run(pushOf("s2", "b"));
  expect([...hub.log.shelves.keys()]).toEqual(["acme/notes//world/1", "beta/notes//world/1"]);
});

test("who takes more than it has credit for waits, and is sent the rest when it acknowledges", () => {
  const hub = hubAt(["world"], { ...defaultLimits, frameOpsMax: 1 });
  for (const session of ["s1", "s2"]) {
    hub.run(opened(session));
    hub.run(hello(session));
  }
  const big = "x".repeat(6000);
  const batches = (said: Said[]) =>
    said.filter(({ to, frame }) => to === "s2" && frame.frame.case === "batch").length;
  const value = (ctrFrom: number) => {
    const push = pushOf("s1", big);
    if (push.type === "frame" && push.frame.frame.case === "push") {
      push.frame.frame.value.ctrFrom = ctrFrom;
    }
    return push;
  };
  const sent = [1, 2, 3, 4].map((ctr) => batches(hub.run(value(ctr))));
  expect(sent).toEqual([1, 1, 0, 0]);
  // The first frame was the snapshot it began with.
  const ack = framed({ case: "batchAck", value: { stream: notes, id: 3 } });
  expect(batches(hub.run({ type: "frame", session: "s2", frame: ack }))).toBe(2);
});

function acksOf(said: readonly Said[]) {
  return said.flatMap(({ frame: { frame } }) => (frame.case === "pushAck" ? [frame.value] : []));
}

test("who may only read is refused a push by name, and goes on reading", () => {
  const hub = hubAt(["world"]);
  hub.run(opened("reader", { writes: false }));
  hub.run(opened("writer"));
  for (const session of ["reader", "writer"]) hub.run(hello(session));
  const [ack] = acksOf(hub.run(pushOf("reader", "a")));
  expect(ack).toMatchObject({ refusal: Refusal.READ_ONLY, mark: { ctr: 0 } });
  const told = hub.run(pushOf("writer", "a")).map(({ to, frame }) => `${to} ${frame.frame.case}`);
  expect(told).toContain("reader batch");
});

test("a stream outside of its declaration is not opened, and one that exists takes no write", () => {
  let terms: ReturnType<Charter> = { revisionMin: 0, revisionMax: 0 };
  const hub = hubAt(["world"], defaultLimits, () => terms);
  hub.run(opened("s1"));
  hub.run(hello("s1"));
  terms = undefined;
  const [ack] = acksOf(hub.run(pushOf("s1", "a")));
  expect(ack?.refusal).toBe(Refusal.NOT_DECLARED);
  const modes = [notes, { ...notes, lane: 2 }].map((stream) => {
    const [said] = hub.run(hello("s1", stream));
    return said?.frame.frame.value;
  });
  expect(modes[0]).toMatchObject({ refusal: Refusal.UNSPECIFIED });
  expect(modes[1]).toMatchObject({ mode: Resume.REFUSED, refusal: Refusal.NOT_DECLARED });
});

test("a revision of the schema is taken at its bounds and not beyond", () => {
  const hub = hubAt(["world"], defaultLimits, () => ({ revisionMin: 2, revisionMax: 3 }));
  hub.run(opened("s1"));
  const refusals = [0, 1, 2, 3, 4].map((revision) => {
    const [said] = hub.run(hello("s1", notes, revision));
    return said?.frame.frame.case === "resumed" && said.frame.frame.value.refusal;
  });
  // Who does not say by which revision it reads is heard; each of its ops says so for itself.
  expect(refusals).toEqual([0, Refusal.SCHEMA, 0, 0, Refusal.SCHEMA]);
  hub.run(hello("s1"));
  const [ack] = acksOf(hub.run(pushOf("s1", "a")));
  expect(ack?.mark?.refused).toMatchObject([{ ctr: 1, refusal: Refusal.SCHEMA }]);
});

test("a push that met another value says in which field", () => {
  const hub = hubAt(["world"]);
  const conflicts = ["s1", "s2"].map((session) => {
    hub.run(opened(session));
    hub.run(hello(session));
    return acksOf(hub.run(pushOf(session, session)))[0]?.conflicts;
  });
  expect(conflicts).toMatchObject([[], [{ record: "r", field: "" }]]);
});

function spokeOf(limits = defaultLimits) {
  const replica = `${minute}-me`;
  const start = { replica, tenant: "acme", zones: ["world"], rules, limits };
  const state = newSpoke({ ...start, holds: new Map() });
  const run = (event: SpokeEvent) => stepSpoke(state, event, nowMs);
  run({ type: "subscribe", stream: notes });
  const hold = state.holds.get("acme/notes//world/1");
  if (hold === undefined) throw new Error("not subscribed");
  const values = () => seenCell(hold, cellKey({ record: "r", field: "" }), rules.written)?.siblings;
  return { state, run, hold, values, replica };
}

const put = (body: string): SpokeEvent => ({
  type: "write",
  stream: notes,
  wish: { kind: Kind.REG_LWW, record: "r", body: new TextEncoder().encode(body) },
});

test("an op is seen before any hub has it, and is saved before it is sent", () => {
  const spoke = spokeOf();
  spoke.run({ type: "opened", session: "s1" });
  const value = { stream: notes, mode: Resume.INCREMENTAL, mark: { replica: spoke.replica } };
  const resumed = framed({ case: "resumed", value });
  spoke.run({ type: "frame", session: "s1", frame: resumed });
  const effects = spoke.run(put("a")).map(({ type }) => type);
  expect(effects).toEqual(["save", "send"]);
  expect(spoke.values()).toHaveLength(1);
  expect(spoke.hold.cells.size).toBe(0);
});

test("an op that a hub refused is no longer seen, and lies where it can be", () => {
  const spoke = spokeOf();
  spoke.run({ type: "opened", session: "s1" });
  spoke.run(put("a"));
  const refused = [{ ctr: 1, refusal: Refusal.SIBLINGS_MAX }];
  const value = { stream: notes, mark: { replica: spoke.replica, ctr: 1, refused } };
  const ack = framed({ case: "pushAck", value });
  spoke.run({ type: "frame", session: "s1", frame: ack });
  expect(spoke.values()).toBeUndefined();
  const [lies] = spoke.hold.quarantine.values();
  expect(lies?.refusal).toBe(Refusal.SIBLINGS_MAX);
});

test("an op leaves the outbox when the parent, its hub's log and so many after it have passed", () => {
  const spoke = spokeOf({ ...defaultLimits, settledKept: 2 });
  spoke.run({ type: "opened", session: "s1" });
  for (const body of ["a", "b", "c", "d", "e"]) spoke.run(put(body));
  const { replica } = spoke;
  const snapshot = { stream: notes, id: 1, cursor: { epoch: "e", seq: 5 }, readSeq: 5, last: true };
  const marks = [{ replica, ctr: 4 }];
  const resumed = { stream: notes, mode: Resume.SNAPSHOT, mark: { replica, ctr: 4 } };
  for (const frame of [
    framed({ case: "resumed", value: resumed }),
    framed({ case: "snapshotPart", value: { ...snapshot, marks } }),
  ]) {
    spoke.run({ type: "frame", session: "s1", frame });
  }
  expect(spoke.hold.ops.size).toBe(5);
  const settled = framed({ case: "settled", value: { stream: notes, ctr: 4 } });
  spoke.run({ type: "frame", session: "s1", frame: settled });
  expect([...spoke.hold.ops.values()].map(({ ctr }) => ctr)).toEqual([3, 4, 5]);
});

test("what a peer hands over is seen, carried on, and taken only in order", () => {
  const spoke = spokeOf();
  const bytes = encodeOp({ kind: Kind.REG_LWW, record: "r" });
  const op = (ctr: number) => ({ replica: `${minute}-peer`, ctr, bytes });
  spoke.run({ type: "handed", stream: notes, ops: [op(2)] });
  expect(spoke.values()).toBeUndefined();
  spoke.run({ type: "handed", stream: notes, ops: [op(1), op(2), op(2), op(4)] });
  expect(spoke.values()).toHaveLength(2);
});

test("a replica outside of a zone does not follow its streams, whoever offers them", () => {
  const spoke = spokeOf();
  expect(spoke.run({ type: "subscribe", stream: files })).toEqual([]);
  expect(spoke.run({ type: "handed", stream: files, ops: [] })).toEqual([]);
  expect([...spoke.state.holds.keys()]).toEqual(["acme/notes//world/1"]);
});

test("what a peer handed over is pushed with what its author signed, each segment once", () => {
  const spoke = spokeOf({ ...defaultLimits, frameOpsMax: 3 });
  const bytes = encodeOp({ kind: Kind.REG_LWW, record: "r" });
  const segment = (name: number) =>
    create(SegmentSchema, { header: Uint8Array.of(name), signature: Uint8Array.of(name) });
  const [first, second] = [segment(1), segment(2)];
  // The copies that a disk gives back are not the same objects.
  const segments = [first, { ...first }, second, second];
  const replica = `${minute}-peer`;
  const ops = segments.map((each, at) => ({ replica, ctr: at + 1, bytes, segment: each }));
  spoke.run({ type: "handed", stream: notes, ops });
  spoke.run({ type: "opened", session: "s1" });
  const pushes = [spoke.replica, replica].map((whose) => {
    const mark = { replica: whose, ctr: whose === replica ? 3 : 0 };
    const said = { stream: notes, mode: Resume.INCREMENTAL, mark };
    const frame =
      whose === replica
        ? framed({ case: "pushAck", value: { stream: notes, mark } })
        : framed({ case: "resumed", value: said });
    const effects = spoke.run({ type: "frame", session: "s1", frame });
    return effects.flatMap((effect) => (effect.type === "send" ? [effect.frame.frame.value] : []));
  });
  expect(pushes).toMatchObject([
    [{ ctrFrom: 1, segments: [first, second] }],
    [{ ctrFrom: 4, segments: [second] }],
  ]);
});

test("a stream that is full takes what goes in, and the rest lies where it can be seen", () => {
  const hub = hubAt(["world"], { ...defaultLimits, counterMax: 2 });
  const spoke = spokeOf();
  hub.run(opened("s1"));
  for (const body of ["a", "b", "c"]) spoke.run(put(body));
  const talk = (effects: readonly SpokeEffect[]): void => {
    for (const effect of effects) {
      if (effect.type !== "send") continue;
      const answers = hub.run({ type: "frame", session: "s1", frame: effect.frame });
      for (const { frame } of answers) talk(spoke.run({ type: "frame", session: "s1", frame }));
    }
  };
  talk(spoke.run({ type: "opened", session: "s1" }));
  const lies = [...spoke.hold.quarantine.values()].map(({ ctr, refusal }) => [ctr, refusal]);
  expect(lies).toEqual([[3, Refusal.STREAM_FULL]]);
  expect(spoke.hold.ackedCtr).toBe(2);
});

test("a stream that is not followed for now brings nothing, and takes what is written", () => {
  const spoke = spokeOf();
  spoke.run({ type: "opened", session: "s1" });
  const credits = (["unsubscribe", "unsubscribe", "subscribe", "subscribe"] as const).map((type) =>
    spoke
      .run({ type, stream: notes })
      .map((effect) => effect.type === "send" && effect.frame.frame.value),
  );
  expect(credits).toMatchObject([[{ creditBytes: 0 }], [], [{ creditBytes: 262_144 }], []]);
  spoke.run({ type: "unsubscribe", stream: notes });
  const mark = { replica: spoke.replica };
  const resumed = { stream: notes, mode: Resume.SNAPSHOT, mark };
  spoke.run({ type: "frame", session: "s1", frame: framed({ case: "resumed", value: resumed }) });
  expect(spoke.run(put("a")).map(({ type }) => type)).toEqual(["save", "send"]);
});

test("a stream that nobody wrote to is forgotten with the last who asked for it", () => {
  const hub = hubAt(["world", "eu"]);
  for (const session of ["s1", "s2"]) hub.run(opened(session));
  hub.run(hello("s1", files));
  hub.run(hello("s2", files));
  hub.run(hello("s2"));
  hub.run(pushOf("s2", "a"));
  hub.run({ type: "closed", session: "s1" });
  expect(hub.state.streams.size).toBe(2);
  hub.run({ type: "closed", session: "s2" });
  expect([...hub.state.streams.keys()]).toEqual(["acme/notes//world/1"]);
  expect(hub.state.followers.size).toBe(0);
});

test("a log that has less than was heard of it is not asked again and again", () => {
  const hub = hubAt(["world"]);
  hub.run(opened("s1"));
  hub.run(hello("s1"));
  hub.run(pushOf("s1", "a"));
  const standing = { epoch: "hub-1", head: 9, vector: { "hub-1": 9 } };
  const key = "acme/notes//world/1";
  expect(hub.run({ type: "grown", key, standing })).toEqual([]);
  expect(hub.state.streams.get(key)?.head).toBe(1);
});
