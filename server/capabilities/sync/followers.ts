import { create } from "@bufbuild/protobuf";
import {
  FollowerSchema,
  PeerKind,
  type Follower,
} from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import type { Feed, HubState, Opened } from "@foedus/kernel/sync/hub.state.ts";
import type { Seat } from "./seat.ts";

const samplesMax = 64;
const sampleMs = 200;

/**
 * When the heads of streams were where: so it is known how long a place has waited for somebody.
 * A few samples of each, the newest close together.
 */
export class HeadTimes {
  readonly #samples = new Map<string, { seq: number; atMs: number }[]>();

  /** A head grew to this place. */
  note(key: string, seq: number, nowMs: number): void {
    const samples = this.#samples.get(key) ?? [];
    this.#samples.set(key, samples);
    const last = samples.at(-1);
    if (last !== undefined && last.seq >= seq) return;
    if (last !== undefined && nowMs - last.atMs < sampleMs) last.seq = seq;
    else samples.push({ seq, atMs: nowMs });
    if (samples.length > samplesMax) samples.splice(0, samples.length - samplesMax);
  }

  /** How long the oldest place after this one has waited, as far as is remembered. */
  lagMs(key: string, seq: number, nowMs: number): number {
    const first = this.#samples.get(key)?.find((sample) => sample.seq > seq);
    return first === undefined ? 0 : Math.max(0, nowMs - first.atMs);
  }
}

const kinds: Record<Opened["peer"], PeerKind> = {
  REPLICA: PeerKind.REPLICA,
  CHILD: PeerKind.CHILD,
  PARENT: PeerKind.PARENT,
};

/** Who follows the streams of a tenant in this process, by the stream's key. */
export function followersOf(
  state: HubState,
  seats: Iterable<Seat>,
  times: HeadTimes,
  tenant: string,
  nowMs: number,
): Map<string, Follower[]> {
  const followers = new Map<string, Follower[]>();
  for (const seat of seats) {
    if (seat.guest.tenant !== tenant) continue;
    for (const feed of state.sessions.get(seat.guest.session)?.feeds.values() ?? []) {
      const head = state.streams.get(feed.key)?.head ?? 0;
      const one = followerOf(seat, feed, head, (seq) => times.lagMs(feed.key, seq, nowMs));
      const others = followers.get(feed.key);
      if (others === undefined) followers.set(feed.key, [one]);
      else others.push(one);
    }
  }
  return followers;
}

function followerOf(
  seat: Seat,
  feed: Feed,
  head: number,
  lagMs: (seq: number) => number,
): Follower {
  const { owner: id, title: name, peer } = seat.guest;
  const flight = feed.unacked.reduce((sum, { cost }) => sum + cost, 0);
  const seq = flight === 0 && feed.mode === "LIVE" ? feed.sent : seat.savedOf(feed.key);
  return create(FollowerSchema, {
    id,
    name,
    kind: kinds[peer],
    connected: true,
    seq,
    lagOps: Math.max(0, head - seq),
    lagMs: BigInt(Math.round(head > seq ? lagMs(seq) : 0)),
    flightBytes: BigInt(flight),
  });
}
