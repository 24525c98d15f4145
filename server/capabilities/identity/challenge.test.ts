import { newSigningKey } from "@foedus/kernel/signing.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { challengeMs, openChallenges } from "./challenge.ts";
import { openTries, triesRate } from "./tries.ts";

const key = newSigningKey();
const challenges = openChallenges(key, realWorld.random);
const nowMs = 1_800_000_000_000;

function isTaken(nonce: Uint8Array, atMs: number, by = challenges): boolean {
  try {
    by.require(nonce, atMs);
    return true;
  } catch {
    return false;
  }
}

test("a nonce is good for a minute, at every process of the hub and at no other hub", () => {
  const nonce = challenges.make(nowMs);
  expect(nonce.length).toBeLessThanOrEqual(128);
  expect(isTaken(nonce, nowMs + challengeMs)).toBe(true);
  expect(isTaken(nonce, nowMs + challengeMs + 1)).toBe(false);
  expect(isTaken(nonce, nowMs, openChallenges(key, realWorld.random))).toBe(true);
  expect(isTaken(nonce, nowMs, openChallenges(newSigningKey(), realWorld.random))).toBe(false);
});

test("a nonce with any bit changed, cut, or made up is not ours", () => {
  const nonce = challenges.make(nowMs);
  for (let bit = 0; bit < nonce.length * 8; bit += 1) {
    const flipped = Uint8Array.from(nonce, (byte, at) =>
      at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
    );
    expect(isTaken(flipped, nowMs)).toBe(false);
  }
  for (let length = 0; length < nonce.length; length += 1) {
    expect(isTaken(nonce.slice(0, length), nowMs)).toBe(false);
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 128 }), (bytes) => !isTaken(bytes, nowMs)));
});

test("five wrong tries a minute, each address for itself, and right ones are free", () => {
  let monotonicMs = 0;
  const tries = openTries({ now: () => 0, monotonic: () => monotonicMs });
  const wrong = (address: string) => {
    try {
      tries.wrong(address);
      return "counted";
    } catch {
      return "limited";
    }
  };
  for (let at = 0; at < triesRate.perMinute; at += 1) expect(wrong("a")).toBe("counted");
  expect(wrong("a")).toBe("limited");
  expect(() => tries.refuseGuesser("a")).toThrow(/over the limit/);
  expect(() => tries.refuseGuesser("b")).not.toThrow();
  monotonicMs += 60_000 / triesRate.perMinute;
  expect(() => tries.refuseGuesser("a")).not.toThrow();
  expect(wrong("a")).toBe("counted");
  expect(wrong("a")).toBe("limited");
});
