import { Refusal, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { Resume, type Hello, type Resumed } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { isTaken } from "./charter.ts";
import { framed } from "./frame.ts";
import { heard, owed, pump } from "./hub.feed.ts";
import { lease, resumed, resumeOf } from "./hub.resume.ts";
import type { Carried, Feed, HubEffect, HubState, Session, Shelved } from "./hub.state.ts";
import { carry, follow, isUnwritten, letGo, parentOf, termsOf, unfollow } from "./hub.state.ts";
import type { LogAnswer } from "./log.ts";
import { newStaging } from "./staging.ts";
import { dominates } from "./vector.ts";

type Looked = Extract<LogAnswer, { type: "look" }>;

/** A stream is opened: first look where the log stands. */
export function onHello(state: HubState, session: Session, hello: Hello): readonly HubEffect[] {
  const { stream } = hello;
  if (stream === undefined) return [];
  const { rules } = state;
  const isInZone = rules.mayHold(state.zones, stream) && rules.mayHold(session.zones, stream);
  const refusal = isInZone ? charterRefusal(state, session, stream, hello) : Refusal.ZONE;
  if (refusal !== Refusal.UNSPECIFIED) {
    return [resumed(session, { stream, mode: Resume.REFUSED, refusal })];
  }
  const feed = newFeed(state, session, stream, hello);
  follow(state, session, feed);
  return [look(state, session, feed)];
}

/** Why a stream is not opened as it is declared; hubs relay whatever there is. */
function charterRefusal(
  state: HubState,
  { peer, tenant }: Session,
  stream: Stream,
  { schemaRevision }: Hello,
): Refusal {
  if (peer !== "REPLICA") return Refusal.UNSPECIFIED;
  const terms = termsOf(state, tenant, stream);
  if (terms === undefined) {
    const isKnown = state.streams.has(state.rules.keyOf(tenant, stream));
    return isKnown ? Refusal.UNSPECIFIED : Refusal.NOT_DECLARED;
  }
  const isSound = schemaRevision === 0 || isTaken(terms, schemaRevision);
  return isSound ? Refusal.UNSPECIFIED : Refusal.SCHEMA;
}

/** Opens all streams that the parent may hold, towards it. */
export function openUplink(state: HubState, session: Session): readonly HubEffect[] {
  return [...state.streams.values()]
    .filter(({ tenant }) => tenant === session.tenant)
    .flatMap(({ stream }) => helloUp(state, session, stream));
}

/** Opens a stream towards the parent, or anew: what the parent knows has changed. */
export function helloUp(state: HubState, session: Session, stream: Stream): readonly HubEffect[] {
  if (!state.rules.mayHold(session.zones, stream)) return [];
  const feed = newFeed(state, session, stream, undefined);
  follow(state, session, feed);
  const vector = { ...state.streams.get(feed.key)?.vector };
  const { creditBytes } = state.limits;
  const value = { stream, vector, creditBytes };
  return [{ type: "send", session: session.session, frame: framed({ case: "hello", value }) }];
}

function newFeed(
  state: HubState,
  session: Session,
  stream: Stream,
  hello: Hello | undefined,
): Feed {
  const key = state.rules.keyOf(session.tenant, stream);
  const before = session.feeds.get(key);
  return {
    key,
    stream,
    hello,
    turn: (before?.turn ?? 0) + 1,
    mode: "OPENING",
    sent: 0,
    askedHead: 0,
    peerVector: hello?.vector ?? {},
    credit: hello?.creditBytes ?? 0,
    // What was sent before may still be acknowledged.
    nextId: before?.nextId ?? 1,
    unacked: [],
    settling: [],
    isRebuilding: false,
    partAfter: undefined,
    partFrom: undefined,
    staging: undefined,
    checkpointSeq: 0,
    awaited: undefined,
  };
}

/** Asks where a log stands for nobody: a commit that was not answered may be done nevertheless. */
export function lookAnew(state: HubState, key: string, carried: Carried): HubEffect {
  const { tenant, stream, vector } = carried;
  const parent = parentOf(state, tenant, stream)?.name;
  const ref = { session: "", key, hello: 0 };
  const whose = { tenant, stream, replica: "", vector, parent, child: undefined };
  return { type: "ask", request: { type: "look", ref, ...whose } };
}

/** Asks where the log of a stream stands for the other side. */
export function look(state: HubState, session: Session, feed: Feed): HubEffect {
  const { key, stream, hello, peerVector: vector } = feed;
  const parent = parentOf(state, session.tenant, stream)?.name;
  const ref = { session: session.session, key, hello: feed.turn };
  const replica = hello?.replica ?? "";
  const child = session.peer === "CHILD" ? session.name : undefined;
  const { tenant } = session;
  const whose = { tenant, stream, replica, vector };
  return { type: "ask", request: { type: "look", ref, ...whose, parent, child } };
}

/** The log has said where it stands: decide how the stream goes on, and say so. */
export function onLooked(state: HubState, looked: Looked): readonly HubEffect[] {
  const { ref, standing } = looked;
  const session = state.sessions.get(ref.session);
  const feed = session?.feeds.get(ref.key);
  // Of a stream that nobody wrote to nothing is kept for somebody who has gone.
  if (feed === undefined && isUnwritten(standing)) return [];
  if (session !== undefined && feed !== undefined && isOneTooMany(state, session, looked)) {
    return refuse(state, session, feed, Refusal.UNWRITTEN_MAX);
  }
  const effects = [...noteStream(state, looked)];
  effects.push(...heard(state, ref.key, standing, ref.session));
  if (session === undefined || feed === undefined) return effects;
  if (ref.hello !== feed.turn) return effects;
  if (session.peer === "PARENT") return [...effects, ...startUp(state, session, feed, looked)];
  if (session.peer === "CHILD") effects.push(...reused(state, feed, looked));
  feed.mode = modeOf(state, session, feed, looked);
  feed.sent = session.peer === "CHILD" ? looked.from : (feed.hello?.cursor?.seq ?? 0);
  feed.checkpointSeq = owed;
  feed.isRebuilding = feed.mode === "SNAPSHOT";
  if (looked.settledCtr < looked.mark.ctr) {
    feed.settling.push({ ctr: looked.mark.ctr, seq: standing.head });
  }
  const cursor = { epoch: standing.epoch, seq: feed.sent };
  const { mark, settledCtr } = looked;
  const { vector } = standing;
  effects.push(resumed(session, resumeOf(state, feed, vector, { cursor, mark, settledCtr })));
  return [...effects, ...pump(state, session)];
}

/**
 * Whoever may only read makes a hub carry a stream by naming it, and the hubs above as well: of
 * streams that nobody wrote to a tenant has so many, and who writes has what it takes.
 */
function isOneTooMany(
  { rules, streams, unwritten, limits }: HubState,
  { peer, writes }: Session,
  { tenant, stream, standing }: Looked,
): boolean {
  if (peer !== "REPLICA" || writes || !isUnwritten(standing)) return false;
  if (streams.has(rules.keyOf(tenant, stream))) return false;
  return (unwritten.get(tenant)?.size ?? 0) >= limits.unwrittenMax;
}

function refuse(state: HubState, session: Session, feed: Feed, refusal: Refusal): HubEffect[] {
  unfollow(state, session, feed.key);
  session.feeds.delete(feed.key);
  return [resumed(session, { stream: feed.stream, mode: Resume.REFUSED, refusal })];
}

function modeOf(
  { rules }: HubState,
  session: Session,
  { hello }: Feed,
  { standing, horizon, horizonVector }: Looked,
): Feed["mode"] {
  const seen = hello?.vector ?? {};
  if (session.peer === "CHILD") return dominates(seen, horizonVector) ? "LIVE" : "SNAPSHOT";
  const { epoch = "", seq = 0 } = hello?.cursor ?? {};
  if (epoch === standing.epoch && seq >= horizon && seq <= standing.head) return "LIVE";
  return rules.mayShow(standing.vector, seen) || hello?.behind === true ? "SNAPSHOT" : "WAIT";
}

/** A stream that is new here is carried from now on, whoever asked for it, and opened upwards. */
export function noteStream(state: HubState, shelved: Shelved): readonly HubEffect[] {
  const { tenant, stream } = shelved;
  const key = state.rules.keyOf(tenant, stream);
  if (state.streams.has(key)) return [];
  carry(state, shelved);
  return [...state.sessions.values()]
    .filter((session) => session.peer === "PARENT" && session.tenant === tenant)
    .filter(({ feeds }) => !feeds.has(key))
    .flatMap((uplink) => helloUp(state, uplink, stream));
}

/** What was let go here has been written to above: it is carried again, and begins from nothing. */
export function carryAgain(
  state: HubState,
  { peer, tenant, zones }: Session,
  stream: Stream | undefined,
): readonly HubEffect[] {
  if (peer !== "PARENT" || stream === undefined) return [];
  const { rules, hub: epoch } = state;
  if (!rules.mayHold(state.zones, stream) || !rules.mayHold(zones, stream)) return [];
  return noteStream(state, { tenant, stream, standing: { epoch, head: 0, vector: {} } });
}

/** The parent has said how the stream goes on. */
export function onResumed(state: HubState, session: Session, said: Resumed): readonly HubEffect[] {
  if (said.stream === undefined || session.peer !== "PARENT") return [];
  const feed = session.feeds.get(state.rules.keyOf(session.tenant, said.stream));
  if (feed === undefined) return carryIfMore(state, session, said);
  if (said.mode === Resume.REFUSED) {
    session.feeds.delete(feed.key);
    unfollow(state, session, feed.key);
    return [];
  }
  if (said.mode === Resume.SNAPSHOT) {
    feed.staging = newStaging(said.cursor ?? emptyCursor());
    // What goes up meanwhile is not in the snapshot: this log must keep it until that is adopted.
    feed.isRebuilding = true;
  }
  if (feed.mode !== "OPENING") return [];
  feed.peerVector = said.vector;
  feed.credit = said.creditBytes;
  return [look(state, session, feed)];
}

/** Of what was let go the parent's log goes on without these places: it is to begin anew. */
function carryIfMore(
  state: HubState,
  session: Session,
  { mode, stream }: Resumed,
): readonly HubEffect[] {
  return mode === Resume.SNAPSHOT ? carryAgain(state, session, stream) : [];
}

function emptyCursor() {
  return newStaging({ $typeName: "foedus.sync.v1.Cursor", epoch: "", seq: 0 }).cursor;
}

/** Another hub, above or below, has more stamps of this incarnation than the log gave out. */
function reused({ hub }: HubState, { key, peerVector }: Feed, { standing }: Looked): HubEffect[] {
  const isKnown = (peerVector[hub] ?? 0) <= (standing.vector[hub] ?? 0);
  return isKnown ? [] : [{ type: "incident", reason: "INCARNATION_REUSED", key }];
}

/** Sends up what the parent lacks, if all of it is still in the log. */
function startUp(state: HubState, session: Session, feed: Feed, looked: Looked): HubEffect[] {
  const effects = reused(state, feed, looked);
  if (!dominates(feed.peerVector, looked.horizonVector)) {
    feed.staging = undefined;
    feed.awaited = looked.horizonVector;
    return [...effects, { type: "incident", reason: "PARENT_BEHIND_HORIZON", key: feed.key }];
  }
  feed.mode = "LIVE";
  feed.sent = looked.from;
  effects.push(lease(state, session, feed.key, feed.sent));
  if (state.streams.get(feed.key)?.isLeft === true) letGo(state, feed.key);
  return [...effects, ...pump(state, session)];
}
