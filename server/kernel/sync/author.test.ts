import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Resume, type Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { type EntrySchema, Kind, Slot, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { framed } from "./frame.ts";
import { stepHub } from "./hub.ts";
import { newHub, type HubEffect, type HubEvent } from "./hub.state.ts";
import { defaultLimits as limits } from "./limits.ts";
import { MemoryLog } from "./memory.ts";
import { encodeOp } from "./op.ts";
import { soundRules as rules } from "./rules.ts";
import { stepSpoke } from "./spoke.ts";
import { newSpoke } from "./spoke.state.ts";

const nowMs = 30_000_000 * 60_000;
const replica = `${(30_000_000).toString(36)}-me`;
const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
const [tenant, zones] = ["acme", ["world"]];
const op = encodeOp({ kind: Kind.COUNTER, record: "r", amount: 1 });
const end = { tenant, zones, name: "other", writes: true };

/** A hub that an author and another hub are connected to, and the bytes the author is sent. */
function hubOfAuthor() {
  const log = new MemoryLog("hub-1", rules, limits);
  const state = newHub({ hub: "hub-1", zones, parent: undefined, rules, limits }, []);
  const run = (event: HubEvent): HubEffect[] =>
    stepHub(state, event).flatMap((effect) => {
      if (effect.type !== "ask") return [effect];
      return run({ type: "answered", answer: log.answer(effect.request, nowMs) });
    });
  const bytesBy = (session: string, frame: Frame) =>
    run({ type: "frame", session, frame }).flatMap((effect) => {
      if (effect.type !== "send" || effect.session !== "me") return [];
      const { frame: said } = effect.frame;
      return said.case === "batch" ? said.value.entries.map((entry) => entry.op.length) : [];
    });
  run({ type: "opened", session: "me", peer: "REPLICA", ...end });
  run({ type: "opened", session: "below", peer: "CHILD", ...end });
  const hello = { stream, replica, creditBytes: 10_000 };
  for (const session of ["me", "below"]) bytesBy(session, framed({ case: "hello", value: hello }));
  return bytesBy;
}

test("an author is sent the bytes of what another hub stamped, and of nothing else", () => {
  const bytesBy = hubOfAuthor();
  const push = framed({ case: "push", value: { stream, replica, ctrFrom: 1, ops: [op] } });
  expect(bytesBy("me", push)).toEqual([0]);
  const [stamp, dot] = [
    { hub: "hub-2", ctr: 1 },
    { replica, ctr: 2 },
  ];
  const entries = [{ seq: 1, stamp, dot, slot: Slot.EFFECT, op }];
  const batch = { stream, id: 1, epoch: "e", seqFrom: 0, seqTo: 1, entries };
  expect(bytesBy("below", framed({ case: "batch", value: batch }))).toEqual([op.length]);
});

/** An author that keeps no op, in the middle of a log or of a snapshot. */
function forgetful(mode: Resume) {
  const start = { replica, tenant, zones, rules, limits, holds: new Map() };
  const state = newSpoke(start);
  const run = (event: Parameters<typeof stepSpoke>[1]) => stepSpoke(state, event, nowMs);
  run({ type: "subscribe", stream });
  run({ type: "opened", session: "s" });
  const hold = state.holds.get("acme/notes//world/1");
  if (hold === undefined) throw new Error("not subscribed");
  const cursor = { $typeName: "foedus.sync.v1.Cursor", epoch: "e", seq: 0 } as const;
  Object.assign(hold, { cursor, ctr: 1 });
  const hear = (frame: Frame) => run({ type: "frame", session: "s", frame });
  hear(framed({ case: "resumed", value: { stream, mode, cursor } }));
  const batch = (slot: Slot) => {
    const entry: MessageInitShape<typeof EntrySchema> = {
      seq: 1,
      stamp: { hub: "h", ctr: 1 },
      dot: { replica, ctr: 1 },
      slot,
    };
    const value = { stream, id: 1, epoch: "e", seqFrom: 0, seqTo: 1, entries: [entry] };
    return hear(framed({ case: "batch", value }));
  };
  return { hold, batch };
}

test.each([Resume.INCREMENTAL, Resume.SNAPSHOT])(
  "an author that lacks its own op asks for a snapshot, and makes nothing of no bytes: %i",
  (mode) => {
    const { hold, batch } = forgetful(mode);
    const [said, ...more] = batch(Slot.EFFECT);
    expect(more).toEqual([]);
    expect(said).toMatchObject({ type: "send", frame: { frame: { case: "hello" } } });
    expect([hold.cells.size, hold.marks.size, hold.cursor]).toEqual([0, 0, undefined]);
  },
);

test("an alias of its own op has no bytes, and none are looked for", () => {
  const { hold, batch } = forgetful(Resume.INCREMENTAL);
  expect(batch(Slot.ALIAS).map(({ type }) => type)).toEqual(["save", "send"]);
  expect(hold.cursor?.seq).toBe(1);
});
