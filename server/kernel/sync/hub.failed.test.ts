import { create } from "@bufbuild/protobuf";
import { PushSchema } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { anyTerms } from "./charter.ts";
import { framed } from "./frame.ts";
import { stepHub } from "./hub.ts";
import { newHub, type HubEffect, type HubEvent } from "./hub.state.ts";
import { defaultLimits as limits } from "./limits.ts";
import type { LogRequest } from "./log.ts";
import { MemoryLog } from "./memory.ts";
import { encodeOp } from "./op.ts";
import { soundRules as rules } from "./rules.ts";

const notes = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
const zones = ["world"];
const nowMs = 30_000_000 * 60_000;

/** A hub with two sessions that follow one stream; a log that answers unless it is told not to. */
function hubOfTwo(isAway: (request: LogRequest, log: MemoryLog) => boolean) {
  const log = new MemoryLog("hub-1", rules, limits);
  const state = newHub({ hub: "hub-1", zones, parent: undefined, rules, limits }, []);
  const run = (event: HubEvent): HubEffect[] => stepHub(state, event).flatMap(carryOut);
  const carryOut = (effect: HubEffect): HubEffect[] => {
    if (effect.type !== "ask") return [effect];
    const { request } = effect;
    if (isAway(request, log)) return run({ type: "failed", request });
    return run({ type: "answered", answer: log.answer(request, nowMs) });
  };
  const say = (session: string, frame: ReturnType<typeof framed>) =>
    run({ type: "frame", session, frame });
  for (const session of ["s1", "s2"]) {
    run({
      type: "opened",
      session,
      tenant: "acme",
      zones,
      peer: "REPLICA",
      name: session,
      writes: true,
    });
    say(session, framed({ case: "hello", value: { stream: notes, creditBytes: 1000 } }));
  }
  return { log, state, say };
}

const push = framed({ case: "push", value: { stream: notes, replica: "a", ctrFrom: 1 } });

test("a commit that was not answered acknowledges nothing, and cuts whose it was", () => {
  let isAway = false;
  const hub = hubOfTwo(({ type }) => isAway && type === "commit");
  isAway = true;
  expect(hub.say("s1", push)).toMatchObject([{ type: "close", session: "s1" }]);
  expect([...hub.state.sessions.keys()]).toEqual(["s2"]);
  isAway = false;
  expect(hub.say("s2", push)).toMatchObject([{ frame: { frame: { case: "pushAck" } } }]);
});

test("a look that was not answered cuts who said hello, and nobody else", () => {
  const hub = hubOfTwo(({ type, ...rest }) => {
    return type === "look" && "ref" in rest && rest.ref.session === "s2";
  });
  expect([...hub.state.sessions.keys()]).toEqual(["s1"]);
});

const replica = `${(30_000_000).toString(36)}-a`;
const ops = [encodeOp({ kind: Kind.COUNTER, record: "r", amount: 1 })];
const write = framed({ case: "push", value: { stream: notes, replica, ctrFrom: 1, ops } });

test("a commit that was done and not answered reaches all others at once", () => {
  const hub = hubOfTwo(({ type, ...rest }, log) => {
    if (type === "commit" && "items" in rest) log.answer({ type, ...rest }, nowMs);
    return type === "commit";
  });
  const effects = hub.say("s1", write);
  expect(effects).toMatchObject([
    { type: "close", session: "s1" },
    { type: "send", session: "s2", frame: { frame: { case: "batch", value: { seqTo: 1 } } } },
    { type: "send", session: "s2", frame: { frame: { case: "checkpoint" } } },
  ]);
});

test("where nobody can say whether a commit was done, all who follow come back and ask", () => {
  let isAway = false;
  const hub = hubOfTwo(() => isAway);
  isAway = true;
  hub.say("s1", write);
  expect([...hub.state.sessions.keys()]).toEqual([]);
});

test("whoever finds more in the log than was heard of it takes all others along", () => {
  const hub = hubOfTwo(() => false);
  const push = create(PushSchema, { stream: notes, replica, ctrFrom: 1, ops });
  const item = { type: "push", session: "elsewhere", push, terms: anyTerms } as const;
  hub.log.answer({ type: "commit", key: "acme/notes//world/1", items: [item] }, nowMs);
  const effects = hub.say("s1", framed({ case: "hello", value: { stream: notes } }));
  expect(effects).toContainEqual(expect.objectContaining({ type: "send", session: "s2" }));
});
