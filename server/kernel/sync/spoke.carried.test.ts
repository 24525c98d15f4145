import { create } from "@bufbuild/protobuf";
import { Resume, type Push } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, Refusal, Slot, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { newSigningKey } from "../signing.ts";
import { framed } from "./frame.ts";
import type { Carriage } from "./hold.ts";
import { defaultLimits } from "./limits.ts";
import { encodeOp, streamKey } from "./op.ts";
import { soundRules } from "./rules.ts";
import { areCovered, headerOf, signSegment } from "./segment.ts";
import { stepSpoke } from "./spoke.ts";
import { newSpoke, type SpokeEvent } from "./spoke.state.ts";

const author = newSigningKey();
const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });
const bodies = Array.from({ length: 100 }, (_, at) => Uint8Array.of(at));
const ops = bodies.map((body) => encodeOp({ kind: Kind.APPEND, body }));

/** Ops of the author, so many under each signature. */
function carriages(each: number): Carriage[] {
  const segments = new Map<number, Carriage["segment"]>();
  return ops.map((bytes, at) => {
    const first = at - (at % each);
    const subject = { tenant: "main", stream, replica: "r", nodeId: "a", ctrFrom: first + 1 };
    const signed = () => signSegment(author, subject, ops.slice(first, first + each));
    const segment = segments.get(first) ?? signed();
    segments.set(first, segment);
    return { replica: "r", ctr: at + 1, bytes, segment };
  });
}

/** A replica that was handed them while the hub was away, and what it pushes once it is back. */
function carrier(brought: readonly Carriage[]) {
  const state = newSpoke({
    replica: "own",
    tenant: "main",
    zones: ["world"],
    rules: soundRules,
    limits: defaultLimits,
    holds: new Map(),
  });
  const pushes: Push[] = [];
  const step = (event: SpokeEvent) => {
    for (const effect of stepSpoke(state, event, 0)) {
      if (effect.type !== "send" || effect.frame.frame.case !== "push") continue;
      pushes.push(effect.frame.frame.value);
    }
  };
  step({ type: "subscribe", stream });
  step({ type: "handed", stream, ops: brought });
  step({ type: "opened", session: "s" });
  const resumed = { stream, mode: Resume.INCREMENTAL, mark: { replica: "own" } };
  step({ type: "frame", session: "s", frame: framed({ case: "resumed", value: resumed }) });
  return { step, pushes, hold: state.holds.get(streamKey("main", stream)) };
}

test("another's ops are shown at once, and pushed with what their author signed, once", () => {
  const { pushes, hold } = carrier(carriages(32));
  expect(hold?.overlay.size).toBe(100);
  const [push] = pushes;
  expect(push?.ops).toHaveLength(100);
  expect(push?.segments).toHaveLength(4);
  const headers = (push?.segments ?? []).map(headerOf).filter((header) => header !== undefined);
  expect(areCovered(headers, 1, push?.ops ?? [])).toBe(true);
});

test("a push takes 64 segments, and the next one goes on", () => {
  const { step, pushes } = carrier(carriages(1));
  expect([pushes[0]?.ops.length, pushes[0]?.segments.length]).toEqual([64, 64]);
  const mark = { replica: "r", ctr: 64 };
  const frame = framed({ case: "pushAck", value: { stream, mark } });
  step({ type: "frame", session: "s", frame });
  expect([pushes[1]?.ctrFrom, pushes[1]?.segments.length]).toEqual([65, 36]);
});

test("what is handed over again, or with a gap before it, changes nothing", () => {
  const all = carriages(10);
  const { step, hold } = carrier(all.slice(0, 20));
  const before = hold?.ops.size;
  step({ type: "handed", stream, ops: all.slice(5, 20) });
  step({ type: "handed", stream, ops: all.slice(21) });
  expect([before, hold?.ops.size]).toEqual([20, 20]);
  step({ type: "handed", stream, ops: all.slice(10) });
  expect(hold?.ops.size).toBe(100);
});

test("of a barred author, what comes after the log's last is refused too", () => {
  const all = carriages(10);
  const { step, hold } = carrier(all.slice(0, 10));
  if (hold === undefined) throw new Error("not subscribed");
  hold.cursor = { $typeName: "foedus.sync.v1.Cursor", epoch: "e", seq: 0 };
  const ack = { stream, mark: { replica: "r" }, refusal: Refusal.REPLICA_EXPIRED };
  step({ type: "frame", session: "s", frame: framed({ case: "pushAck", value: ack }) });
  expect(hold.quarantine.size).toBe(10);
  const entries = all.slice(0, 20).map(({ replica, ctr, bytes: op }) => {
    return { seq: ctr, stamp: { hub: "h", ctr }, dot: { replica, ctr }, slot: Slot.EFFECT, op };
  });
  const batch = { stream, id: 1, epoch: "e", seqFrom: 0, seqTo: 20, entries };
  step({ type: "frame", session: "s", frame: framed({ case: "batch", value: batch }) });
  expect([hold.quarantine.size, hold.cells.size]).toEqual([0, 20]);
  step({ type: "handed", stream, ops: all.slice(20, 30) });
  expect([hold.quarantine.size, hold.overlay.size]).toEqual([10, 0]);
});
