import { type Follower, PeerKind } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { lagOf } from "./lag.ts";
import { lateMs } from "./lag-text.ts";
import type { Lags, NodeLag } from "./lags.ts";
import type { Streams } from "./streams.ts";

const nothing: NodeLag = { streams: 0, refused: 0, connected: false, ops: 0, sinceMs: undefined };

/** The lag of each node below this hub; the hub above is on no map. */
export function lagsOf({ rows }: Streams): ReadonlyMap<string, NodeLag> {
  const byNode = new Map<string, NodeLag>();
  for (const { status, toldMs } of rows.values()) {
    for (const follower of status.followers) {
      if (follower.kind === PeerKind.PARENT) continue;
      byNode.set(follower.id, added(byNode.get(follower.id) ?? nothing, follower, toldMs));
    }
  }
  return byNode;
}

function added(before: NodeLag, follower: Follower, toldMs: number): NodeLag {
  const lag = lagOf(follower);
  const sinceMs = lag.ops === 0 ? Infinity : toldMs - lag.ms;
  const first = Math.min(before.sinceMs ?? Infinity, sinceMs);
  return {
    streams: before.streams + 1,
    refused: before.refused + (follower.refusal ? 1 : 0),
    connected: before.connected || follower.connected,
    ops: before.ops + lag.ops,
    sinceMs: first === Infinity ? undefined : first,
  };
}

/** Who has waited too long, not who is away; the same set while nothing changes. */
export function lateAmong(byNode: Lags["byNode"], before: Lags["late"], nowMs: number) {
  const late = new Set<string>();
  for (const [id, { connected, sinceMs }] of byNode) {
    if (connected && sinceMs !== undefined && nowMs - sinceMs > lateMs) late.add(id);
  }
  return late.size === before.size && [...late].every((id) => before.has(id)) ? before : late;
}
