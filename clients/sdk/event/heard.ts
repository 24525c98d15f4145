import type { Event, StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";

/** An event of the log. */
export interface HeardEvent {
  readonly kind: "event";
  /** Its place in the log. Subscribe with it as `afterCursor` to go on behind this event. */
  readonly cursor: bigint;
  /** When the hub stored it, in milliseconds since 1970. */
  readonly receivedMs: number;
  /** What its source said; read the payload with `payloadOf`. */
  readonly event: Event;
  /** As the hub keeps it: the bytes that were signed, signature and proof. */
  readonly stored: StoredEvent;
}

/** Events that are missing: the hub no longer keeps them, or was restored from a backup. */
export interface HeardGap {
  readonly kind: "gap";
  readonly fromCursor: bigint;
  readonly toCursor: bigint;
  readonly reason: string;
}

/** Everything up to here was told or filtered out. */
export interface HeardHead {
  readonly kind: "head";
  readonly cursor: bigint;
}

/** An event whose signature or proof does not hold; only when events are verified. */
export interface HeardForgery {
  readonly kind: "forgery";
  readonly cursor: bigint;
  readonly problem: string;
  readonly stored: StoredEvent;
}

/** What a subscription yields. */
export type Heard = HeardEvent | HeardGap | HeardHead | HeardForgery;
