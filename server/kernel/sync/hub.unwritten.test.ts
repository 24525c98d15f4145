import { create } from "@bufbuild/protobuf";
import { Kind, Refusal, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
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
  return { log, state, run, open, hello, push };
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
  const hellos = above.filter(([to, { frame }]) => to === "up" && frame.case === "hello");
  expect(hellos).toHaveLength(2);
  hub.run({ type: "closed", session: "next" });
  hub.run({ type: "closed", session: "up" });
  expect([hub.state.streams.size, hub.state.followers.size]).toEqual([0, 0]);
  expect(hub.log.shelves.size).toBe(0);
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
