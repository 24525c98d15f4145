import { create } from "@bufbuild/protobuf";
import {
  PeerStandingSchema,
  type PeerStanding,
} from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import type { Hold } from "@foedus/kernel/sync/hold.ts";
import { streamKey } from "@foedus/kernel/sync/op.ts";
import { lastOf } from "@foedus/kernel/sync/spoke.outflow.ts";
import type { PeerGround } from "./ground.ts";
import { replicasMax, standingsMax, streamsMax } from "./limits.ts";

/**
 * How far this node knows the streams that the other one may hold too: of the replicas whose ops it
 * could give, and of those that the other named. Nothing is said of a stream in a zone that is not
 * of both.
 */
export function standingsOf(
  ground: PeerGround,
  zones: ReadonlySet<string>,
  theirs: readonly PeerStanding[] = [],
): PeerStanding[] {
  const named = new Map(theirs.map((one) => [keyOf(ground, one), one.ctrs]));
  let room = standingsMax;
  return [...ground.holds()]
    .filter(([, { stream }]) => zones.has(stream.zone))
    .slice(0, streamsMax)
    .map(([key, hold]) => {
      const replicas = [...givers(ground, hold), ...Object.keys(named.get(key) ?? {})];
      const told = [...new Set(replicas)].slice(0, Math.min(replicasMax, room));
      room -= told.length;
      const ctrs = told.map((replica) => [replica, lastOf(hold, replica)] as const);
      return create(PeerStandingSchema, { stream: hold.stream, ctrs: Object.fromEntries(ctrs) });
    });
}

/** Under which key this node holds what somebody speaks of. */
export function keyOf({ tenant }: PeerGround, { stream }: PeerStanding): string {
  return stream === undefined ? "" : streamKey(tenant, stream);
}

/** Whose ops it could give: its own first, and those it carries with their author's signature. */
export function givers({ replica }: PeerGround, hold: Hold): string[] {
  const others = [...hold.carried.keys()].filter((other) => other !== replica);
  return hold.carried.has(replica) ? [replica, ...others] : others;
}
