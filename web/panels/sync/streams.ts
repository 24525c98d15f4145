import type { WatchStreamsResponse } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { StreamStatus } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { worstLag } from "./lag.ts";
import type { Lag } from "./lag-text.ts";
import { streamKey } from "./stream-key.ts";
import { type Trace, traced } from "./trace.ts";

/** One stream as it was told last. */
export interface StreamRow {
  readonly key: string;
  readonly status: StreamStatus;
  /** When this page heard it, by the hub's clock. */
  readonly toldMs: number;
  readonly lag: Lag;
  readonly trace: Trace;
}

/** The streams as the hub told them so far. */
export interface Streams {
  readonly rows: ReadonlyMap<string, StreamRow>;
  /** A whole list that is still arriving; it replaces the rows when its last part is here. */
  readonly arriving: ReadonlyMap<string, StreamRow> | undefined;
  /** Whether a whole list was ever here. */
  readonly complete: boolean;
}

/** Nothing heard yet. */
export const noStreams: Streams = { rows: new Map(), arriving: undefined, complete: false };

/** One message of the stream, and when it came. */
export interface Heard {
  readonly response: WatchStreamsResponse;
  /** Whether it is the first since the stream was opened: then a whole list begins. */
  readonly first: boolean;
  readonly nowMs: number;
}

/** Takes one message; a stream that a whole list leaves out is gone. */
export function streamsWith(streams: Streams, { response, first, nowMs }: Heard): Streams {
  const told = response.streams.flatMap((status) => rowsOf(streams.rows, status, nowMs));
  const arriving = first ? new Map<string, StreamRow>() : streams.arriving;
  if (arriving !== undefined && !response.complete) {
    return { ...streams, arriving: new Map([...arriving, ...told]) };
  }
  if (response.complete) {
    return { rows: new Map([...(arriving ?? []), ...told]), arriving: undefined, complete: true };
  }
  // The hub says now and then that nothing happened: then nothing is drawn either.
  if (told.length === 0) return streams;
  return { ...streams, rows: new Map([...streams.rows, ...told]) };
}

function rowsOf(
  rows: Streams["rows"],
  status: StreamStatus,
  nowMs: number,
): (readonly [string, StreamRow])[] {
  if (status.stream === undefined) return [];
  const key = streamKey(status.stream);
  const lag = worstLag(status);
  const trace = traced(rows.get(key)?.trace, nowMs, lag.ms);
  return [[key, { key, status, toldMs: nowMs, lag, trace }]];
}
