import { hex } from "./bytes.ts";
import { sha256 } from "./digest.ts";

const digestBytes = 16;

/**
 * What people compare of an identity key: the first 16 bytes of its SHA-256, in groups of four:
 * "1a2b-3c4d-5e6f-7a8b-9c0d-1e2f-3a4b-5c6d".
 */
export function fingerprintOf(identityKey: Uint8Array): string {
  const groups = hex(sha256(identityKey).slice(0, digestBytes)).match(/.{4}/g);
  return (groups ?? []).join("-");
}
