import { create } from "@bufbuild/protobuf";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { framed } from "./frame.ts";
import { stepHub } from "./hub.ts";
import { newHub, type HubEvent } from "./hub.state.ts";
import { defaultLimits as limits } from "./limits.ts";
import type { LogAnswer } from "./log.ts";
import { MemoryLog } from "./memory.ts";
import { encodeOp } from "./op.ts";
import { soundRules as rules } from "./rules.ts";

const nowMs = 30_000_000 * 60_000;
const zones = ["world"];
const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });

/** A hub and what a reader is sent; the first page that is asked for is read at once, and kept. */
function hubWithOldPage() {
  const log = new MemoryLog("hub-1", rules, limits);
  const state = newHub({ hub: "hub-1", zones, parent: undefined, rules, limits }, []);
  const old: LogAnswer[] = [];
  const run = (event: HubEvent): Frame["frame"][] =>
    stepHub(state, event).flatMap((effect) => {
      if (effect.type === "send" && effect.session === "reader") return [effect.frame.frame];
      if (effect.type !== "ask") return [];
      const answer = log.answer(effect.request, nowMs);
      if (answer.type === "page" && answer.ref.session === "reader" && old.push(answer) === 1) {
        return [];
      }
      return run({ type: "answered", answer });
    });
  const say = (session: string, frame: Frame) => run({ type: "frame", session, frame });
  return { old, run, say };
}

test("a page that is older than a commit does not hide what that brought", () => {
  const { old, run, say } = hubWithOldPage();
  const replica = `${(30_000_000).toString(36)}-a`;
  const ops = [encodeOp({ kind: Kind.COUNTER, record: "r", amount: 1 })];
  const push = (ctrFrom: number) =>
    say("writer", framed({ case: "push", value: { stream, replica, ctrFrom, ops } }));
  for (const session of ["writer", "reader"]) {
    const who = { tenant: "acme", zones, name: session, writes: true } as const;
    run({ type: "opened", session, peer: "REPLICA", ...who });
    const cursor = { epoch: "hub-1", seq: session === "reader" ? 1 : 0 };
    say(session, framed({ case: "hello", value: { stream, cursor, creditBytes: 10_000 } }));
    if (session === "writer") push(1);
  }
  const [page] = old;
  if (page === undefined) throw new Error("no page was asked for");
  expect([page, push(2)]).toMatchObject([{ after: 1, to: 1 }, []]);
  const said = run({ type: "answered", answer: page });
  expect(said.find((each) => each.case === "batch")?.value).toMatchObject({ seqFrom: 1, seqTo: 2 });
});
