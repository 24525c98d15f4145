import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { HeartbeatRequest } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Random } from "@foedus/kernel/world.ts";

/** What the hub knew of a node when its heartbeat came. */
export interface Known {
  /** Undefined when the node never registered. */
  readonly state: NodeState | undefined;
  /** The epoch of the last heartbeat; undefined before the first. */
  readonly epoch: bigint | undefined;
  /** Whether this heartbeat was new and is stored. */
  readonly kept: boolean;
}

const jitterShare = 0.1;

/**
 * How far the node's clock is ahead of the hub's: what it showed when it sent, and half a round
 * trip, against the hub's clock when it came in. Undefined without a measured round trip.
 */
export function skewOf(beat: HeartbeatRequest, receivedMs: number): bigint | undefined {
  if (beat.roundTripUs === undefined || beat.roundTripUs < 0n) return undefined;
  const halfTripMs = Number(beat.roundTripUs) / 2_000;
  const skewMs = Number(beat.sentMs) + halfTripMs - receivedMs;
  return BigInt(Math.round(Math.min(Math.max(skewMs, -skewMaxMs), skewMaxMs)));
}

/** Beyond some thousand years a clock is only wrong. */
const skewMaxMs = 1e14;

/** When the next heartbeat is due: spread a little, so that nodes do not come all at once. */
export function nextMs(heartbeatMs: number, random: Random): bigint {
  return BigInt(Math.round(heartbeatMs * (1 - jitterShare + 2 * jitterShare * random.fraction())));
}

/**
 * Whether the heartbeat was a duplicate: known, or overtaken by a later one of its epoch.
 *
 * @throws Fault NODE_NOT_REGISTERED, NODE_RETIRED; HEARTBEAT_EPOCH_OLD for a start that is over.
 */
export function isDuplicate(known: Known, beat: HeartbeatRequest, node: string): boolean {
  if (known.state === undefined) throw new Fault(Reason.NODE_NOT_REGISTERED, { node });
  if (known.state === NodeState.RETIRED) {
    throw new Fault(Reason.NODE_RETIRED, { node, why: "`foedus node show` tells" });
  }
  if (known.kept) return false;
  if (known.epoch !== undefined && beat.epoch < known.epoch) {
    const facts = { node, epoch: beat.epoch, known: known.epoch };
    throw new Fault(Reason.HEARTBEAT_EPOCH_OLD, facts);
  }
  return true;
}
