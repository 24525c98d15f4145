import {
  type Follower,
  PeerKind,
  type StreamStatus,
} from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Tone } from "../../parts/badge.tsx";
import type { IconName } from "../../parts/icon.tsx";
import { countText } from "../../parts/measure.ts";
import { spanText } from "../../parts/span.ts";

/** How far somebody is behind, as it was told. */
export interface Lag {
  readonly ops: number;
  readonly ms: number;
  /** Whether a session is open, so that it will catch up. */
  readonly connected: boolean;
}

/** Whoever waits longer than this is worth a look. */
export const lateMs = 5_000;

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

/** The one of two who has waited longer; where both have as long, the one who lacks more. */
export function worse(one: Lag, other: Lag): Lag {
  if (one.ops === 0 || other.ops === 0) return other.ops > one.ops ? other : one;
  const later = other.ms - one.ms || other.ops - one.ops;
  return later > 0 ? other : one;
}

/** A lag goes on growing until somebody tells otherwise. */
export function lagNow(lag: Lag, sinceToldMs: number): Lag {
  return lag.ops === 0 ? lag : { ...lag, ms: lag.ms + Math.max(0, sinceToldMs) };
}

const fineMs = 10_000;
const secondMs = 1_000;

/** A short wait to the tenth of a second. */
export function waitText(ms: number): string {
  if (ms < secondMs || ms >= fineMs) return spanText(ms);
  return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
}

/** "3 ops" or "1 op". */
export function opsText(ops: number): string {
  return `${countText(ops)} ${ops === 1 ? "op" : "ops"}`;
}

/** A lag in words; nothing is behind where nothing lacks. */
export function lagText({ ops, ms }: Lag): string {
  return ops === 0 ? "up to date" : `${opsText(ops)} behind, ${waitText(ms)}`;
}

/** How a lag is shown. */
export interface LagLook {
  readonly tone: Tone;
  readonly icon: IconName;
}

/** Calm where all is well or soon will be; a wait that grows long stands out. */
export function lagLook({ ops, ms, connected }: Lag): LagLook {
  if (ops === 0) return connected ? { tone: "online", icon: "online" } : away;
  if (!connected) return away;
  return ms > lateMs ? { tone: "degraded", icon: "degraded" } : { tone: "accent", icon: "sync" };
}

const away: LagLook = { tone: "retired", icon: "offline" };

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
