import { create } from "@bufbuild/protobuf";
import { PushSchema, Resume, type Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { anyTerms } from "./charter.ts";
import { framed } from "./frame.ts";
import { stepHub } from "./hub.ts";
import { newHub, type HubEffect, type HubEvent } from "./hub.state.ts";
import { defaultLimits as limits } from "./limits.ts";
import { MemoryLog, standingOf } from "./memory.ts";
import { encodeOp } from "./op.ts";
import { soundRules as rules } from "./rules.ts";

const nowMs = 30_000_000 * 60_000;
const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
const key = "acme/notes//world/1";

/** A hub whose only place is truncated, and what it does towards a parent that lacks it. */
function truncatedHub() {
  const log = new MemoryLog("hub-1", rules, limits);
  const replica = `${(30_000_000).toString(36)}-a`;
  const ops = [encodeOp({ kind: Kind.COUNTER, record: "r", amount: 1 })];
  const push = create(PushSchema, { stream, replica, ctrFrom: 1, ops });
  const item = { type: "push", session: "s", push, terms: anyTerms } as const;
  log.answer({ type: "commit", key, items: [item] }, nowMs);
  log.truncate(0, nowMs);
  const parent = { name: "root", zones: ["world"] };
  const start = { hub: "hub-1", zones: ["world"], parent, rules, limits };
  const standing = standingOf(log.shelf(key));
  const state = newHub(start, [{ tenant: "acme", stream, standing }]);
  const run = (event: HubEvent): HubEffect[] =>
    stepHub(state, event).flatMap((effect) => {
      if (effect.type !== "ask") return [effect];
      return run({ type: "answered", answer: log.answer(effect.request, nowMs) });
    });
  const hear = (frame: Frame) => run({ type: "frame", session: "up", frame });
  const who = { session: "up", tenant: "acme", zones: ["world"], name: "root", writes: true };
  run({ type: "opened", peer: "PARENT", ...who });
  const resumed = { stream, mode: Resume.INCREMENTAL, creditBytes: 10_000 };
  const resume = (vector: Record<string, number>) =>
    hear(framed({ case: "resumed", value: { ...resumed, vector } }));
  const first = resume({});
  const mode = () => state.sessions.get("up")?.feeds.get(key)?.mode;
  return { hear, resume, first, mode };
}

test("a parent that lacks what is truncated here is told of once, and fed once others told it", () => {
  const { hear, resume, first, mode } = truncatedHub();
  expect(first).toMatchObject([{ type: "incident", reason: "PARENT_BEHIND_HORIZON" }]);
  const batch = (id: number, vector: Record<string, number>) =>
    framed({
      case: "batch",
      value: { stream, id, epoch: "e", seqFrom: id - 1, seqTo: id, vector },
    });
  expect(hear(batch(1, { other: 1 })).map(({ type }) => type)).toEqual(["send"]);
  expect(mode()).toBe("OPENING");
  expect(hear(batch(2, { "hub-1": 1 }))).toMatchObject([
    { frame: { frame: { case: "batchAck" } } },
    { frame: { frame: { case: "hello" } } },
  ]);
  resume({ "hub-1": 1 });
  expect(mode()).toBe("LIVE");
});

test("a snapshot of a parent that is behind is not taken, and tells what it knows", () => {
  const { hear, mode } = truncatedHub();
  const part = { stream, id: 1, cursor: { epoch: "e", seq: 0 }, last: true };
  const [ack] = hear(framed({ case: "snapshotPart", value: part }));
  expect(ack).toMatchObject({ type: "send", frame: { frame: { case: "batchAck" } } });
  expect(mode()).toBe("OPENING");
  const told = { ...part, id: 2, vector: { "hub-1": 1 } };
  const [, hello] = hear(framed({ case: "snapshotPart", value: told }));
  expect(hello).toMatchObject({ type: "send", frame: { frame: { case: "hello" } } });
});
