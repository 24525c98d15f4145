import { create } from "@bufbuild/protobuf";
import {
  EntrySchema,
  Kind,
  Refusal,
  Slot,
  StreamSchema,
} from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { Resume, type Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { expect, test } from "vitest";
import { framed } from "./frame.ts";
import { stepHub } from "./hub.ts";
import { newHub, type HubEffect, type HubEvent, type Opened } from "./hub.state.ts";
import { defaultLimits } from "./limits.ts";
import { MemoryLog } from "./memory.ts";
import { encodeOp } from "./op.ts";
import { soundRules as rules } from "./rules.ts";

const nowMs = 30_000_000 * 60_000;
const replica = `${(30_000_000).toString(36)}-a`;
const limits = { ...defaultLimits, unwrittenMax: 2 };
const streamOf = (collection: string) =>
  create(StreamSchema, { collection, zone: "world", lane: 1 });

/** A hub below another one, whose log answers at once. */
function hubBelow() {
  const log = new MemoryLog("hub-1", rules, limits);
  const parent = { name: "global", zones: ["world"], tenant: "acme" };
  const state = newHub({ hub: "hub-1", zones: ["world"], parent, rules, limits }, []);
  const run = (event: HubEvent): [string, Frame][] => stepHub(state, event).flatMap(carryOut);
  const carryOut = (effect: HubEffect): [string, Frame][] => {
    if (effect.type === "ask") {
      return run({ type: "answered", answer: log.answer(effect.request, nowMs) });
    }
    return effect.type === "send" ? [[effect.session, effect.frame]] : [];
  };
  const open = (session: string, more: Partial<Opened>) => {
    const rest = { tenant: "acme", zones: ["world"], peer: "REPLICA", name: session } as const;
    return run({ type: "opened", session, writes: true, ...rest, ...more });
  };
  const hello = (session: string, collection: string, as = "") => {
    const value = { stream: streamOf(collection), replica: as, creditBytes: 10_000 };
    return run({ type: "frame", session, frame: framed({ case: "hello", value }) });
  };
  const push = (session: string, collection: string) => {
    const ops = [encodeOp({ kind: Kind.COUNTER, record: "n", amount: 1 })];
    const value = { stream: streamOf(collection), replica, ctrFrom: 1, ops };
    return run({ type: "frame", session, frame: framed({ case: "push", value }) });
  };
  /** The hub above says of a stream that it begins with nothing. */
  const resume = (collection: string) => {
    const value = { stream: streamOf(collection), mode: Resume.INCREMENTAL, creditBytes: 10_000 };
    return run({ type: "frame", session: "up", frame: framed({ case: "resumed", value }) });
  };
  return { log, state, run, open, hello, push, resume };
}

function hellosUp(said: readonly [string, Frame][]): number {
  return said.filter(([to, { frame }]) => to === "up" && frame.case === "hello").length;
}

function refusalsIn(said: readonly [string, Frame][]): Refusal[] {
  return said.flatMap(([, { frame }]) =>
    frame.case === "resumed" && frame.value.mode === Resume.REFUSED ? [frame.value.refusal] : [],
  );
}

test("who only reads has a hub carry as many streams without a write as a tenant may, and no more", () => {
  const hub = hubBelow();
  hub.open("reader", { writes: false });
  expect(["a", "b"].flatMap((name) => refusalsIn(hub.hello("reader", name)))).toEqual([]);
  expect(refusalsIn(hub.hello("reader", "c"))).toEqual([Refusal.UNWRITTEN_MAX]);
  // The session goes on; what is carried anyway costs nothing, and another tenant has its own.
  expect(refusalsIn(hub.hello("reader", "a"))).toEqual([]);
  hub.open("other", { writes: false, tenant: "beta" });
  expect(refusalsIn(hub.hello("other", "c"))).toEqual([]);
});

test("who may write begins a stream whatever readers follow, and then they may follow it", () => {
  const hub = hubBelow();
  hub.open("reader", { writes: false });
  for (const name of ["a", "b"]) hub.hello("reader", name);
  hub.open("writer", {});
  expect(refusalsIn(hub.hello("writer", "c", replica))).toEqual([]);
  hub.push("writer", "c");
  expect(refusalsIn(hub.hello("reader", "c"))).toEqual([]);
  hub.hello("writer", "a", replica);
  hub.push("writer", "a");
  expect(refusalsIn(hub.hello("reader", "d"))).toEqual([]);
});

test("what readers named goes when they go, and a parent hears of no stream they left", () => {
  const hub = hubBelow();
  hub.open("reader", { writes: false });
  for (const name of ["a", "b"]) hub.hello("reader", name);
  hub.run({ type: "closed", session: "reader" });
  expect([hub.state.streams.size, hub.state.unwritten.size]).toEqual([0, 0]);
  expect(hub.open("up", { peer: "PARENT" })).toEqual([]);
  hub.open("next", { writes: false });
  const above = ["c", "d", "e"].flatMap((name) => hub.hello("next", name));
  expect(hellosUp(above)).toBe(2);
  for (const name of ["c", "d"]) hub.resume(name);
  hub.run({ type: "closed", session: "next" });
  expect([hub.state.streams.size, hub.state.followers.size]).toEqual([0, 0]);
  hub.run({ type: "closed", session: "up" });
  expect([hub.state.streams.size, hub.state.followers.size]).toEqual([0, 0]);
  expect(hub.log.shelves.size).toBe(0);
});

test("what readers named goes with them while a parent is there, answered or not yet", () => {
  const hub = hubBelow();
  hub.open("up", { peer: "PARENT" });
  hub.open("reader", { writes: false });
  for (const name of ["a", "b"]) hub.hello("reader", name);
  hub.resume("a");
  hub.run({ type: "closed", session: "reader" });
  expect([...hub.state.streams.values()].map(({ stream }) => stream.collection)).toEqual(["b"]);
  hub.resume("b");
  expect([hub.state.streams.size, hub.state.unwritten.size]).toEqual([0, 0]);
  expect(hub.state.sessions.get("up")?.feeds.size).toBe(0);
  hub.open("next", { writes: false });
  const again = ["a", "c"].flatMap((name) => hub.hello("next", name));
  expect([refusalsIn(again), hellosUp(again)]).toEqual([[], 2]);
});

test("a stream that the parent refuses goes with who named it", () => {
  const hub = hubBelow();
  hub.open("up", { peer: "PARENT" });
  hub.open("member", {});
  for (const name of ["a", "b"]) hub.hello("member", name, replica);
  const refuse = (collection: string) => {
    const value = { stream: streamOf(collection), mode: Resume.REFUSED, refusal: Refusal.ZONE };
    hub.run({ type: "frame", session: "up", frame: framed({ case: "resumed", value }) });
  };
  refuse("a");
  hub.run({ type: "closed", session: "member" });
  refuse("b");
  expect([hub.state.streams.size, hub.state.followers.size]).toEqual([0, 0]);
});

test("what was let go and is written to above comes down, and is kept", () => {
  const hub = hubBelow();
  hub.open("up", { peer: "PARENT" });
  hub.open("reader", { writes: false });
  hub.hello("reader", "a");
  hub.resume("a");
  hub.run({ type: "closed", session: "reader" });
  const op = encodeOp({ kind: Kind.COUNTER, record: "n", amount: 1 });
  const names = { stamp: { hub: "above", ctr: 1 }, dot: { replica, ctr: 1 } };
  const entries = [create(EntrySchema, { seq: 1, slot: Slot.EFFECT, op, ...names })];
  const covers = { stream: streamOf("a"), id: 1, seqFrom: 0, seqTo: 1, vector: { above: 1 } };
  const frame = framed({ case: "batch", value: { ...covers, entries } });
  const said = hub.run({ type: "frame", session: "up", frame });
  expect(
    said.map(
      ([
        to,
        {
          frame: { case: is },
        },
      ]) => [to, is],
    ),
  ).toEqual([
    ["up", "hello"],
    ["up", "batchAck"],
  ]);
  expect(hub.state.streams.get("acme/a//world/1")).toMatchObject({ head: 1, vector: { above: 1 } });
  expect(hub.state.unwritten.size).toBe(0);
});

test("a stream that another process has told of stays open above, whoever leaves here", () => {
  const hub = hubBelow();
  hub.open("up", { peer: "PARENT" });
  const key = "acme/a//world/1";
  const whose = { tenant: "acme", stream: streamOf("a") };
  hub.run({ type: "grown", key, standing: { epoch: "hub-1", head: 0, vector: {} }, whose });
  hub.resume("a");
  hub.open("reader", { writes: false });
  hub.hello("reader", "a");
  hub.run({ type: "closed", session: "reader" });
  expect(hub.state.sessions.get("up")?.feeds.has(key)).toBe(true);
});

test("a stream begins with the parent's lease, so nothing it lacks is ever forgotten", () => {
  const hub = hubBelow();
  hub.open("writer", {});
  hub.hello("writer", "notes", replica);
  expect(hub.log.shelves.size).toBe(0);
  hub.push("writer", "notes");
  hub.log.truncate(0, nowMs);
  expect(hub.log.shelf("acme/notes//world/1")).toMatchObject({ head: 1, horizon: 0 });
});
