import type { Frame, Hello } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { anyTerms, type Charter, type Terms } from "./charter.ts";
import type { Limits } from "./limits.ts";
import type { Item, LogAnswer, LogRequest, Standing } from "./log.ts";
import type { Rules } from "./rules.ts";
import type { Staging } from "./staging.ts";
import type { Vector } from "./vector.ts";

/** What a hub's part of sync holds between two events; none of it survives a crash, nor must it. */
export interface HubState {
  /** Its incarnation, which stamps. */
  readonly hub: string;
  /** Where it stands. */
  readonly zones: readonly string[];
  /** Until it has answered, what is assumed of it. */
  parent: Parent | undefined;
  readonly rules: Rules;
  readonly limits: Limits;
  /** What is declared; of a hub that has none, anything goes. */
  readonly charter?: Charter;
  readonly sessions: Map<string, Session>;
  readonly streams: Map<string, Carried>;
  /** Streams that nobody has written to, by tenant: they are carried for who follows them. */
  readonly unwritten: Map<string, Set<string>>;
  /** Which sessions have opened each stream: most have opened others. */
  readonly followers: Map<string, Set<Session>>;
}

/** The hub above. */
export interface Parent {
  /** Its name, which outlives its incarnations. */
  readonly name: string;
  readonly zones: readonly string[];
  /** The tenant whose streams go there; all when nobody says. */
  readonly tenant?: string;
}

/** A stream that the hub carries. */
export interface Carried {
  readonly stream: Stream;
  readonly tenant: string;
  epoch: string;
  head: number;
  vector: Vector;
  readonly queue: Item[];
  isCommitting: boolean;
  /** Another process over the same log has told of it: who follows it there is not known here. */
  isShared?: boolean;
  /** Whoever followed it here has gone, and the parent has not said yet how it goes on. */
  isLeft?: boolean;
}

/** Who is at the other end, as the transport has proved it. */
export interface Opened {
  readonly session: string;
  readonly tenant: string;
  readonly zones: readonly string[];
  readonly peer: "REPLICA" | "CHILD" | "PARENT";
  /** A hub's name, which outlives its incarnations; of a replica whatever it is called by. */
  readonly name: string;
  /** Whether it may write here. */
  readonly writes: boolean;
}

/** A live connection. */
export interface Session extends Opened {
  readonly feeds: Map<string, Feed>;
  /** A page is being read for it. */
  isReading: boolean;
  readonly deficits: number[];
}

/** How a stream goes in one session. */
export interface Feed {
  readonly key: string;
  readonly stream: Stream;
  readonly hello: Hello | undefined;
  /** Which hello of the stream it is in this session, from 1. */
  readonly turn: number;
  mode: "OPENING" | "LIVE" | "WAIT" | "SNAPSHOT";
  /** The last place that was sent. */
  sent: number;
  /** How far the log was, by what was heard, when it was last asked for a page. */
  askedHead: number;
  /** Of a hub: what it has, for all we know. */
  peerVector: Vector;
  credit: number;
  nextId: number;
  readonly unacked: { readonly id: number; readonly cost: number; readonly seq: number }[];
  /** Of its pushed ops the last and its place, until the parent has them. */
  settling: { readonly ctr: number; readonly seq: number }[];
  /**
   * It began with a snapshot. Until it is opened anew the other hub builds on that alone: it is
   * sent every place, those it brought itself too, and acknowledges what is not on its disk yet.
   */
  isRebuilding: boolean;
  /** The key of the last cell of a snapshot that was sent. */
  partAfter: string | undefined;
  /** The place at which a snapshot's first part was read. */
  partFrom: number | undefined;
  /** What a parent's snapshot brought so far. */
  staging: Staging | undefined;
  checkpointSeq: number;
  /** Of a parent: truncated here, and not known there; once it is, the log goes up. */
  awaited: Vector | undefined;
}

/** What happens to a hub. */
export type HubEvent =
  | ({ readonly type: "opened" } & Opened)
  | { readonly type: "closed"; readonly session: string }
  | { readonly type: "frame"; readonly session: string; readonly frame: Frame }
  | { readonly type: "answered"; readonly answer: LogAnswer }
  /** The log gave no answer: what was asked may have been done, or not. */
  | { readonly type: "failed"; readonly request: LogRequest }
  | ({ readonly type: "grown" } & Grown);

/** What another process over the same log has done: it has committed, or carries a stream now. */
export interface Grown {
  readonly key: string;
  readonly standing: Standing;
  /** What the key names, so that a stream that is new here is carried, and goes up. */
  readonly whose?: Pick<Shelved, "tenant" | "stream">;
  /** The place up to which the parent has all. */
  readonly atParent?: number;
}

/** What a hub wants done, in this order. */
export type HubEffect =
  | { readonly type: "send"; readonly session: string; readonly frame: Frame }
  | { readonly type: "ask"; readonly request: LogRequest }
  | { readonly type: "close"; readonly session: string; readonly reason: string }
  | { readonly type: "incident"; readonly reason: Incident; readonly key: string };

/** What an operator must hear of. */
export type Incident =
  /** The parent lacks places that were truncated here. */
  | "PARENT_BEHIND_HORIZON"
  /** A hub whose lease holds lacks places that were truncated. */
  | "CHILD_BEHIND_HORIZON"
  /** Another hub has more of this incarnation's stamps than it gave: it must take a new one. */
  | "INCARNATION_REUSED";

/** A stream that the log had when the hub started. */
export interface Shelved {
  readonly tenant: string;
  readonly stream: Stream;
  readonly standing: Standing;
}

/** A hub that has just started, with what its log holds: that goes up even if nobody asks. */
export function newHub(
  start: Pick<HubState, "hub" | "zones" | "parent" | "rules" | "limits" | "charter">,
  shelved: readonly Shelved[],
): HubState {
  const none = { sessions: new Map(), streams: new Map(), followers: new Map() };
  const unwritten = new Map<string, Set<string>>();
  const state: HubState = { ...start, ...none, unwritten };
  for (const each of shelved) carry(state, each);
  return state;
}

/** Notes a stream that the hub carries from now on. */
export function carry(state: HubState, { tenant, stream, standing }: Shelved): void {
  const key = state.rules.keyOf(tenant, stream);
  state.streams.set(key, { stream, tenant, ...standing, queue: [], isCommitting: false });
  if (!isUnwritten(standing)) return;
  state.unwritten.set(tenant, (state.unwritten.get(tenant) ?? new Set()).add(key));
}

/** Somebody has written to a stream, or it is carried no longer. */
export function noteWritten({ unwritten }: HubState, key: string, tenant: string): void {
  const keys = unwritten.get(tenant);
  keys?.delete(key);
  if (keys?.size === 0) unwritten.delete(tenant);
}

/** Ends a session at once: whatever still comes of it is not heard. */
export function closing(state: HubState, session: string, reason: string): HubEffect {
  leave(state, session);
  return { type: "close", session, reason };
}

/** A session is over. */
export function leave(state: HubState, name: string): void {
  const session = state.sessions.get(name);
  state.sessions.delete(name);
  for (const key of session?.feeds.keys() ?? []) {
    if (session !== undefined) unfollow(state, session, key);
  }
}

/** A session follows a stream no longer. */
export function unfollow(state: HubState, session: Session, key: string): void {
  state.followers.get(key)?.delete(session);
  letGo(state, key);
}

/**
 * A stream that nobody wrote to and that only the hub above is open for is not carried, and not
 * open above: a parent may have it, and brings it as soon as somebody here asks for it again.
 */
export function letGo(state: HubState, key: string): void {
  const followers = state.followers.get(key);
  if (followers === undefined) return;
  for (const { peer } of followers) if (peer !== "PARENT") return;
  if (followers.size === 0) state.followers.delete(key);
  const carried = state.streams.get(key);
  if (carried === undefined || carried.isCommitting || carried.queue.length > 0) return;
  if (!isUnwritten(carried)) return;
  if (followers.size > 0 && carried.isShared === true) return;
  carried.isLeft = true;
  const uplinks = [...followers];
  if (uplinks.some(({ feeds }) => isUnsaid(feeds.get(key)))) return;
  for (const { feeds } of uplinks) feeds.delete(key);
  state.followers.delete(key);
  state.streams.delete(key);
  noteWritten(state, key, carried.tenant);
}

/** Whether the hub above has yet to say what it has, or is bringing it. */
function isUnsaid(feed: Feed | undefined): boolean {
  return feed !== undefined && (feed.mode === "OPENING" || feed.staging !== undefined);
}

/** Whether nobody has written to it. A log that was rebuilt has no places and holds a lot. */
export function isUnwritten({ head, vector }: Standing): boolean {
  return head === 0 && Object.keys(vector).length === 0;
}

/** A stream is open in a session from now on. */
export function follow({ followers }: HubState, session: Session, feed: Feed): void {
  session.feeds.set(feed.key, feed);
  followers.set(feed.key, (followers.get(feed.key) ?? new Set()).add(session));
}

/** Who has opened a stream. */
export function followersOf({ followers }: HubState, key: string): readonly Session[] {
  return [...(followers.get(key) ?? [])];
}

/** By which revisions a stream may be written; undefined where it takes no write at all. */
export function termsOf({ charter }: HubState, tenant: string, stream: Stream): Terms | undefined {
  return charter === undefined ? anyTerms : charter(tenant, stream);
}

/** The parent, if the stream may go there: without one the hub is the last to have it. */
export function parentOf(
  { parent, rules }: HubState,
  tenant: string,
  stream: Stream,
): Parent | undefined {
  if (parent === undefined || (parent.tenant ?? tenant) !== tenant) return undefined;
  return rules.mayHold(parent.zones, stream) ? parent : undefined;
}
