import { create } from "@bufbuild/protobuf";
import { PushSchema, type Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { anyTerms } from "./charter.ts";
import { framed } from "./frame.ts";
import { stepHub } from "./hub.ts";
import { newHub, type HubEvent } from "./hub.state.ts";
import { defaultLimits as limits } from "./limits.ts";
import { MemoryLog } from "./memory.ts";
import { encodeOp } from "./op.ts";
import { soundRules as rules } from "./rules.ts";

const nowMs = 30_000_000 * 60_000;
const zones = ["world"];
const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });

/** What a reader hears of a quiet log of one place, in which it stands at a place. */
function heardFrom(seq: number, epoch: string): Frame["frame"][] {
  const log = new MemoryLog("hub-1", rules, limits);
  const ops = [encodeOp({ kind: Kind.COUNTER, record: "r", amount: 1 })];
  const replica = `${(30_000_000).toString(36)}-a`;
  const push = create(PushSchema, { stream, replica, ctrFrom: 1, ops });
  const item = { type: "push", session: "elsewhere", push, terms: anyTerms } as const;
  log.answer({ type: "commit", key: rules.keyOf("acme", stream), items: [item] }, nowMs);
  const state = newHub({ hub: "hub-1", zones, parent: undefined, rules, limits }, []);
  const run = (event: HubEvent): Frame["frame"][] =>
    stepHub(state, event).flatMap((effect) => {
      if (effect.type === "send") return [effect.frame.frame];
      if (effect.type !== "ask") return [];
      return run({ type: "answered", answer: log.answer(effect.request, nowMs) });
    });
  const who = { tenant: "acme", zones, name: "reader", writes: false } as const;
  run({ type: "opened", session: "s", peer: "REPLICA", ...who });
  const hello = { stream, cursor: { epoch, seq }, creditBytes: 1000 };
  return run({ type: "frame", session: "s", frame: framed({ case: "hello", value: hello }) });
}

const atEnd = { case: "checkpoint", value: { cursor: { epoch: "hub-1", seq: 1 }, cells: 1 } };

test("whoever comes back to a quiet stream is compared once, wherever it stands", () => {
  expect(heardFrom(1, "hub-1")).toMatchObject([{ case: "resumed" }, atEnd]);
  expect(heardFrom(0, "hub-1")).toMatchObject([{ case: "resumed" }, { case: "batch" }, atEnd]);
});

test("a snapshot is compared once it has reached the end of the log", () => {
  const first = [{ case: "resumed" }, { case: "snapshotPart" }];
  expect(heardFrom(0, "other")).toMatchObject([...first, atEnd]);
});
