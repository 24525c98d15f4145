import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import {
  PeerKind,
  type Follower,
  type StreamStatus,
} from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";

/**
 * A stream with those who follow it: who is connected as their session says, and hubs that are away
 * as their leases do.
 */
export function followed(
  status: StreamStatus,
  live: readonly Follower[],
  names: ReadonlyMap<string, string>,
): StreamStatus {
  const leases = new Map(status.followers.map((lease) => [lease.id, lease]));
  const here = new Set(live.map(({ id }) => id));
  const away = status.followers.filter(({ id }) => !here.has(id));
  const connected = live.map((one): Follower => {
    const leaseExpireTime = leases.get(one.id)?.leaseExpireTime;
    return leaseExpireTime === undefined ? one : { ...one, leaseExpireTime };
  });
  const followers = [...connected, ...away].map((one) => {
    return { ...one, name: one.name || (names.get(one.id) ?? "") };
  });
  const named = [...furthest(followers)].toSorted(byKind);
  return { ...status, followers: named, followerCount: followers.length };
}

/** A stream may have ten thousand followers, and each look would carry all of them. */
const replicasMax = 100;

/** All hubs, and of many replicas those that lack most. */
function* furthest(followers: readonly Follower[]): Generator<Follower> {
  const replicas = followers.filter(({ kind }) => kind === PeerKind.REPLICA);
  yield* followers.filter(({ kind }) => kind !== PeerKind.REPLICA);
  yield* replicas.toSorted((one, other) => other.lagOps - one.lagOps).slice(0, replicasMax);
}

/** Hubs first, the parent before all. */
const ranks: Readonly<Record<PeerKind, number>> = {
  [PeerKind.PARENT]: 0,
  [PeerKind.CHILD]: 1,
  [PeerKind.REPLICA]: 2,
  [PeerKind.UNSPECIFIED]: 3,
};

function byKind(one: Follower, other: Follower): number {
  const rank = ranks[one.kind] - ranks[other.kind];
  if (rank !== 0) return rank;
  return one.id === other.id ? 0 : one.id < other.id ? -1 : 1;
}

/** Where a stream stands in the order of the list. */
export function placeOf({ collection, partition, zone, lane }: Stream): string[] {
  return [collection, partition, zone, String(lane)];
}
