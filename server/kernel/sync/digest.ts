import type { Cell } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotIn } from "./cell.ts";
import { dotKey } from "./dot.ts";

/** What a whole stream holds, in two numbers that grow and shrink with its cells. */
export interface Digest {
  readonly cells: number;
  /** Fingerprints summed, modulo 2^48. */
  readonly sum: number;
}

/** Of nothing. */
export const emptyDigest: Digest = { cells: 0, sum: 0 };

const sumMax = 2 ** 48;
const upper = 2 ** 24;

/** The digest after one cell changed; either may be absent. */
export function redigested(digest: Digest, before: Cell | undefined, after: Cell | undefined) {
  const less = before === undefined ? 0 : fingerprint(before);
  const more = after === undefined ? 0 : fingerprint(after);
  const sum = (((digest.sum - less + more) % sumMax) + sumMax) % sumMax;
  return { cells: digest.cells - (before ? 1 : 0) + (after ? 1 : 0), sum };
}

/** What cells in two places come to together. */
export function joinedDigest(one: Digest, other: Digest): Digest {
  return { cells: one.cells + other.cells, sum: (one.sum + other.sum) % sumMax };
}

/**
 * 48 bits of a cell. It finds mistakes between parties that trust each other, in a browser too and
 * without waiting; it does not stop anybody who looks for a collision.
 */
export function fingerprint(cell: Cell): number {
  const text = faceOf(cell);
  return (mixed(text, 0x811c9dc5) % upper) * upper + (mixed(text, 0x9747b28c) % upper);
}

/** All that makes a cell differ from another, in one text that is the same everywhere. */
export function faceOf({ record, field, siblings, pending, sum, max }: Cell): string {
  const dots = siblings.map((each) => dotKey(dotIn(each)));
  return [record, field, dots.join(), pending.map(dotKey).join(), sum, max ?? ""].join("\u0000");
}

const prime = 0x01000193;
const finish = 0x85ebca6b;

/** FNV-1a, then mixed once more so that sums of similar texts differ. */
export function mixed(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), prime);
  }
  hash = Math.imul(hash ^ (hash >>> 15), finish);
  return (hash ^ (hash >>> 13)) >>> 0;
}
