import { HealthStatus, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { utcText } from "@foedus/kernel/time.ts";

/** A node's last heartbeat, and the lease that it renewed. */
export interface Pulse {
  readonly seenMs: number;
  /** The lease holds before this instant, and not at it. */
  readonly expireMs: number;
  readonly health: HealthStatus;
  readonly reasons: readonly string[];
  readonly skewMs: bigint | undefined;
  readonly roundTripUs: bigint | undefined;
}

/** What a state is judged by; all times are of the hub's clock. */
export interface Terms {
  readonly nowMs: number;
  readonly heartbeatMs: number;
  /** Silence before this instant may be the hub's own fault, and is held against nobody. */
  readonly judgedFromMs: number;
}

/** A heartbeat may come half an interval late: its jitter is a tenth of one. */
const lateShare = 0.5;

/** How long a node may be silent before a heartbeat counts as missed. */
export function missedMs(heartbeatMs: number): number {
  return heartbeatMs * (1 + lateShare);
}

/**
 * How a node stands. Retired and maintenance were said by somebody and stay; the rest follows from
 * the lease and the last heartbeat. What the node's own clock says plays no part.
 */
export function stateOf(was: NodeState, pulse: Pulse | undefined, terms: Terms): NodeState {
  if (was === NodeState.RETIRED || was === NodeState.MAINTENANCE) return was;
  return derivedState(was, pulse, terms);
}

/** How a node stands once nobody says otherwise any more. */
export function derivedState(was: NodeState, pulse: Pulse | undefined, terms: Terms): NodeState {
  if (pulse === undefined) return NodeState.OFFLINE;
  const { nowMs, heartbeatMs, judgedFromMs } = terms;
  const lapsed = pulse.expireMs <= nowMs;
  const missed = nowMs - pulse.seenMs > missedMs(heartbeatMs);
  const stoodUp = was === NodeState.ONLINE || was === NodeState.DEGRADED;
  if ((lapsed || missed) && stoodUp && nowMs < judgedFromMs) return was;
  if (lapsed) return NodeState.OFFLINE;
  const impaired = missed || pulse.health === HealthStatus.DEGRADED;
  return impaired ? NodeState.DEGRADED : NodeState.ONLINE;
}

/** Why a node stands so, where its last heartbeat tells. */
export function reasonsOf(state: NodeState, pulse: Pulse | undefined): string[] {
  if (state === NodeState.OFFLINE) {
    return [pulse === undefined ? "never seen" : `no heartbeat since ${utcText(pulse.seenMs)}`];
  }
  if (state !== NodeState.DEGRADED || pulse === undefined) return [];
  if (pulse.health !== HealthStatus.DEGRADED) {
    return [`a heartbeat is missing since ${utcText(pulse.seenMs)}`];
  }
  return pulse.reasons.length === 0 ? ["it says so and gives no reason"] : [...pulse.reasons];
}
