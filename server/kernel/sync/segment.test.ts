import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { SegmentSchema, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { SignedMembership } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { newSigningKey, signFor, verifyingKey, type SigningKey } from "../signing.ts";
import { membershipMs, requireMember, signMembership } from "./membership.ts";
import { areCovered, headerOf, isSegmentSigned, segmentOpsMax, signSegment } from "./segment.ts";

const author = newSigningKey();
const hub = newSigningKey();
const nowMs = 1_800_000_000_000;
const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 2 });
const subject = { tenant: "main", stream, replica: "r", nodeId: "node_a", ctrFrom: 7 };

function keyOf({ publicKey }: SigningKey) {
  const key = verifyingKey(publicKey);
  if (key === undefined) throw new Error("no key");
  return key;
}

const someOps = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 20 });

test("any part of what was signed is covered, and under no other number", () => {
  fc.assert(
    fc.property(someOps, fc.nat(19), fc.nat(19), (ops, one, other) => {
      const header = headerOf(signSegment(author, subject, ops));
      if (header === undefined) throw new Error("it signs what it cannot read");
      const from = Math.min(one, ops.length - 1);
      const part = ops.slice(from, from + 1 + other);
      expect(areCovered([header], 7 + from, part)).toBe(true);
      const shifted = areCovered([header], 7 + from + 1, part);
      const isSame = part.every((op, at) => Buffer.from(op).equals(ops[from + at + 1] ?? noBytes));
      expect(shifted).toBe(isSame && from + part.length < ops.length);
    }),
  );
});

const noBytes = Buffer.from("beyond all ops of these tests, whose bytes are forty at the most");

test("an op that is altered, swapped, added or told twice is not covered", () => {
  const ops = [1, 2, 3].map((byte) => Uint8Array.of(byte));
  const [one, two, three] = ops;
  const header = headerOf(signSegment(author, subject, ops));
  if (!header || !one || !two || !three) throw new Error("no ops");
  expect(areCovered([header], 7, ops)).toBe(true);
  expect(areCovered([header], 7, [one, Uint8Array.of(9), three])).toBe(false);
  expect(areCovered([header], 7, [two, one, three])).toBe(false);
  expect(areCovered([header], 7, [...ops, one])).toBe(false);
  expect(areCovered([header], 6, [one, ...ops])).toBe(false);
  expect(areCovered([], 7, ops)).toBe(false);
});

test("segments side by side cover what lies over their border", () => {
  const ops = [1, 2, 3, 4].map((byte) => Uint8Array.of(byte));
  const first = headerOf(signSegment(author, subject, ops.slice(0, 2)));
  const second = headerOf(signSegment(author, { ...subject, ctrFrom: 9 }, ops.slice(2)));
  if (!first || !second) throw new Error("no header");
  expect(areCovered([first, second], 8, ops.slice(1))).toBe(true);
  expect(areCovered([second], 8, ops.slice(1))).toBe(false);
});

test("any bit of a signed header that is flipped breaks the signature", () => {
  const segment = signSegment(author, subject, [Uint8Array.of(1)]);
  expect(isSegmentSigned(segment, keyOf(author))).toBe(true);
  expect(isSegmentSigned(segment, keyOf(newSigningKey()))).toBe(false);
  for (let bit = 0; bit < segment.header.length * 8; bit++) {
    const header = Uint8Array.from(segment.header);
    header[bit >> 3] = (header[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(isSegmentSigned(create(SegmentSchema, { ...segment, header }), keyOf(author))).toBe(
      false,
    );
  }
});

test("what was signed for another purpose is no segment", () => {
  const segment = signSegment(author, subject, [Uint8Array.of(1)]);
  const signature = signFor("event", author, segment.header);
  expect(isSegmentSigned(create(SegmentSchema, { ...segment, signature }), keyOf(author))).toBe(
    false,
  );
});

test("a header with leaves cut off, too many or too few is none", () => {
  const segment = signSegment(author, subject, [Uint8Array.of(1), Uint8Array.of(2)]);
  for (let length = 0; length < segment.header.length; length++) {
    const cut = create(SegmentSchema, { ...segment, header: segment.header.slice(0, length) });
    const header = headerOf(cut);
    // A cut between two leaves can be read; its signature does not hold.
    expect(header === undefined || header.leaves.length === 1).toBe(true);
    expect(isSegmentSigned(cut, keyOf(author))).toBe(false);
  }
  const many = Array.from({ length: segmentOpsMax }, () => Uint8Array.of(1));
  expect(headerOf(signSegment(author, subject, many))?.leaves).toHaveLength(segmentOpsMax);
  expect(() => signSegment(author, subject, [...many, Uint8Array.of(1)])).toThrow("so many");
  const last = { ...subject, ctrFrom: 2 ** 32 - 1 };
  expect(headerOf(signSegment(author, last, many.slice(0, 1)))).toBeDefined();
  expect(headerOf(signSegment(author, last, many.slice(0, 2)))).toBeUndefined();
  expect(headerOf(signSegment(author, { ...subject, ctrFrom: 0 }, many))).toBeUndefined();
});

const said = {
  tenant: "main",
  nodeId: "node_a",
  name: "a",
  publicKey: author.publicKey,
  zones: ["world"],
  issueTime: timestampFromMs(nowMs),
  expireTime: timestampFromMs(nowMs + membershipMs),
  trustDomain: "foedus.local",
};
const bounds = { hubKeys: [keyOf(hub)], tenant: "main", trustDomain: "foedus.local", nowMs };

function refusalOf(signed: SignedMembership | undefined, differing: Partial<typeof bounds> = {}) {
  try {
    return requireMember(signed, { ...bounds, ...differing }).nodeId;
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

test("a membership says who a node is, from its issue until its end", () => {
  const signed = signMembership(hub, said);
  expect(refusalOf(signed)).toBe("node_a");
  expect(refusalOf(signed, { nowMs: nowMs + membershipMs - 1 })).toBe("node_a");
  expect(refusalOf(signed, { nowMs: nowMs + membershipMs })).toMatch("its membership ended at");
  expect(refusalOf(signed, { nowMs: nowMs - 60_000 })).toBe("node_a");
  expect(refusalOf(signed, { nowMs: nowMs - 60_001 })).toMatch("begins in the future");
  expect(refusalOf(undefined)).toBe("it shows no membership");
});

test("a membership of another hub, tenant or domain is none here", () => {
  const signed = signMembership(hub, said);
  const unsigned = "no hub that is known here signed its membership";
  expect(refusalOf(signMembership(newSigningKey(), said))).toBe(unsigned);
  expect(refusalOf(signed, { hubKeys: [] })).toBe(unsigned);
  expect(refusalOf(signed, { hubKeys: [keyOf(newSigningKey()), keyOf(hub)] })).toBe("node_a");
  expect(refusalOf(signed, { tenant: "other" })).toBe("its membership is of the tenant main");
  expect(refusalOf(signed, { trustDomain: "x" })).toMatch("is of the domain foedus.local");
  const membership = Uint8Array.from(signed.membership);
  membership[3] = (membership[3] ?? 0) ^ 1;
  expect(refusalOf({ ...signed, membership })).toBe(unsigned);
  expect(refusalOf(signMembership(hub, { ...said, publicKey: Uint8Array.of(1) }))).toMatch(
    "no node",
  );
});
