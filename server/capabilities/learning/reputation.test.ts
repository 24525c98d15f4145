import { create } from "@bufbuild/protobuf";
import { TrustLevel } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { GivenLevelSchema } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { earnedMs, goodMin, halfLifeMs, levelOf, moveReputation } from "./reputation.ts";

const dayMs = 86_400_000;
const nowMs = 1_800_000_000_000;
const { UNKNOWN, BASIC, VERIFIED, TRUSTED, PARTNER } = TrustLevel;

test("after seven days half the distance is left", () => {
  const moved = moveReputation({ value: 0.5, goodMs: undefined }, 100, halfLifeMs, nowMs);
  expect(moved.value).toBeCloseTo(0.75, 12);
  expect(moved.because).toBe("reputation 0.75 = 1 + (0.5 - 1) x 2^(-7 d / 7 d)");
});

test("many short cycles move it as far as one long", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 100, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 50 }),
      (score, start, parts) => {
        let value: number | undefined = start;
        for (let at = 0; at < parts; at++) {
          ({ value } = moveReputation({ value, goodMs: undefined }, score, dayMs / parts, nowMs));
        }
        const once = moveReputation({ value: start, goodMs: undefined }, score, dayMs, nowMs);
        expect(value).toBeCloseTo(once.value ?? -1, 9);
      },
    ),
  );
});

test("an unknown score leaves it where it is", () => {
  const before = { value: 0.7, goodMs: undefined };
  expect(moveReputation(before, undefined, dayMs, nowMs).value).toBe(0.7);
});

test("it is good from 0.9 on, and a dip begins the count anew", () => {
  const stays = moveReputation({ value: goodMin, goodMs: 1 }, 90, dayMs, nowMs);
  expect(stays.goodMs).toBe(1);
  const dips = moveReputation({ value: goodMin, goodMs: 1 }, 89, dayMs, nowMs);
  expect(dips.goodMs).toBeUndefined();
  expect(moveReputation({ value: 0.95, goodMs: undefined }, 95, dayMs, nowMs).goodMs).toBe(nowMs);
});

const given = (level: TrustLevel) =>
  create(GivenLevelSchema, { level, reason: "we met", givenBy: "person/owner", giveMs: 0n });

test.each([
  ["nobody vouched", false, undefined, 0, UNKNOWN],
  ["a token admitted it", true, undefined, 0, BASIC],
  ["good for long, and nobody verified it", true, undefined, 2 * earnedMs, BASIC],
  ["verified", true, VERIFIED, undefined, VERIFIED],
  ["a millisecond before its time", true, VERIFIED, earnedMs - 1, VERIFIED],
  ["verified and good for 30 days", true, VERIFIED, earnedMs, TRUSTED],
  ["partner", true, PARTNER, 2 * earnedMs, PARTNER],
  ["taken back", true, BASIC, 2 * earnedMs, BASIC],
])("%s", (_what, vouched, level, goodFor, expected) => {
  const said = level === undefined ? undefined : given(level);
  const goodMs = goodFor === undefined ? undefined : nowMs - goodFor;
  const found = levelOf(vouched, said, { value: 0.95, goodMs }, nowMs);
  expect(found.level).toBe(expected);
  expect(found.because).not.toBe("");
});

test("everybody begins in the middle, whatever the first score", () => {
  const first = moveReputation({ value: undefined, goodMs: undefined }, 100, dayMs, nowMs);
  expect(first).toMatchObject({ value: 0.5, goodMs: undefined });
});
