import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { TrustBundle } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { TrustBundleSchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { Peer } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { PeerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { caHashOf } from "@foedus/kernel/invitation.ts";
import { newSigningKey } from "@foedus/kernel/signing.ts";
import { beforeAll, expect, test } from "vitest";
import { mint } from "../../../tests/support/leaf.ts";
import {
  errorLettersMax,
  notRefreshed,
  refreshed,
  requireBundle,
  shortly,
  staleMs,
  trustPeer,
} from "./peer.ts";

const nowMs = 1_795_000_000_000;
const own = "a.test";
const key = newSigningKey().publicKey;

let first: Uint8Array;
let second: Uint8Array;
let caHash = "";
beforeAll(async () => {
  const signer = { ca: true, keyUsage: 96 };
  const pinned = (await mint(undefined, "pinned", signer)).certificate;
  first = new Uint8Array(pinned.rawData);
  caHash = caHashOf(new Uint8Array(pinned.publicKey.rawData));
  second = new Uint8Array((await mint(undefined, "next", signer)).certificate.rawData);
});

function bundle(more: Omit<Partial<TrustBundle>, "$typeName"> = {}): TrustBundle {
  const rest = { trustDomain: "b.test", sequence: 3n, signingKeys: [key] };
  return create(TrustBundleSchema, { roots: [first], ...rest, ...more });
}

const wish = () => ({
  joinAddress: "b.test:7444",
  caHash,
  nodeAddress: "",
  toldTypes: [],
  takenTypes: ["insight_report"],
});

function trusted(): Peer {
  return trustPeer(undefined, bundle(), wish(), { id: "person/owner", nowMs }).next;
}

const bad: [string, () => Parameters<typeof bundle>[0]][] = [
  ["no root", () => ({ roots: [] })],
  ["another root alone", () => ({ roots: [second] })],
  ["something that is no certificate", () => ({ roots: [Uint8Array.of(1)] })],
  ["the pinned root and no certificate", () => ({ roots: [first, Uint8Array.of(1)] })],
  ["our own domain", () => ({ trustDomain: own })],
  ["no domain", () => ({ trustDomain: "" })],
  ["a domain that is none", () => ({ trustDomain: "b.test/hub" })],
  ["a key that is none", () => ({ signingKeys: [Uint8Array.of(1)] })],
  ["too many keys", () => ({ signingKeys: Array.from({ length: 65 }, () => key) })],
  ["too many roots", () => ({ roots: Array.from({ length: 9 }, () => first) })],
];

test.each(bad)("a bundle with %s is not taken", (_, more) => {
  expect(() => requireBundle(bundle(more()), wish(), own)).toThrow(
    expect.objectContaining({ reason: Reason.PEER_BUNDLE_REFUSED }),
  );
});

test("a bundle with eight roots and 64 keys is taken", () => {
  const signingKeys = Array.from({ length: 64 }, () => key);
  const full = bundle({ roots: Array.from({ length: 8 }, () => first), signingKeys });
  expect(requireBundle(full, wish(), own)).toBe(full);
});

test("a new root beside the pinned one is taken, and told", () => {
  const read = bundle({ roots: [first, second], sequence: 4n });
  const { next, facts } = refreshed(trusted(), read, own, nowMs + 1);
  expect(next.bundle?.roots).toEqual([first, second]);
  expect(facts).toHaveLength(1);
});

test("a new root without the pinned one is not taken, whatever its sequence", () => {
  const read = bundle({ roots: [second], sequence: 99n });
  expect(() => refreshed(trusted(), read, own, nowMs)).toThrow("has the hash");
});

test("a sequence never goes back, and what stands under one stays", () => {
  const back = bundle({ sequence: 2n });
  expect(() => refreshed(trusted(), back, own, nowMs)).toThrow("went back from 3 to 2");
  const other = bundle({ signingKeys: [newSigningKey().publicKey] });
  expect(() => refreshed(trusted(), other, own, nowMs)).toThrow("its sequence is still 3");
  const domain = bundle({ trustDomain: "c.test" });
  expect(() => refreshed(trusted(), domain, own, nowMs)).toThrow("it is of c.test, not b.test");
});

test("the same bundle read again is noted, and told to nobody", () => {
  const { next, facts } = refreshed(trusted(), bundle(), own, nowMs + 1);
  expect(facts).toEqual([]);
  expect(next.refreshTime).not.toEqual(trusted().refreshTime);
});

test("after a day of failures a peer is stale, and not a moment before; its roots hold", () => {
  const before = notRefreshed(trusted(), "no answer", nowMs + staleMs - 1);
  expect(before).toMatchObject({ next: { state: PeerState.TRUSTED, lastError: "no answer" } });
  expect(before.facts).toEqual([]);
  const after = notRefreshed(before.next, "no answer", nowMs + staleMs);
  expect(after).toMatchObject({ next: { state: PeerState.STALE, bundle: bundle() } });
  expect(after.facts).toHaveLength(1);
  expect(notRefreshed(after.next, "no answer", nowMs + staleMs + 1).facts).toEqual([]);
  const back = refreshed(after.next, bundle(), own, nowMs + staleMs + 2);
  expect(back).toMatchObject({ next: { state: PeerState.TRUSTED, lastError: "" } });
  expect(back.facts).toHaveLength(1);
});

test("of what a peer answers little is kept, and nothing that a terminal or a table chokes on", () => {
  const long = "x".repeat(errorLettersMax);
  expect(shortly(long)).toBe(long);
  expect(shortly(`${long}y`)).toBe(`${long}…`);
  expect(shortly("no\u0000\u001b[2J answer\n")).toBe("no  [2J answer ");
  const { next } = notRefreshed(trusted(), `${long}\u0000y`, nowMs);
  expect(next.lastError).toBe(`${long}…`);
});
