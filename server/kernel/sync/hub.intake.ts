import { Refusal, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { Durability } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Batch, Push, SnapshotPart } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { framed } from "./frame.ts";
import { carryAgain, helloUp } from "./hub.hello.ts";
import { goOn } from "./hub.feed.ts";
import type { Carried, Feed, HubEffect, HubState, Session } from "./hub.state.ts";
import { closing, followersOf, parentOf, termsOf } from "./hub.state.ts";
import { advanced, rebuilt } from "./hub.standing.ts";
import type { Item, LogAnswer, LogRequest, Result } from "./log.ts";
import { dominates, joined } from "./vector.ts";
import { isExact, stageEntry, stagePart, stageTo } from "./staging.ts";

/** A replica brings ops: they wait for the next commit. */
export function onPush(state: HubState, session: Session, push: Push): readonly HubEffect[] {
  const open = openFeed(state, session, push.stream);
  if (open === undefined || session.peer !== "REPLICA") {
    return [pushRefused(session, push, Refusal.NOT_OPEN)];
  }
  if (!session.writes) return [pushRefused(session, push, Refusal.READ_ONLY)];
  const { key, stream } = open.feed;
  const terms = termsOf(state, session.tenant, stream);
  if (terms === undefined) return [pushRefused(session, push, Refusal.NOT_DECLARED)];
  return enqueue(state, key, { type: "push", session: session.session, push, terms });
}

function pushRefused({ session }: Session, push: Push, refusal: Refusal): HubEffect {
  const value = { stream: push.stream, mark: { replica: push.replica }, refusal };
  return { type: "send", session, frame: framed({ case: "pushAck", value }) };
}

/** Another hub brings what it has. */
export function onRelayed(state: HubState, session: Session, batch: Batch): readonly HubEffect[] {
  const again = carryAgain(state, session, batch.stream);
  const open = openFeed(state, session, batch.stream);
  if (open === undefined || session.peer === "REPLICA") return again;
  const { feed } = open;
  const { id, entries } = batch;
  if (feed.staging !== undefined) {
    for (const entry of entries) stageEntry(feed.staging, state.rules, entry);
    stageTo(feed.staging, batch.seqTo, batch.vector);
    return [acked(session, feed, id), ...adoptIfExact(state, session, feed)];
  }
  feed.peerVector = joined(feed.peerVector, batch.vector);
  const item: Item = { type: "relay", session: session.session, id, entries };
  const queued = enqueue(state, feed.key, item);
  return [...again, ...queued, ...startAfterAll(state, session, feed)];
}

/**
 * Others have told the parent what it could not have from here: the log goes up after all. Opened
 * anew, since a snapshot that the parent began with was not taken.
 */
function startAfterAll(state: HubState, session: Session, feed: Feed): readonly HubEffect[] {
  if (feed.awaited === undefined || !dominates(feed.peerVector, feed.awaited)) return [];
  return helloUp(state, session, feed.stream);
}

/** The parent brings a part of a snapshot. */
export function onPartIn(
  state: HubState,
  session: Session,
  part: SnapshotPart,
): readonly HubEffect[] {
  const open = openFeed(state, session, part.stream);
  if (open === undefined || session.peer !== "PARENT") return [];
  const { feed } = open;
  const ack = acked(session, feed, part.id);
  if (feed.staging === undefined) {
    // Of a parent that is behind no snapshot is taken, but heard what it knows by now.
    feed.peerVector = joined(feed.peerVector, part.vector);
    return [ack, ...startAfterAll(state, session, feed)];
  }
  stagePart(feed.staging, part);
  return [ack, ...adoptIfExact(state, session, feed)];
}

function adoptIfExact(state: HubState, session: Session, feed: Feed): readonly HubEffect[] {
  const { staging } = feed;
  if (staging === undefined || !isExact(staging)) return [];
  feed.staging = undefined;
  return enqueue(state, feed.key, { type: "adopt", session: session.session, staging });
}

/** The feed of a stream that this session has opened, and whose zone both ends are in. */
function openFeed(
  state: HubState,
  session: Session,
  stream: Stream | undefined,
): { readonly feed: Feed } | undefined {
  if (stream === undefined || !state.rules.mayHold(state.zones, stream)) return undefined;
  const feed = session.feeds.get(state.rules.keyOf(session.tenant, stream));
  return feed === undefined || !state.streams.has(feed.key) ? undefined : { feed };
}

function enqueue(state: HubState, key: string, item: Item): readonly HubEffect[] {
  const carried = state.streams.get(key);
  if (carried === undefined) return [];
  carried.queue.push(item);
  return commitNext(state, key, carried);
}

/** One commit at a time and stream; what comes meanwhile goes into the next together. */
export function commitNext(state: HubState, key: string, carried: Carried): readonly HubEffect[] {
  if (carried.isCommitting || carried.queue.length === 0) return [];
  carried.isCommitting = true;
  const items = carried.queue.splice(0, state.limits.commitItemsMax);
  const parent = parentOf(state, carried.tenant, carried.stream)?.name;
  const above = parent === undefined ? {} : { parent };
  return [{ type: "ask", request: { type: "commit", key, items, ...above } }];
}

/** What came since a commit was asked for goes with it, as long as it has not begun. */
export function gathered(state: HubState, asked: CommitRequest): CommitRequest {
  const room = state.limits.commitItemsMax - asked.items.length;
  const came = state.streams.get(asked.key)?.queue.splice(0, room) ?? [];
  return came.length === 0 ? asked : { ...asked, items: [...asked.items, ...came] };
}

/** A commit that is asked for. */
export type CommitRequest = Extract<LogRequest, { type: "commit" }>;

/** A commit is on disk: only now is anything acknowledged, or sent on. */
export function onCommitted(
  state: HubState,
  { key, results, standing }: Extract<LogAnswer, { type: "commit" }>,
): readonly HubEffect[] {
  const carried = state.streams.get(key);
  if (carried === undefined) return [];
  carried.isCommitting = false;
  const isOther = carried.epoch !== standing.epoch;
  const ended = advanced(state, key, standing);
  if (isOther) return ended;
  if (results.some(({ type }) => type === "adopt")) return rebuilt(state, key);
  return [
    ...results.flatMap((result) => answered(state, key, result)),
    ...followersOf(state, key).flatMap((session) => goOn(state, session, key)),
    ...commitNext(state, key, carried),
  ];
}

function answered(state: HubState, key: string, result: Result): readonly HubEffect[] {
  const session = state.sessions.get(result.session);
  const feed = session?.feeds.get(key);
  if (session === undefined || feed === undefined) return [];
  if (result.type === "push") return [pushAcked(state, session, feed, result)];
  if (result.type === "adopt") return [];
  if (!result.done.gap) {
    return state.rules.acknowledges(result.count) ? [acked(session, feed, result.id)] : [];
  }
  return [closing(state, session.session, "a stamp is missing")];
}

function pushAcked(
  state: HubState,
  session: Session,
  feed: Feed,
  { push, done }: Extract<Result, { type: "push" }>,
): HubEffect {
  const { mark, gap, refusal, seq, conflicts } = done;
  const atRoot = parentOf(state, session.tenant, feed.stream) === undefined;
  if (!atRoot && push.replica === feed.hello?.replica) feed.settling.push({ ctr: mark.ctr, seq });
  const durability = atRoot ? Durability.PARENT : Durability.FSYNC;
  const said = { mark, durability, gap, refusal, conflicts: [...conflicts] };
  const value = { stream: feed.stream, ...said };
  return { type: "send", session: session.session, frame: framed({ case: "pushAck", value }) };
}

function acked(session: Session, { stream }: Feed, id: number): HubEffect {
  const frame = framed({ case: "batchAck", value: { stream, id } });
  return { type: "send", session: session.session, frame };
}
