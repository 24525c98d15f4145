import { create } from "@bufbuild/protobuf";
import { StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { framed } from "./frame.ts";
import { stepHub } from "./hub.ts";
import { newHub, type HubEffect, type HubEvent } from "./hub.state.ts";
import { defaultLimits as limits } from "./limits.ts";
import type { LogRequest } from "./log.ts";
import { MemoryLog } from "./memory.ts";
import { soundRules as rules } from "./rules.ts";

const notes = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
const zones = ["world"];

/** A hub with two sessions that follow one stream; a log that answers unless it is told not to. */
function hubOfTwo(isAway: (request: LogRequest) => boolean) {
  const log = new MemoryLog("hub-1", rules, limits);
  const state = newHub({ hub: "hub-1", zones, parent: undefined, rules, limits }, []);
  const run = (event: HubEvent): HubEffect[] => stepHub(state, event).flatMap(carryOut);
  const carryOut = (effect: HubEffect): HubEffect[] => {
    if (effect.type !== "ask") return [effect];
    const { request } = effect;
    if (isAway(request)) return run({ type: "failed", request });
    return run({ type: "answered", answer: log.answer(request, 0) });
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
  return { state, say };
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
