import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { newHold } from "./hold.ts";
import { hybridAfter } from "./hybrid.ts";
import { encodeOp } from "./op.ts";
import { hello, save } from "./spoke.open.ts";
import { onBatch, onCheckpoint, onPart } from "./spoke.inflow.ts";
import { onHanded, onPushAck, onResumed, onSettled, pushNext } from "./spoke.outflow.ts";
import type { SpokeEffect, SpokeEvent, SpokeState, Wish } from "./spoke.state.ts";

/** What an event does to a replica. The state is the caller's alone, and is changed in place. */
export function stepSpoke(
  state: SpokeState,
  event: SpokeEvent,
  nowMs: number,
): readonly SpokeEffect[] {
  switch (event.type) {
    case "subscribe":
      return subscribe(state, event.stream);
    case "unsubscribe":
      return unsubscribe(state, event.stream);
    case "write":
      return write(state, event.stream, event.wish, nowMs);
    case "handed":
      return onHanded(state, event.stream, event.ops);
    case "opened":
      state.session = event.session;
      state.links.clear();
      return [...state.holds.keys()].flatMap((key) => hello(state, key));
    case "closed":
      if (state.session === event.session) state.session = undefined;
      return [];
    case "frame":
      return state.session === event.session ? onFrame(state, event.frame) : [];
    default:
      return onTick(state, event.passedMs);
  }
}

function subscribe(state: SpokeState, stream: Stream): readonly SpokeEffect[] {
  const key = state.rules.keyOf(state.tenant, stream);
  const isNew = !state.holds.has(key);
  const wasPaused = state.paused.delete(key);
  if (!state.rules.mayHold(state.zones, stream) || !(isNew || wasPaused)) return [];
  if (isNew) state.holds.set(key, newHold(stream));
  return hello(state, key);
}

function unsubscribe(state: SpokeState, stream: Stream): readonly SpokeEffect[] {
  const key = state.rules.keyOf(state.tenant, stream);
  if (!state.holds.has(key) || state.paused.has(key)) return [];
  state.paused.add(key);
  state.waitedMs.delete(key);
  return hello(state, key);
}

/** An op is visible at once, and is pushed as soon as it is on this replica's own disk. */
function write(
  state: SpokeState,
  stream: Stream,
  wish: Wish,
  nowMs: number,
): readonly SpokeEffect[] {
  const key = state.rules.keyOf(state.tenant, stream);
  const hold = state.holds.get(key);
  if (hold === undefined) return [];
  const ctr = hold.ctr + 1;
  const hlcMs = hybridAfter(hold.hlcMs, nowMs);
  const op = { replica: state.replica, ctr, bytes: encodeOp({ ...wish, hlcMs }) };
  return [save(hold, { key, ctr, hlcMs, ops: [op] }), ...pushNext(state, key)];
}

function onFrame(state: SpokeState, { frame }: Frame): readonly SpokeEffect[] {
  switch (frame.case) {
    case "resumed":
      return onResumed(state, frame.value);
    case "pushAck":
      return onPushAck(state, frame.value);
    case "settled":
      return onSettled(state, frame.value);
    case "batch":
      return onBatch(state, frame.value);
    case "snapshotPart":
      return onPart(state, frame.value);
    case "checkpoint":
      return onCheckpoint(state, frame.value);
    default:
      return [];
  }
}

/** Tries again what a gap held up, and no longer waits for a hub that never knows enough. */
function onTick(state: SpokeState, passedMs: number): readonly SpokeEffect[] {
  return [...state.holds.keys()].flatMap((key) => {
    const waited = state.waitedMs.get(key);
    if (waited !== undefined) state.waitedMs.set(key, waited + passedMs);
    const link = state.links.get(key);
    link?.stuck.clear();
    const waits = link?.mode === "WAIT" && !state.paused.has(key);
    const isLong = waits && (waited ?? 0) > state.limits.waitMsMax;
    return isLong ? hello(state, key) : pushNext(state, key);
  });
}
