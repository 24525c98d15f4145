import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { concat, utf8 } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { SigningKey } from "@foedus/kernel/signing.ts";
import type { Random } from "@foedus/kernel/world.ts";

/** How long a nonce may be answered, by the hub's clock. */
export const challengeMs = 60_000;

const timeBytes = 8;
const randomBytes = 16;
const markBytes = 32;

/** Nonces that need no memory: their time and a mark that only this hub can make stand in them. */
export interface Challenges {
  make(nowMs: number): Uint8Array;
  /** @throws Fault CHALLENGE_EXPIRED when it is not ours, or too old. */
  require(nonce: Uint8Array, nowMs: number): void;
}

/** Marks with a key derived from the hub's own, so every process of the hub knows its nonces. */
export function openChallenges(hubKey: SigningKey, random: Random): Challenges {
  const secret = hubKey.privateKey.export({ type: "pkcs8", format: "der" });
  const key = Buffer.from(hkdfSync("sha256", secret, "", "foedus.challenge.v1", markBytes));
  const mark = (head: Uint8Array) => createHmac("sha256", key).update(head).digest();
  return {
    make(nowMs) {
      const head = concat(timeOf(nowMs), random.bytes(randomBytes));
      return concat(head, mark(head));
    },
    require(nonce, nowMs) {
      const head = nonce.slice(0, timeBytes + randomBytes);
      const whole = nonce.length === head.length + markBytes;
      const ours = whole && timingSafeEqual(mark(head), nonce.slice(head.length));
      // Another process of this hub may be a little ahead.
      if (ours && Math.abs(nowMs - msOf(head)) <= challengeMs) return;
      throw new Fault(Reason.CHALLENGE_EXPIRED, { valid_ms: challengeMs });
    },
  };
}

function timeOf(ms: number): Uint8Array {
  return utf8(ms.toString(36).padStart(timeBytes, "0"));
}

function msOf(head: Uint8Array): number {
  return Number.parseInt(new TextDecoder().decode(head.slice(0, timeBytes)), 36);
}
