import { create } from "@bufbuild/protobuf";
import { Kind, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { framed } from "./frame.ts";
import { stepHub } from "./hub.ts";
import { newHub, type HubEffect, type HubEvent } from "./hub.state.ts";
import { defaultLimits as limits } from "./limits.ts";
import type { LogRequest } from "./log.ts";
import { MemoryLog, standingOf } from "./memory.ts";
import { encodeOp } from "./op.ts";
import { soundRules as rules } from "./rules.ts";

const nowMs = 30_000_000 * 60_000;
const minute = (30_000_000).toString(36);
const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
const key = "acme/notes//world/1";
const root = { name: "root", zones: ["world"] };

/** One process of a hub; what it asks is answered when `disk` is run. */
function processOver(log: MemoryLog, parent?: typeof root) {
  const state = newHub({ hub: log.hub, zones: ["world"], parent, rules, limits }, []);
  const asked: LogRequest[] = [];
  const run = (event: HubEvent): HubEffect[] => {
    const effects = [...stepHub(state, event)];
    for (const effect of effects) if (effect.type === "ask") asked.push(effect.request);
    return effects;
  };
  const answer = (request: LogRequest) => log.answer(request, nowMs);
  const disk = (): HubEffect[] => {
    const effects: HubEffect[] = [];
    for (let next = asked.shift(); next !== undefined; next = asked.shift()) {
      effects.push(...run({ type: "answered", answer: answer(next) }));
    }
    return effects;
  };
  const open = (session: string) => {
    const who = { session, tenant: "acme", zones: ["world"], name: session, writes: true };
    run({ type: "opened", peer: "REPLICA", ...who });
    const value = { stream, replica: `${minute}-${session}`, creditBytes: 10_000 };
    run({ type: "frame", session, frame: framed({ case: "hello", value }) });
    return disk();
  };
  const push = (session: string, ctrFrom: number) => {
    const ops = [encodeOp({ kind: Kind.COUNTER, record: "r", amount: 1 })];
    const value = { stream, replica: `${minute}-${session}`, ctrFrom, ops };
    return run({ type: "frame", session, frame: framed({ case: "push", value }) });
  };
  return { state, asked, run, answer, disk, open, push };
}

const grown = (log: MemoryLog, more: { atParent?: number } = {}): HubEvent => {
  return { type: "grown", key, standing: standingOf(log.shelf(key)), ...more };
};

const said = (effects: readonly HubEffect[]) =>
  effects.flatMap((effect) => (effect.type === "send" ? [effect.frame.frame.case] : []));

const newLog = () => new MemoryLog("hub-1", rules, limits);

test("what another process committed is sent on as soon as it is told", () => {
  const log = newLog();
  const [one, other] = [processOver(log), processOver(log)];
  one.open("a");
  other.open("b");
  one.push("a", 1);
  one.disk();
  expect(other.asked).toEqual([]);
  other.run(grown(log));
  expect(said(other.disk())).toEqual(["batch", "checkpoint"]);
  expect(other.state.streams.get(key)?.head).toBe(1);
});

test("word of it during a commit, or after a later one, takes nothing back", () => {
  const log = newLog();
  const [one, other] = [processOver(log), processOver(log)];
  one.open("a");
  other.open("b");
  const early = grown(log);
  one.push("a", 1);
  // Its commit is on disk and its answer under way when the other's commit is told of.
  const [request] = one.asked.splice(0);
  if (request === undefined) throw new Error("nothing was asked");
  const answer = one.answer(request);
  other.push("b", 1);
  other.disk();
  one.run(grown(log));
  expect(one.state.streams.get(key)?.isCommitting).toBe(true);
  expect(said(one.run({ type: "answered", answer }))).toContain("pushAck");
  expect(one.state.streams.get(key)).toMatchObject({ head: 2, isCommitting: false });
  one.run(early);
  expect(one.state.streams.get(key)?.head).toBe(2);
});

test("a log that another process rebuilt ends who follows the old one, and nobody else", () => {
  const log = newLog();
  const hub = processOver(log);
  hub.open("a");
  hub.push("a", 1);
  hub.disk();
  log.shelf(key).epoch = "another life";
  // Even untold: what is read of another life is never sent as a part of this one.
  hub.open("b");
  expect([...hub.state.sessions.keys()]).toEqual(["b"]);
  log.shelf(key).epoch = "a third";
  const ends = hub.run(grown(log)).filter(({ type }) => type === "close");
  expect(ends).toHaveLength(1);
  expect(hub.state.streams.get(key)?.epoch).toBe("a third");
});

test("a page of a log that was rebuilt meanwhile is not sent", () => {
  const log = newLog();
  const hub = processOver(log);
  hub.open("a");
  hub.open("b");
  hub.push("a", 1);
  const [commit] = hub.asked.splice(0);
  if (commit === undefined) throw new Error("nothing was asked");
  hub.run({ type: "answered", answer: hub.answer(commit) });
  log.shelf(key).epoch = "another life";
  const effects = hub.disk();
  expect(said(effects)).toEqual([]);
  expect(hub.state.sessions.size).toBe(0);
});

test("a stream that another process carries goes up by the one that has the parent", () => {
  const log = newLog();
  const [one, other] = [processOver(log, root), processOver(log, root)];
  const up = { session: "up", tenant: "acme", zones: ["world"], name: "root", writes: true };
  one.run({ type: "opened", peer: "PARENT", ...up });
  other.open("b");
  const standing = standingOf(log.shelf(key));
  const event: HubEvent = { type: "grown", key, standing, whose: { tenant: "acme", stream } };
  expect(said(one.run(event))).toEqual(["hello"]);
  expect(said(one.run(event))).toEqual([]);
});

test("authors hear by any process how far the parent has their ops", () => {
  const log = newLog();
  const hub = processOver(log, root);
  hub.open("a");
  hub.push("a", 1);
  hub.disk();
  expect(said(hub.run(grown(log)))).toEqual([]);
  expect(said(hub.run(grown(log, { atParent: 1 })))).toEqual(["settled"]);
});

test("of two hellos in a row the first is not answered, though the log answers both", () => {
  const log = newLog();
  const hub = processOver(log);
  const who = { session: "a", tenant: "acme", zones: ["world"], name: "a", writes: true };
  hub.run({ type: "opened", peer: "REPLICA", ...who });
  for (const creditBytes of [0, 10_000]) {
    const value = { stream, replica: `${minute}-a`, creditBytes };
    hub.run({ type: "frame", session: "a", frame: framed({ case: "hello", value }) });
  }
  expect(hub.asked).toHaveLength(2);
  expect(said(hub.disk())).toEqual(["resumed", "snapshotPart"]);
});
