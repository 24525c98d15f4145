// Nodes that exchange what they wrote, without a wire: the real machine, disk left out.
import { create } from "@bufbuild/protobuf";
import { timestampFromMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import { MeetPeersResponseSchema } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import type { Membership, SignedMembership } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { Kind, StreamSchema, type Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { newSigningKey, type SigningKey } from "@foedus/kernel/signing.ts";
import { defaultLimits } from "@foedus/kernel/sync/limits.ts";
import { membershipMs, signMembership } from "@foedus/kernel/sync/membership.ts";
import { opOf, streamKey } from "@foedus/kernel/sync/op.ts";
import { soundRules } from "@foedus/kernel/sync/rules.ts";
import { stepSpoke } from "@foedus/kernel/sync/spoke.ts";
import { newSpoke, type SpokeState } from "@foedus/kernel/sync/spoke.state.ts";
import { Circle } from "../../clients/sdk/sync/peer/circle.ts";
import { Desk } from "../../clients/sdk/sync/peer/desk.ts";
import type { PeerGround } from "../../clients/sdk/sync/peer/ground.ts";

export const startMs = 1_800_000_000_000;
export const hubKey = newSigningKey();

/** The clock that all of them share. */
export const time = { nowMs: startMs };

export const notes = stream("notes", "world");

export function stream(collection: string, zone: string): Stream {
  return create(StreamSchema, { collection, zone, lane: 2 });
}

/** A node as its peers meet it. */
export interface TestPeer {
  readonly nodeId: string;
  readonly replica: string;
  readonly identity: SigningKey;
  readonly state: SpokeState;
  readonly ground: PeerGround;
  readonly circle: Circle;
  readonly desk: Desk;
  /** What it keeps across restarts. */
  readonly kept: Map<string, string>;
  /** What the hub said of it. */
  readonly membership: SignedMembership;
  write(text: string, where?: Stream): void;
  /** What it shows, sorted. */
  read(where?: Stream): string[];
}

/** How a node differs from the usual. */
export interface PeerWish {
  readonly zones?: readonly string[];
  readonly tenant?: string;
  /** The hub that vouches for it, and that it trusts. */
  readonly hub?: SigningKey;
  readonly streams?: readonly Stream[];
  readonly said?: Partial<Membership>;
}

/** A node that a hub has vouched for. */
export function peer(nodeId: string, wish: PeerWish = {}): TestPeer {
  const { zones = ["world"], tenant = "main", hub = hubKey, streams = [notes] } = wish;
  const identity = newSigningKey();
  const replica = `replica-${nodeId}`;
  const membership = vouch(
    hub,
    { nodeId, tenant, zones: [...zones], replicas: [replica] },
    identity,
  );
  const signed =
    wish.said === undefined
      ? membership
      : vouch(hub, { nodeId, tenant, zones: [...zones], replicas: [], ...wish.said }, identity);
  const rest = { rules: soundRules, limits: defaultLimits, holds: new Map() };
  const state = newSpoke({ replica, tenant, zones, ...rest });
  for (const each of streams) stepSpoke(state, { type: "subscribe", stream: each }, time.nowMs);
  const ground = groundOf(state, nodeId, identity);
  const kept = new Map<string, string>();
  const circle = circleOf(nodeId, tenant, hub, kept);
  circle.learn(create(MeetPeersResponseSchema, { membership: signed, hubKeys: [hub.publicKey] }));
  const write = (text: string, where = notes) => {
    const wishes = { kind: Kind.APPEND, body: new TextEncoder().encode(text) };
    stepSpoke(state, { type: "write", stream: where, wish: wishes }, time.nowMs);
  };
  const read = (where = notes) => readAll(state, streamKey(tenant, where));
  const desk = new Desk(ground, circle);
  const own = { nodeId, replica, identity, state, ground, circle, desk, kept };
  return { ...own, membership: signed, write, read };
}

/** A membership as a hub signs it. */
export function vouch(
  hub: SigningKey,
  said: Pick<Membership, "nodeId" | "tenant" | "zones" | "replicas"> & Partial<Membership>,
  { publicKey }: SigningKey,
): SignedMembership {
  const times: { issueTime: Timestamp; expireTime: Timestamp } = {
    issueTime: timestampFromMs(time.nowMs),
    expireTime: timestampFromMs(time.nowMs + membershipMs),
  };
  const { $typeName: _name, ...rest } = { $typeName: "", ...said };
  const whole = { name: said.nodeId, publicKey, trustDomain: "foedus.local", ...times, ...rest };
  return signMembership(hub, whole);
}

/** What a node knows of others, from what it kept. */
export function circleOf(
  nodeId: string,
  tenant: string,
  hub: SigningKey,
  kept: Map<string, string>,
): Circle {
  return new Circle({
    store: {
      read: (name) => Promise.resolve(kept.get(name)),
      write: (name, text) => Promise.resolve(void kept.set(name, text)),
    },
    nodeId,
    tenant,
    trustDomain: "foedus.local",
    hubKeys: () => [hub.publicKey],
    nowMs: () => time.nowMs,
  });
}

/** One calls on the other until neither has anything new; returns what went over. */
export async function meet(caller: TestPeer, called: TestPeer): Promise<{ ops: number }> {
  let partner = caller.desk.partner(called.membership, called);
  let theirs: Awaited<ReturnType<Desk["answer"]>>["standings"] = [];
  let ops = 0;
  for (let round = 1; round <= 10; round += 1) {
    const request = await caller.desk.request(partner, theirs);
    const answer = await called.desk.answer(request, chainOf(caller));
    partner = caller.desk.partner(answer.membership, called);
    const before = ops;
    ops += request.carried.reduce((sum, each) => sum + each.ops.length, 0);
    ops += caller.desk.take(partner, answer.carried).ops;
    theirs = answer.standings;
    if (round > 1 && ops === before) return { ops };
  }
  throw new Error("they never come to an end");
}

/** Who a node is by its certificate. */
export function chainOf({ nodeId, state }: Pick<TestPeer, "nodeId" | "state">) {
  const span = { validFromMs: 0, validToMs: Infinity };
  return { trustDomain: "foedus.local", tenant: state.tenant, nodeId, ...span };
}

function groundOf(state: SpokeState, nodeId: string, identity: SigningKey): PeerGround {
  return {
    tenant: state.tenant,
    nodeId,
    replica: state.replica,
    identity,
    holds: () => state.holds,
    saved: () => Promise.resolve(),
    hand: (where, ops) => void stepSpoke(state, { type: "handed", stream: where, ops }, time.nowMs),
    isAway: () => state.session === undefined,
    heed: () => undefined,
  };
}

function readAll(state: SpokeState, key: string): string[] {
  const over = state.holds.get(key)?.overlay.values() ?? [];
  const texts = [...over].flatMap((cell) => {
    return [...cell.values()].map(({ bytes }) => new TextDecoder().decode(opOf(bytes).body));
  });
  return texts.toSorted();
}
