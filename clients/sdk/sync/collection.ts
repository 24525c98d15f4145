import type { Refusal } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Conflict, Row } from "./shown.ts";
import type { StreamSyncStatus } from "./status.ts";
import type { Change } from "./watch.ts";

/**
 * Records that converge: with every other replica, over every hub of the tree. All reads are of
 * this machine. A write is visible at once, and its promise resolves when this machine's disk has
 * it, with or without a hub; `settled` waits for hubs.
 *
 * Every write throws SYNC_VALUE_INVALID, SYNC_OUTBOX_FULL, SYNC_DISK_FAILED or SYNC_CLOSED.
 */
export interface Collection<Value> {
  /** Writes fields of a record; each merges by itself, all reach the disk together or none. */
  put(record: string, fields: Readonly<Record<string, Value>>, signal?: AbortSignal): Promise<void>;
  /** Adds a row of its own, which nobody can overwrite; resolves with its record's name. */
  add(value: Value, signal?: AbortSignal): Promise<string>;
  /** Adds a whole number to a counter. Counted exactly once, however often it is sent. */
  increment(record: string, field: string, by?: number): Promise<void>;
  /** Raises a maximum; what is less changes nothing. */
  raise(record: string, field: string, to: number): Promise<void>;
  /** Puts an element into the set or map that the record is. Adding wins over removing. */
  addTo(record: string, element: string, value: Value): Promise<void>;
  /** Takes it out, if it is in there as seen from here. */
  removeFrom(record: string, element: string): Promise<void>;
  /**
   * Takes away what is seen of a field, or of the whole record; counters go back to 0. What others
   * write meanwhile stays. A maximum cannot be taken away.
   */
  remove(record: string, field?: string): Promise<void>;

  /** A record; undefined when it holds nothing. */
  get(record: string): Row<Value> | undefined;
  /** Records in the order of their names. */
  list(wish?: { readonly prefix?: string }): Row<Value>[];
  /**
   * Records that change from now on, by whoever. A slow reader gets each record once, as it is when
   * it is read. Ends when the signal aborts or the collections are closed.
   */
  watch(signal?: AbortSignal): AsyncGenerator<Change<Row<Value>>, void, void>;

  /** Fields that several wrote without knowing of each other. */
  conflicts(): Conflict<Value>[];
  /** Puts one value in place of all that are seen. */
  resolve(record: string, field: string, value: Value): Promise<void>;
  /** Writes that a hub refused; they are shown nowhere else. */
  quarantine(): Refused<Value>[];
  /** Shows a refused write no more. */
  takeBack(id: string): Promise<void>;

  status(): StreamSyncStatus;
  /**
   * Resolves once the hub ("hub"), or also the hub above it ("parent"), has on its disk what was
   * written here before the call. What was refused counts as answered: see `quarantine`. While the
   * hub is away it waits: bound it with a signal.
   */
  settled(level?: "hub" | "parent", signal?: AbortSignal): Promise<void>;
  /** What still waits for the hub, whenever it changes, until nothing does. */
  draining(signal?: AbortSignal): AsyncGenerator<Draining, void, void>;
}

/** How far an outbox is. */
export interface Draining {
  /** Writes that the hub has on its disk since the call. */
  readonly sentOps: number;
  readonly waitingOps: number;
  readonly waitingBytes: number;
}

/** A write that a hub refused. */
export interface Refused<Value> {
  /** Its name: replica and number. */
  readonly id: string;
  readonly refusal: Refusal;
  readonly record: string;
  readonly field: string;
  /** Undefined for an amount, and where the codec does not read it. */
  readonly value: Value | undefined;
  readonly amount: number;
}
