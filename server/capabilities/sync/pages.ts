import type { Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Digest } from "@foedus/kernel/sync/digest.ts";

/** Places of one log in a row, held in memory. */
interface Stretch {
  readonly epoch: string;
  /** The place before the first. */
  after: number;
  entries: Entry[];
  bytes: number;
  /** What all cells came to at its last place, where that was the log's. */
  digest: Digest | undefined;
}

/** What a reader gets of it. */
export interface Held {
  readonly epoch: string;
  readonly entries: readonly Entry[];
  readonly to: number;
  readonly digest: Digest | undefined;
}

/** An answer, and what else it would answer. */
interface Answer {
  readonly held: Held;
  readonly after: number;
  /** With room for so much, and less than would take one more, it is the same. */
  readonly bytes: number;
  readonly wish: { readonly bytesMax: number; readonly opsMax: number };
}

/** What is added to a log's end. */
export interface Growth {
  readonly epoch: string;
  /** The log's last place before. */
  readonly after: number;
  readonly entries: readonly Entry[];
  readonly digest: Digest;
}

const endBytesMax = 2 * 1_048_576;
const endEntriesMax = 4_096;
const endsBytesMax = 64 * 1_048_576;
const readBytesMax = 16 * 1_048_576;
/** Of how many logs the last answer is held. */
const answersMax = 64;
/** What a held entry takes besides its op, about. */
const entryBytes = 320;

/**
 * Places of logs that were written or read lately. A place never changes within a life of its log,
 * so a hundred who follow cost one read, and who follows closely costs none.
 */
export class Pages {
  readonly #ends = new Map<string, Stretch>();
  readonly #reads = new Map<string, Stretch[]>();
  readonly #order: { readonly key: string; readonly stretch: Stretch }[] = [];
  /** Of each log the answer that was given last: a hundred who follow ask for the same. */
  readonly #answers = new Map<string, Answer>();
  #endsBytes = 0;
  #readsBytes = 0;

  /**
   * What follows a place, if it is held. Whether anything follows the last one held is not known
   * here: another process may have written it.
   */
  find(key: string, after: number, bytesMax: number, opsMax: number): Held | undefined {
    const given = this.#answers.get(key);
    if (given !== undefined && isSame(given, after, bytesMax, opsMax)) return given.held;
    const held = this.#find(key, after, bytesMax, opsMax);
    if (held === undefined) return undefined;
    this.#answers.delete(key);
    this.#answers.set(key, answerOf(held, { after, bytesMax, opsMax }));
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > answersMax && oldest !== undefined) this.#answers.delete(oldest);
    return held;
  }

  #find(key: string, after: number, bytesMax: number, opsMax: number): Held | undefined {
    const end = this.#ends.get(key);
    if (end !== undefined && end.after <= after && after < lastOf(end)) {
      return cut(end, after, bytesMax, opsMax);
    }
    const read = this.#reads.get(key)?.find((each) => each.after <= after && after < lastOf(each));
    return read && cut(read, after, bytesMax, opsMax);
  }

  /** Notes what this process has committed. Another life of the log begins anew. */
  grew(key: string, { epoch, after, entries, digest }: Growth): void {
    this.#answers.delete(key);
    const known = this.#ends.get(key);
    const goesOn = known !== undefined && known.epoch === epoch && lastOf(known) === after;
    if (known !== undefined && !goesOn) this.#dropEnd(key, known);
    if (known !== undefined && known.epoch !== epoch) this.forget(key, epoch);
    const end = goesOn ? known : { epoch, after, entries: [], bytes: 0, digest };
    this.#endsBytes -= goesOn ? known.bytes : 0;
    extend(end, entries, digest);
    this.#endsBytes += end.bytes;
    // The one that grew last is the last to go.
    this.#ends.delete(key);
    this.#ends.set(key, end);
    for (const [other, oldest] of this.#ends) {
      if (this.#endsBytes <= endsBytesMax || other === key) break;
      this.#dropEnd(other, oldest);
    }
  }

  /** Notes what was read for somebody who catches up. */
  read(key: string, { epoch, after, entries }: Omit<Growth, "digest">, digest?: Digest): void {
    if (entries.length === 0) return;
    this.#answers.delete(key);
    const stretch = { epoch, after, entries: [...entries], bytes: bytesOf(entries), digest };
    this.#reads.set(key, [...(this.#reads.get(key) ?? []), stretch]);
    this.#order.push({ key, stretch });
    this.#readsBytes += stretch.bytes;
    while (this.#readsBytes > readBytesMax && this.#order.length > 1) {
      const oldest = this.#order.shift();
      if (oldest !== undefined) this.#drop(oldest.key, (each) => each === oldest.stretch);
    }
  }

  /** How far this process has written a log. */
  endOf(key: string): { readonly epoch: string; readonly head: number } | undefined {
    const end = this.#ends.get(key);
    return end && { epoch: end.epoch, head: lastOf(end) };
  }

  /** Lets go of all. */
  clear(): void {
    for (const key of [...this.#ends.keys(), ...this.#reads.keys()]) this.forget(key);
  }

  /** Lets go of a log, which is another by now, unless it is in the life that is named. */
  forget(key: string, except?: string): void {
    this.#answers.delete(key);
    const end = this.#ends.get(key);
    if (end !== undefined && end.epoch !== except) this.#dropEnd(key, end);
    this.#drop(key, ({ epoch }) => epoch !== except);
  }

  #dropEnd(key: string, { bytes }: Stretch): void {
    this.#ends.delete(key);
    this.#endsBytes -= bytes;
  }

  #drop(key: string, isGone: (stretch: Stretch) => boolean): void {
    const all = this.#reads.get(key);
    if (all === undefined) return;
    const kept = all.filter((each) => !isGone(each));
    for (const each of all) {
      if (!isGone(each)) continue;
      this.#readsBytes -= each.bytes;
      // Its turn to be the oldest comes later.
      each.entries = [];
    }
    if (kept.length === 0) this.#reads.delete(key);
    else this.#reads.set(key, kept);
  }
}

function answerOf(held: Held, wish: Answer["wish"] & { readonly after: number }): Answer {
  const bytes = held.entries.reduce((sum, { op }) => sum + op.length, 0);
  return { held, after: wish.after, bytes, wish };
}

/** Whether an answer serves another wish: from the same place, with no more room, and it fits. */
function isSame(given: Answer, after: number, bytesMax: number, opsMax: number): boolean {
  const { held, bytes, wish } = given;
  if (given.after !== after) return false;
  const isMore = bytesMax > wish.bytesMax || opsMax > wish.opsMax;
  return !isMore && bytes <= bytesMax && held.entries.length <= opsMax;
}

function lastOf({ after, entries }: Stretch): number {
  return after + entries.length;
}

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { op }) => sum + op.length + entryBytes, 0);
}

/** Adds places at its end; once it is more than it may be, the newest half of that stays. */
function extend(end: Stretch, entries: readonly Entry[], digest: Digest): void {
  for (const entry of entries) end.entries.push(entry);
  end.bytes += bytesOf(entries);
  end.digest = digest;
  if (end.bytes <= endBytesMax && end.entries.length <= endEntriesMax) return;
  let kept = 0;
  let bytes = 0;
  for (let at = end.entries.length - 1; at >= 0 && kept < endEntriesMax / 2; at--) {
    bytes += (end.entries[at]?.op.length ?? 0) + entryBytes;
    if (kept > 0 && bytes > endBytesMax / 2) break;
    kept += 1;
  }
  end.after = lastOf(end) - kept;
  end.entries = end.entries.slice(-kept);
  end.bytes = bytesOf(end.entries);
}

function cut(from: Stretch, after: number, bytesMax: number, opsMax: number): Held {
  const start = after - from.after;
  const entries = from.entries.slice(start, start + endOf(from.entries, start, bytesMax, opsMax));
  const to = after + entries.length;
  const digest = to === lastOf(from) ? from.digest : undefined;
  return { epoch: from.epoch, entries, to, digest };
}

/** How many entries one answer carries: at least one, and all if both bounds let it. */
function endOf(entries: readonly Entry[], start: number, bytesMax: number, opsMax: number): number {
  let bytes = 0;
  for (let at = 0; start + at < entries.length; at++) {
    bytes += entries[start + at]?.op.length ?? 0;
    if (at > 0 && (bytes > bytesMax || at >= opsMax)) return at;
  }
  return entries.length - start;
}
