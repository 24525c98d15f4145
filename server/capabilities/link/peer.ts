import type { DescMessage } from "@bufbuild/protobuf";
import { create, getOption, hasOption } from "@bufbuild/protobuf";
import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { files } from "@foedus/gen/foedus/files.js";
import type { TrustBundle } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { PeerChangedSchema } from "@foedus/gen/foedus/link/v1/link_event_pb.js";
import type { Peer } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { PeerSchema, PeerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { family } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { sameBytes } from "@foedus/kernel/bytes.ts";
import { pinnedRoots } from "@foedus/kernel/chain.ts";
import type { Change } from "@foedus/kernel/change.ts";
import { fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { verifyingKey } from "@foedus/kernel/signing.ts";

/** How long the last good bundle is as good as fresh. */
export const staleMs = 86_400_000;

/** What an operator wants of a peer. */
export interface PeerWish {
  readonly joinAddress: string;
  readonly caHash: string;
  readonly nodeAddress: string;
  readonly toldTypes: readonly string[];
  readonly takenTypes: readonly string[];
}

const rootsMax = 8;
const keysMax = 64;

/**
 * Whether a bundle may be believed: of another domain than ours, not empty, and with the root that
 * somebody compared.
 *
 * @throws Fault PEER_BUNDLE_REFUSED
 */
export function requireBundle(
  bundle: TrustBundle | undefined,
  wish: Pick<PeerWish, "joinAddress" | "caHash">,
  ownDomain: string,
): TrustBundle {
  const refuse = (detail: string) =>
    new Fault(Reason.PEER_BUNDLE_REFUSED, { address: wish.joinAddress, detail });
  if (bundle === undefined || bundle.roots.length === 0) throw refuse("it holds no root");
  const { trustDomain, roots, signingKeys } = bundle;
  if (trustDomain === ownDomain) throw refuse(`it is of this hub's own domain, ${ownDomain}`);
  if (!domainShape.test(trustDomain)) throw refuse("it names no trust domain");
  if (roots.length > rootsMax || signingKeys.length > keysMax) throw refuse("it holds too much");
  if (signingKeys.some((key) => verifyingKey(key) === undefined)) {
    throw refuse("one of its signing keys is none");
  }
  if (pinned(roots, wish.caHash).length === 0) {
    throw refuse(`none of its roots has the hash ${wish.caHash}`);
  }
  return bundle;
}

const domainShape = /^[a-z0-9._-]{1,253}$/;

/** Something that is no certificate is not the pinned one. */
function pinned(roots: readonly Uint8Array[], caHash: string): Uint8Array[] {
  try {
    return pinnedRoots(roots, caHash);
  } catch {
    return [];
  }
}

/**
 * Trusts a peer, or changes what is told to and taken from one that is trusted already.
 *
 * @throws Fault PEER_PINNED when it is pinned by another root.
 */
export function trustPeer(
  known: Peer | undefined,
  bundle: TrustBundle,
  wish: PeerWish,
  by: { readonly id: string; readonly nowMs: number },
): Change<Peer> {
  const { trustDomain } = bundle;
  if (known !== undefined && known.caHash !== wish.caHash) {
    const detail = `pinned by the root ${known.caHash}, not ${wish.caHash}`;
    throw new Fault(Reason.PEER_PINNED, { trust_domain: trustDomain, detail });
  }
  refuseUnknown([...wish.toldTypes, ...wish.takenTypes]);
  const now = timestampFromMs(by.nowMs);
  const next: Peer = {
    ...(known ?? create(PeerSchema)),
    ...wish,
    trustDomain,
    toldTypes: [...new Set(wish.toldTypes)].toSorted(),
    takenTypes: [...new Set(wish.takenTypes)].toSorted(),
    bundle: newer(known?.bundle, bundle),
    state: PeerState.TRUSTED,
    refreshTime: now,
    lastError: "",
    createTime: known?.createTime ?? now,
    createdBy: known?.createdBy ?? by.id,
  };
  return { next, facts: [changed(next, false)] };
}

/** Trusts it no more. */
export function removePeer(known: Peer): Change<Peer> {
  return { next: known, facts: [changed(known, true)] };
}

/**
 * What a peer's bundle, read anew, makes of it. Its sequence never goes back, what it held under
 * one sequence stays, and the pinned root stays in it: whoever has a new root alone must be added
 * anew by somebody who compared it.
 */
export function refreshed(
  known: Peer,
  read: TrustBundle | undefined,
  ownDomain: string,
  nowMs: number,
): Change<Peer> {
  const bundle = requireBundle(read, known, ownDomain);
  const refuse = (detail: string) =>
    new Fault(Reason.PEER_BUNDLE_REFUSED, { address: known.joinAddress, detail });
  if (bundle.trustDomain !== known.trustDomain) {
    throw refuse(`it is of ${bundle.trustDomain}, not ${known.trustDomain}`);
  }
  const before = known.bundle;
  if (before !== undefined && bundle.sequence < before.sequence) {
    throw refuse(`its sequence went back from ${before.sequence} to ${bundle.sequence}`);
  }
  const same = before !== undefined && sameBundle(before, bundle);
  if (before !== undefined && bundle.sequence === before.sequence && !same) {
    throw refuse(`it changed, and its sequence is still ${bundle.sequence}`);
  }
  const next = {
    ...known,
    bundle,
    state: PeerState.TRUSTED,
    refreshTime: timestampFromMs(nowMs),
    lastError: "",
  };
  const told = same && known.state === PeerState.TRUSTED;
  return { next, facts: told ? [] : [changed(next, false)] };
}

/** What it makes of a peer that its bundle could not be read: after a day it is stale. */
export function notRefreshed(known: Peer, error: string, nowMs: number): Change<Peer> {
  const sinceMs = known.refreshTime === undefined ? 0 : timestampMs(known.refreshTime);
  const state = nowMs - sinceMs >= staleMs ? PeerState.STALE : known.state;
  const next = { ...known, state, lastError: shortly(error) };
  return { next, facts: state === known.state ? [] : [changed(next, false)] };
}

/** How much is kept of why something failed: a peer may answer with anything. */
export const errorLettersMax = 500;

/** What is kept of it, and shown. */
export function shortly(error: string): string {
  const shown = error.slice(0, errorLettersMax + 1).replaceAll(/\p{Cc}/gu, " ");
  return shown.length > errorLettersMax ? `${shown.slice(0, errorLettersMax)}…` : shown;
}

function newer(known: TrustBundle | undefined, read: TrustBundle): TrustBundle {
  return known !== undefined && known.sequence > read.sequence ? known : read;
}

function sameBundle(some: TrustBundle, other: TrustBundle): boolean {
  return sameAll(some.roots, other.roots) && sameAll(some.signingKeys, other.signingKeys);
}

function sameAll(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  const here = (one: Uint8Array) => others.some((other) => sameBytes(one, other));
  return some.length === others.length && some.every(here);
}

function changed(peer: Peer, removed: boolean) {
  return fact(PeerChangedSchema, peer.trustDomain, { peer, removed });
}

/** Only what a hub tells of its own can cross to another one. */
function refuseUnknown(types: readonly string[]): void {
  for (const type of types) {
    if (!crossingTypes.includes(type)) throw new Fault(Reason.EVENT_TYPE_UNKNOWN, { type });
  }
}

/** The families that a hub tells: only these cross. */
export const crossingTypes: readonly string[] = files
  .flatMap((file) => file.messages.flatMap(withNested))
  .filter((schema) => hasOption(schema, family) && getOption(schema, family).leavesHub)
  .map((schema) => getOption(schema, family).type);

function withNested(schema: DescMessage): DescMessage[] {
  return [schema, ...schema.nestedMessages.flatMap(withNested)];
}
