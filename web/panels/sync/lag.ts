import {
  type Follower,
  PeerKind,
  type StreamStatus,
} from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Tone } from "../../parts/badge.tsx";
import type { IconName } from "../../parts/icon.tsx";
import { type Lag, lateMs } from "./lag-text.ts";

/** Nobody is behind. */
export const noLag: Lag = { ops: 0, ms: 0, connected: true };

/** How far one follower is behind; one who is refused waits for nothing. */
export function lagOf({ refusal, lagOps, lagMs, connected }: Follower): Lag {
  if (refusal !== Refusal.UNSPECIFIED || lagOps === 0) return { ...noLag, connected };
  return { ops: lagOps, ms: Number(lagMs), connected };
}

/** The longest wait of a stream's followers. */
export function worstLag({ followers }: Pick<StreamStatus, "followers">): Lag {
  return followers.map(lagOf).reduce(worse, noLag);
}

/**
 * The one of two who has waited longer; where both have as long, the one who lacks more. Who is
 * away waits for itself, and counts only where nobody else waits.
 */
export function worse(one: Lag, other: Lag): Lag {
  if (one.ops === 0 || other.ops === 0) return other.ops > one.ops ? other : one;
  if (one.connected !== other.connected) return one.connected ? one : other;
  const later = other.ms - one.ms || other.ops - one.ops;
  return later > 0 ? other : one;
}

/** A lag goes on growing until somebody tells otherwise. */
export function lagNow(lag: Lag, sinceToldMs: number): Lag {
  return lag.ops === 0 ? lag : { ...lag, ms: lag.ms + Math.max(0, sinceToldMs) };
}

/** How a lag is shown. */
export interface LagLook {
  /** Muted without one. */
  readonly tone?: Tone;
  readonly icon: IconName;
}

/** Calm where all is well or soon will be; a wait that grows long stands out. */
export function lagLook({ ops, ms, connected }: Lag): LagLook {
  if (ops === 0) return connected ? { tone: "online", icon: "online" } : away;
  if (!connected) return away;
  return ms > lateMs ? { tone: "degraded", icon: "degraded" } : { tone: "accent", icon: "sync" };
}

const away: LagLook = { icon: "offline" };

const kinds: Readonly<Record<PeerKind, string>> = {
  [PeerKind.UNSPECIFIED]: "unknown",
  [PeerKind.REPLICA]: "replica",
  [PeerKind.CHILD]: "hub below",
  [PeerKind.PARENT]: "hub above",
};

/** What is at the other end, in two words. */
export function kindText(kind: PeerKind): string {
  return kinds[kind] ?? "unknown";
}
