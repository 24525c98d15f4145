import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";

/** What is stored of one stream of a source: its epoch, and which of the last sequences of it. */
export interface Window {
  readonly epoch: bigint;
  /** The highest sequence stored. */
  readonly top: bigint;
  /**
   * The bit of `sequence % windowMax` is set for each sequence in (top - windowMax, top] stored.
   */
  readonly seen: Uint8Array;
}

/** How far back a duplicate can be told from a loss. */
export const windowMax = 1_024;

const span = BigInt(windowMax);

/** Nothing is stored of an epoch. */
export function emptyWindow(epoch: bigint): Window {
  return { epoch, top: 0n, seen: new Uint8Array(windowMax / 8) };
}

/** What a run of sequences is to a stream. */
export interface Admission {
  readonly next: Window;
  /** Which of them are new, in their order. */
  readonly fresh: readonly boolean[];
}

/** Consecutive sequences of one stream. */
export interface Run {
  readonly stream: string;
  readonly epoch: bigint;
  readonly first: bigint;
  readonly count: number;
}

/**
 * Tells what is new from what is stored already.
 *
 * @throws Fault EVENT_EPOCH_OLD for an epoch that is over; EVENT_SEQUENCE_OLD for what lies too
 * far back to tell.
 */
export function admit(known: Window | undefined, run: Run): Admission {
  const { stream, epoch, first, count } = run;
  if (known !== undefined && epoch < known.epoch) {
    throw new Fault(Reason.EVENT_EPOCH_OLD, { stream, epoch, known: known.epoch });
  }
  const window = known?.epoch === epoch ? known : emptyWindow(epoch);
  const oldest = window.top - span + 1n;
  if (first < oldest) {
    throw new Fault(Reason.EVENT_SEQUENCE_OLD, { stream, sequence: first, oldest });
  }
  const seen = window.seen.slice();
  let { top } = window;
  const fresh: boolean[] = [];
  for (let sequence = first; sequence < first + BigInt(count); sequence += 1n) {
    if (sequence > top) {
      forget(seen, top, sequence);
      top = sequence;
    }
    fresh.push(mark(seen, sequence));
  }
  return { next: { epoch, top, seen }, fresh };
}

/** Clears the bits of (top, next], which stand for what has left the window. */
function forget(seen: Uint8Array, top: bigint, next: bigint): void {
  if (next - top >= span) return void seen.fill(0);
  for (let sequence = top + 1n; sequence <= next; sequence += 1n) {
    const [byte, mask] = place(sequence);
    seen[byte] = (seen[byte] ?? 0) & ~mask;
  }
}

/** Sets a bit; true when it was not set. */
function mark(seen: Uint8Array, sequence: bigint): boolean {
  const [byte, mask] = place(sequence);
  const before = seen[byte] ?? 0;
  seen[byte] = before | mask;
  return (before & mask) === 0;
}

function place(sequence: bigint): [byte: number, mask: number] {
  const bit = Number(sequence % span);
  return [bit >> 3, 1 << (bit & 7)];
}
