import type { Batch, BatchAck } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { costOfCells, costOfEntries, framed } from "./frame.ts";
import { lease, resumed, resumeOf } from "./hub.resume.ts";
import { advanced, rebuilt } from "./hub.standing.ts";
import { followersOf, type Feed, type HubEffect } from "./hub.state.ts";
import type { HubState, Session } from "./hub.state.ts";
import type { LogAnswer, Standing } from "./log.ts";
import { dotOfEntry, stampOf } from "./mark.ts";
import { cellKey } from "./op.ts";
import { joined, stamped, type Vector } from "./vector.ts";

/** Reads for the session what it may be sent next; one page at a time, in the order of lanes. */
export function pump(state: HubState, session: Session): readonly HubEffect[] {
  if (session.isReading || flightOf(session) >= state.limits.flightBytesMax) return [];
  const feeds = [...session.feeds.values()].filter((feed) => isReady(state, session, feed));
  if (feeds.length === 0) return [];
  const ready = [0, 1, 2, 3].map((lane) => feeds.some(({ stream }) => stream.lane === lane));
  const lane = state.rules.nextLane({ ready, deficits: session.deficits });
  const feed = feeds.find(({ stream }) => stream.lane === lane);
  if (feed === undefined) return [];
  // The next of the same lane has its turn first.
  session.feeds.delete(feed.key);
  session.feeds.set(feed.key, feed);
  session.isReading = true;
  const ref = { session: session.session, key: feed.key };
  const { partCellsMax: cellsMax, frameBytesMax, frameOpsMax: opsMax } = state.limits;
  if (feed.mode === "SNAPSHOT") {
    return [{ type: "ask", request: { type: "part", ref, after: feed.partAfter, cellsMax } }];
  }
  feed.askedHead = state.streams.get(feed.key)?.head ?? 0;
  const bytesMax = Math.min(frameBytesMax, feed.credit);
  return [{ type: "ask", request: { type: "page", ref, after: feed.sent, bytesMax, opsMax } }];
}

/** Whether a feed has something to send, and may. */
export function isReady({ rules, streams }: HubState, session: Session, feed: Feed): boolean {
  if (feed.credit <= 0 || !rules.mayHold(session.zones, feed.stream)) return false;
  if (feed.mode === "SNAPSHOT") return true;
  const { head } = streams.get(feed.key) ?? { head: 0 };
  const owes = session.peer === "REPLICA" && feed.checkpointSeq === owed && head > 0;
  return feed.mode === "LIVE" && (owes || feed.sent < head);
}

/** No checkpoint yet since it was opened: however quiet the stream, one is sent at its end. */
export const owed = -1;

function flightOf({ feeds }: Session): number {
  let bytes = 0;
  for (const { unacked } of feeds.values()) for (const { cost } of unacked) bytes += cost;
  return bytes;
}

/** A page was read: send what of it the other side lacks. */
export function onPage(
  state: HubState,
  page: Extract<LogAnswer, { type: "page" }>,
): readonly HubEffect[] {
  const session = state.sessions.get(page.ref.session);
  if (session === undefined) return [];
  session.isReading = false;
  const feed = session.feeds.get(page.ref.key);
  const isStale = feed?.mode !== "LIVE" || feed.sent !== page.after;
  if (feed === undefined || isStale) return pump(state, session);
  const { epoch } = page;
  if (epoch !== state.streams.get(feed.key)?.epoch) return rebuilt(state, feed.key);
  if (page.gone) return fallBehind(state, session, feed);
  if (page.to === page.after) {
    noteEnd(state, feed, page.to);
    const compared = checkpoint(state, session, feed, page);
    // Of a log that grows meanwhile the next page says what this one does not.
    if (feed.checkpointSeq === owed) feed.checkpointSeq = feed.sent;
    return [...compared, ...pump(state, session)];
  }
  const entries = entriesFor(state, session, feed, page.entries);
  const vector = broughtBy(page.entries);
  if (session.peer !== "REPLICA") {
    for (const entry of entries) feed.peerVector = stamped(feed.peerVector, stampOf(entry));
  }
  const { stream } = feed;
  const id = spend(session, feed, costOfEntries(entries), page.to);
  const covers = { stream, id, epoch, seqFrom: page.after, seqTo: page.to, vector };
  const all = entries as Entry[];
  const value: Batch = { $typeName: "foedus.sync.v1.Batch", ...covers, entries: all };
  const frame = framed({ case: "batch", value });
  const batch: HubEffect = { type: "send", session: session.session, frame };
  feed.sent = page.to;
  const sent = [batch, ...checkpoint(state, session, feed, page)];
  return [...sent, ...furtherBy(state, session, feed.key, page, vector), ...pump(state, session)];
}

/** A page may show more of a log than was heard of it: a commit that was done and not answered. */
function furtherBy(
  state: HubState,
  { session }: Session,
  key: string,
  { epoch, to: head }: { readonly epoch: string; readonly to: number },
  brought: Vector,
): readonly HubEffect[] {
  const carried = state.streams.get(key);
  if (carried !== undefined && head <= carried.head) return [];
  const vector = joined(carried?.vector ?? {}, brought);
  return heard(state, key, { epoch, head, vector }, session);
}

/**
 * A log that has less than was heard of it knows better: else it would be asked for ever. What was
 * heard since it was asked, as of a commit that came first, it may not have had yet.
 */
function noteEnd({ streams }: HubState, { key, askedHead }: Feed, head: number): void {
  const carried = streams.get(key);
  const isOld = carried?.head === askedHead;
  if (carried !== undefined && isOld && carried.head > head) carried.head = head;
}

/**
 * What of a page is sent: to a hub what it lacks, to an author no bytes of what it brought here.
 * What another hub stamped it may keep no longer: settled there, and its place here passed before,
 * as refused. Whoever is sent all is sent the same array, so that it is packed once.
 */
function entriesFor(
  { hub, rules }: HubState,
  session: Session,
  { hello, isRebuilding, peerVector }: Feed,
  page: readonly Entry[],
): readonly Entry[] {
  if (session.peer !== "REPLICA") {
    const all = isRebuilding && session.peer === "CHILD";
    const isLacked = (entry: Entry) => all || rules.lacks(peerVector, entry);
    return page.every(isLacked) ? page : page.filter(isLacked);
  }
  const isOwn = (entry: Entry) =>
    dotOfEntry(entry).replica === hello?.replica && stampOf(entry).hub === hub;
  if (!page.some(isOwn)) return page;
  return page.map((entry) => (isOwn(entry) ? { ...entry, op: new Uint8Array() } : entry));
}

const brought = new WeakMap<readonly Entry[], Record<string, number>>();

/** Of each hub's incarnation the last stamp in a page, which many may be sent. */
function broughtBy(page: readonly Entry[]): Record<string, number> {
  const known = brought.get(page);
  if (known !== undefined) return known;
  let vector: Vector = {};
  for (const entry of page) vector = stamped(vector, stampOf(entry));
  const all = { ...vector };
  brought.set(page, all);
  return all;
}

function spend(session: Session, feed: Feed, cost: number, seq: number): number {
  const { lane } = feed.stream;
  const id = feed.nextId++;
  feed.credit -= cost;
  feed.unacked.push({ id, cost, seq });
  session.deficits[lane] = (session.deficits[lane] ?? 0) - cost;
  return id;
}

function checkpoint(
  state: HubState,
  session: Session,
  feed: Feed,
  { digest }: Extract<LogAnswer, { type: "page" }>,
): HubEffect[] {
  const { checkpointSeq } = feed;
  const isDue = checkpointSeq === owed || feed.sent - checkpointSeq >= state.limits.checkpointEvery;
  if (digest === undefined || session.peer !== "REPLICA" || !isDue) return [];
  feed.checkpointSeq = feed.sent;
  const epoch = state.streams.get(feed.key)?.epoch ?? "";
  const cursor = { epoch, seq: feed.sent };
  const value = { stream: feed.stream, cursor, cells: digest.cells, digest: digest.sum };
  return [{ type: "send", session: session.session, frame: framed({ case: "checkpoint", value }) }];
}

/** A wait or a slow reader's place is over: a snapshot follows. */
export function startSnapshot(state: HubState, session: Session, feed: Feed): readonly HubEffect[] {
  feed.mode = "SNAPSHOT";
  feed.isRebuilding = true;
  feed.partAfter = undefined;
  feed.partFrom = undefined;
  const vector = state.streams.get(feed.key)?.vector ?? {};
  return [resumed(session, resumeOf(state, feed, vector, {})), ...pump(state, session)];
}

/** New places may be sent; and who waited for this hub to know enough may wait no longer. */
export function goOn(state: HubState, session: Session, key: string): readonly HubEffect[] {
  const feed = session.feeds.get(key);
  if (feed === undefined) return [];
  const vector = state.streams.get(key)?.vector ?? {};
  const isOver = feed.mode === "WAIT" && state.rules.mayShow(vector, feed.hello?.vector ?? {});
  return isOver ? startSnapshot(state, session, feed) : pump(state, session);
}

/** Takes over how far a log has come; where that is further, all others who follow it go on. */
export function heard(
  state: HubState,
  key: string,
  standing: Standing,
  except: string,
): readonly HubEffect[] {
  const before = state.streams.get(key)?.head;
  const ended = advanced(state, key, standing, except);
  if (ended.length > 0 || state.streams.get(key)?.head === before) return ended;
  return followersOf(state, key)
    .filter(({ session }) => session !== except)
    .flatMap((session) => goOn(state, session, key));
}

/** A reader was slower than the log is kept. */
function fallBehind(state: HubState, session: Session, feed: Feed): readonly HubEffect[] {
  const { key } = feed;
  if (session.peer === "PARENT") {
    feed.mode = "OPENING";
    return [{ type: "incident", reason: "PARENT_BEHIND_HORIZON", key }];
  }
  const hadLease = session.peer === "CHILD" && !feed.isRebuilding;
  const snapshot = startSnapshot(state, session, feed);
  if (!hadLease) return snapshot;
  return [{ type: "incident", reason: "CHILD_BEHIND_HORIZON", key }, ...snapshot];
}

/** A part of a snapshot was read: send it, and after the last one the log from the first. */
export function onPart(
  state: HubState,
  part: Extract<LogAnswer, { type: "part" }>,
): readonly HubEffect[] {
  const session = state.sessions.get(part.ref.session);
  if (session === undefined) return [];
  session.isReading = false;
  const feed = session.feeds.get(part.ref.key);
  if (feed?.mode !== "SNAPSHOT" || feed.partAfter !== part.after) return pump(state, session);
  const { cells, marks, last, standing } = part;
  if (standing.epoch !== state.streams.get(feed.key)?.epoch) return rebuilt(state, feed.key);
  const from = (feed.partFrom ??= standing.head);
  const { stream } = feed;
  const id = spend(session, feed, costOfCells(cells), from);
  const cursor = { epoch: standing.epoch, seq: from };
  const vector = { ...standing.vector };
  const value = { stream, id, cursor, readSeq: standing.head, vector, last };
  const frame = framed({
    case: "snapshotPart",
    value: { ...value, cells: [...cells], marks: [...marks] },
  });
  const end = cells.at(-1);
  feed.partAfter = end === undefined ? feed.partAfter : cellKey(end);
  if (last) {
    feed.mode = "LIVE";
    feed.sent = from;
    feed.checkpointSeq = owed;
  }
  return [{ type: "send", session: session.session, frame }, ...pump(state, session)];
}

/** The other side has saved all frames up to one: their bytes may be sent again. */
export function onBatchAck(
  state: HubState,
  session: Session,
  { stream, id }: BatchAck,
): readonly HubEffect[] {
  if (stream === undefined) return [];
  const feed = session.feeds.get(state.rules.keyOf(session.tenant, stream));
  if (feed === undefined) return [];
  let seq: number | undefined;
  for (let first = feed.unacked[0]; first !== undefined && first.id <= id;) {
    feed.credit += first.cost;
    seq = first.seq;
    feed.unacked.shift();
    first = feed.unacked[0];
  }
  return [...leased(state, session, feed, seq), ...pump(state, session)];
}

function leased(
  state: HubState,
  session: Session,
  { key, isRebuilding }: Feed,
  seq: number | undefined,
): HubEffect[] {
  if (session.peer === "REPLICA" || isRebuilding || seq === undefined) return [];
  const isUp = session.peer === "PARENT";
  return [lease(state, session, key, seq), ...(isUp ? settle(state, key, seq) : [])];
}

/** The parent has all up to a place: the authors of what stands there hear of it. */
export function settle(state: HubState, key: string, seq: number): HubEffect[] {
  return followersOf(state, key).flatMap((session): HubEffect[] => {
    const feed = session.feeds.get(key);
    const last = feed?.settling.findLast((each) => each.seq <= seq);
    if (feed === undefined || last === undefined) return [];
    feed.settling = feed.settling.filter((each) => each.seq > seq);
    const value = { stream: feed.stream, ctr: last.ctr };
    return [{ type: "send", session: session.session, frame: framed({ case: "settled", value }) }];
  });
}
