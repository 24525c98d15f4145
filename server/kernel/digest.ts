import { hash, timingSafeEqual } from "node:crypto";

/** SHA-256, 32 bytes. */
export function sha256(bytes: Uint8Array | string): Uint8Array {
  return new Uint8Array(hash("sha256", bytes, "buffer"));
}

/** Whether two secrets are the same, in a time that tells nothing. */
export function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}
