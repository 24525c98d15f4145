import type { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { SpokeIncident } from "@foedus/kernel/sync/spoke.state.ts";

/** Whether there is a hub, and what waits for it. */
export interface SyncStatus {
  /** The key this replica writes with. */
  readonly replica: string;
  readonly connected: boolean;
  /** What it waits for, while it is not connected, since when (milliseconds since 1970). */
  readonly waiting: { readonly reason: string; readonly sinceMs: number } | undefined;
  /** The last thing that went wrong, mended or left alone; undefined as long as nothing did. */
  readonly incident: SyncIncident | undefined;
  /** Writes that no hub has on its disk yet, and their bytes; over all collections. */
  readonly outboxOps: number;
  readonly outboxBytes: number;
  /** By collection, partition, zone and lane. */
  readonly streams: readonly StreamSyncStatus[];
}

/** Something that its operator should hear of. */
export interface SyncIncident {
  /**
   * DIGEST_DIFFERS: it began with a snapshot, as it held something else than its hub. REFUSED: the
   * hub takes nothing of the stream. WENT_BACK: the hub lost what it had shown. KEY_BURNT: the disk
   * was put back or copied. KEY_TAKEN: the hub knows the key as another's. After both of these it
   * goes on under a new key, and has written again what no hub was known to have.
   */
  readonly reason: SpokeIncident | "KEY_TAKEN";
  /** The key of the stream, e.g. `main/notes//world/2`; empty if it is of all. */
  readonly stream: string;
  /** By the hub's clock, in milliseconds since 1970. */
  readonly sinceMs: number;
}

/** How one stream of a collection stands. */
export interface StreamSyncStatus {
  readonly collection: string;
  readonly partition: string;
  readonly zone: string;
  readonly lane: number;
  /**
   * AWAY without a session; OPENING until the hub says how it goes on; LIVE follows; SNAPSHOT takes
   * one in; WAIT for a hub that knows all that was seen here; REFUSED by the hub.
   */
  readonly mode: "AWAY" | "OPENING" | "LIVE" | "SNAPSHOT" | "WAIT" | "REFUSED";
  /** Why, if it is REFUSED. */
  readonly refusal: Refusal | undefined;
  /** The last place of the hub's log that is held here. */
  readonly seq: number;
  /** The last place of the hub's log, as far as it is known here. */
  readonly head: number;
  /** Ops the hub is known to have, and this replica lacks. */
  readonly lagOps: number;
  /** How long since it lacked nothing of what it knew of, in milliseconds; 0 when it is level. */
  readonly lagMs: number;
  /** Writes that no hub has on its disk yet, and their bytes. */
  readonly outboxOps: number;
  readonly outboxBytes: number;
  /** Writes that are not known to survive the loss of the hub's disk. */
  readonly unsettledOps: number;
  /** Refused writes that nobody has taken back. */
  readonly quarantined: number;
}
