import { nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import type { ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { takeRate } from "@foedus/kernel/rate.ts";
import type { World } from "@foedus/kernel/world.ts";
import { every } from "../every.ts";
import {
  controlFrameRate,
  firstByteMs,
  lookMs,
  pingAnswerMs,
  pingEveryMs,
  resetRate,
  sessionWindowBytes,
} from "./limits.ts";
import type { Peer, Sessions } from "./peer.ts";

/** The HTTP/2 sessions of one listener. */
export interface SessionBook extends Sessions {
  /** Takes a new session in. */
  add(session: ServerHttp2Session, peer?: Peer): void;
  peerOf(session: ServerHttp2Session | undefined): Peer | undefined;
  /** The address of its other side. */
  addressOf(session: ServerHttp2Session | undefined): string;
  /** Asks every client to take its next call elsewhere; calls under way go on. */
  goAway(): void;
  /** Ends each session once its calls are done. */
  close(): void;
  stop(): void;
}

/** Why the hub ended a session by itself. */
export type CutReason = "silent" | "resets" | "control frames" | "no preface";

interface Entry {
  readonly session: ServerHttp2Session;
  readonly peer: Peer | undefined;
  readonly openedMs: number;
  settled: boolean;
  nextPingMs: number;
  pingSentMs: number | undefined;
}

/** NGHTTP2_NO_ERROR. */
const noError = 0;

/** An empty book, which looks its sessions over until it is stopped. */
export function openSessions(world: World, cutNoted: (why: CutReason) => void): SessionBook {
  const entries = new Set<Entry>();
  const peers = new WeakMap<ServerHttp2Session, Peer>();
  // The socket of a session is a proxy: what it is asked once need not be asked by each call.
  const addresses = new WeakMap<ServerHttp2Session, string>();
  const owners = new Map<string, Set<ServerHttp2Session>>();
  const destroyAll = (of: (spiffeId: string) => boolean) => {
    const theirs = [...entries].filter((entry) => of(entry.peer?.spiffeId ?? ""));
    for (const { session } of theirs) session.destroy();
    return theirs.length;
  };
  const cut = (entry: Entry, why: CutReason) => {
    cutNoted(why);
    entry.session.destroy();
  };
  const stop = every(world, lookMs, () => lookOver(entries, world.clock.monotonic(), cut));
  return {
    add(session, peer) {
      const openedMs = world.clock.monotonic();
      const nextPingMs = openedMs + pingEveryMs;
      const entry = { session, peer, openedMs, settled: false, nextPingMs, pingSentMs: undefined };
      entries.add(entry);
      if (peer !== undefined) peers.set(session, peer);
      addresses.set(session, session.socket.remoteAddress ?? "");
      session.once("close", () => entries.delete(entry));
      noteOwner(owners, session, peer?.spiffeId);
      session.once("remoteSettings", () => (entry.settled = true));
      session.on("error", () => undefined);
      session.setLocalWindowSize(sessionWindowBytes);
      countResets(world, session, () => cut(entry, "resets"));
      countControls(world, session, () => cut(entry, "control frames"));
    },
    peerOf: (session) => (session === undefined ? undefined : peers.get(session)),
    addressOf: (session) => (session === undefined ? "" : (addresses.get(session) ?? "")),
    cut: (spiffeId) => destroyAll((id) => id === spiffeId),
    cutDomain: (trustDomain) => destroyAll((id) => id.startsWith(`spiffe://${trustDomain}/`)),
    cutTenant: (trustDomain, tenant) =>
      destroyAll((id) => id.startsWith(nodeSpiffe(trustDomain, tenant, ""))),
    of: (spiffeId) => owners.get(spiffeId)?.size ?? 0,
    count: () => entries.size,
    goAway: () => sendAway(entries),
    close() {
      for (const { session } of entries) session.close();
    },
    stop,
  };
}

/**
 * Names the last call we look at. With the highest number instead, which asks for a round of grace,
 * nghttp2 leaves calls that are on their way without any answer.
 */
function sendAway(entries: ReadonlySet<Entry>): void {
  for (const { session } of entries) {
    // One that was cut a moment ago is still here, and takes no word any more.
    if (!session.closed && !session.destroyed) session.goaway(noError);
  }
}

/** Keeps the sessions by whose they are: a list of many links asks for each of them. */
function noteOwner(
  owners: Map<string, Set<ServerHttp2Session>>,
  session: ServerHttp2Session,
  spiffeId: string | undefined,
): void {
  if (spiffeId === undefined || session.destroyed) return;
  const theirs = owners.get(spiffeId) ?? new Set();
  owners.set(spiffeId, theirs.add(session));
  session.once("close", () => {
    theirs.delete(session);
    if (theirs.size === 0 && owners.get(spiffeId) === theirs) owners.delete(spiffeId);
  });
}

function lookOver(
  entries: ReadonlySet<Entry>,
  nowMs: number,
  cut: (entry: Entry, why: CutReason) => void,
): void {
  for (const entry of entries) {
    const why = look(entry, nowMs);
    if (why !== undefined) cut(entry, why);
  }
}

/** Pings a session when it is time; says why it should end. */
function look(entry: Entry, nowMs: number): CutReason | undefined {
  const { session, openedMs, settled, pingSentMs } = entry;
  if (!settled && nowMs - openedMs > firstByteMs) return "no preface";
  if (pingSentMs !== undefined) return nowMs - pingSentMs > pingAnswerMs ? "silent" : undefined;
  if (nowMs < entry.nextPingMs || session.closed || session.destroyed) return undefined;
  entry.pingSentMs = nowMs;
  entry.nextPingMs = nowMs + pingEveryMs;
  session.ping(() => (entry.pingSentMs = undefined));
  return undefined;
}

/** HTTP/2 lets a client open and abandon streams at no cost to itself; not more often than this. */
function countResets(world: World, session: ServerHttp2Session, tooMany: () => void): void {
  const state = { dueMs: 0 };
  session.on("stream", (stream: ServerHttp2Stream) => {
    stream.once("close", () => {
      if (stream.rstCode === noError || session.destroyed) return;
      if (takeRate(state, resetRate, world.clock.monotonic()) > 0) tooMany();
    });
  });
}

/** Frames that ask for an answer and belong to no call. */
function countControls(world: World, session: ServerHttp2Session, tooMany: () => void): void {
  const state = { dueMs: 0 };
  const count = () => {
    if (session.destroyed) return;
    if (takeRate(state, controlFrameRate, world.clock.monotonic()) > 0) tooMany();
  };
  session.on("ping", count);
  session.on("remoteSettings", count);
}
