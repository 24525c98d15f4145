import { create, fromJsonString, toJsonString } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import {
  MeetPeersResponseSchema,
  type MeetPeersResponse,
} from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import {
  SyncPeerSchema,
  type SignedMembership,
} from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { concat, hex } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { verifyingKey } from "@foedus/kernel/signing.ts";
import {
  MembershipRefused,
  requireMember,
  type Member,
  type MembershipBounds,
} from "@foedus/kernel/sync/membership.ts";
import type { NodeStore } from "../../store/store.ts";

/** What a circle is drawn with. */
export interface CircleKit {
  readonly store: Pick<NodeStore, "read" | "write">;
  readonly nodeId: string;
  readonly tenant: string;
  readonly trustDomain: string;
  /** Of the hubs of the domain, as this node's trust bundle has them. */
  readonly hubKeys: () => readonly Uint8Array[];
  /** The hub's time. */
  readonly nowMs: () => number;
}

/** A peer that listens. */
export interface KnownPeer {
  readonly address: string;
  readonly member: Member;
}

interface Vouched {
  readonly signed: SignedMembership;
  readonly member: Member;
}

const file = "peers.json";
const addressLengthMax = 300;
const fairAddress = /^[^\s/@]+:\d{1,5}$/;

/** Of so many nodes a membership is kept: more than any hub tells of. */
const membersMax = 1_024;

/**
 * Who belongs, by the word of a hub: what this node was told when it last spoke with one, and what
 * peers have shown it since. It is kept, so that a node that starts without its hub knows whom to
 * ask.
 */
export class Circle {
  readonly #kit: CircleKit;
  readonly #members = new Map<string, Vouched>();
  readonly #addresses = new Map<string, string>();
  /** By the hash of what was signed and the signature. */
  readonly #verified = new Map<string, Member>();
  #told: readonly Uint8Array[] = [];
  #isNew = false;

  constructor(kit: CircleKit) {
    this.#kit = kit;
  }

  /** Takes what the hub says, over a connection that proved to be the hub's. */
  learn({ membership, peers, hubKeys }: MeetPeersResponse): void {
    this.#told = hubKeys;
    this.#addresses.clear();
    if (membership !== undefined) this.#note(membership);
    for (const peer of peers) {
      const nodeId = peer.membership && this.#note(peer.membership)?.nodeId;
      if (nodeId !== undefined && peer.address !== "") this.#addresses.set(nodeId, peer.address);
    }
    this.#isNew = true;
  }

  /** The hub's time. */
  nowMs(): number {
    return this.#kit.nowMs();
  }

  /**
   * Whose membership it is, which is remembered. An older one that is still good proves who shows
   * it, and stands where the newest one says.
   *
   * @throws MembershipRefused
   */
  require(signed: SignedMembership | undefined): Member {
    const shown = this.#proved(signed);
    const newest = this.#members.get(shown.nodeId)?.member;
    const isOlder = newest !== undefined && endMs(newest) > endMs(shown);
    return isOlder ? { ...shown, zones: newest.zones } : shown;
  }

  /** A signature is checked once. */
  #proved(signed: SignedMembership | undefined): Member {
    const name = signed === undefined ? "" : nameOf(signed);
    const known = this.#verified.get(name);
    if (known !== undefined && endMs(known) > this.#kit.nowMs()) return known;
    const member = requireMember(signed, this.#bounds());
    if (this.#verified.size >= membersMax) this.#verified.clear();
    this.#verified.set(name, member);
    if (signed !== undefined) this.#keep(signed, member);
    return member;
  }

  /** Notes where a peer says that it listens: others than those the hub told of may have come. */
  listens(nodeId: string, address: string): void {
    const isFair = address.length <= addressLengthMax && fairAddress.test(address);
    if (!isFair || this.#addresses.get(nodeId) === address) return;
    this.#addresses.set(nodeId, address);
    this.#isNew = true;
  }

  /**
   * What this node shows others.
   *
   * @throws MembershipRefused when no hub has vouched for it, or too long ago.
   */
  own(): Vouched {
    const own = this.#members.get(this.#kit.nodeId);
    if (own === undefined) throw new MembershipRefused("no hub has vouched for this node yet");
    return { signed: own.signed, member: this.require(own.signed) };
  }

  /** The membership of an author, while it holds. */
  of(nodeId: string): SignedMembership | undefined {
    return this.#holding(nodeId)?.signed;
  }

  /** Whose a replica's key is, as far as hubs have said. */
  ownerOf(replica: string): string | undefined {
    for (const { member } of this.#members.values()) {
      if (member.replicas.includes(replica)) return member.nodeId;
    }
    return undefined;
  }

  /** Those that listen, and whose memberships hold. */
  peers(): KnownPeer[] {
    return [...this.#addresses].flatMap(([nodeId, address]) => {
      const known = this.#holding(nodeId);
      return known === undefined ? [] : [{ address, member: known.member }];
    });
  }

  /** Reads what an earlier run kept; what cannot be read is learned anew. */
  async load(): Promise<void> {
    const text = await this.#kit.store.read(file);
    if (text === undefined) return;
    try {
      this.learn(fromJsonString(MeetPeersResponseSchema, text));
      this.#isNew = false;
    } catch {
      // Only a help, and a hub tells it again.
    }
  }

  /** Keeps what is new. */
  async save(): Promise<void> {
    if (!this.#isNew) return;
    this.#isNew = false;
    this.#forget();
    const { nodeId } = this.#kit;
    const others = [...this.#members].filter(([id]) => id !== nodeId);
    const peers = others.map(([id, { signed: membership }]) => {
      return create(SyncPeerSchema, { address: this.#addresses.get(id) ?? "", membership });
    });
    const membership = this.#members.get(nodeId)?.signed;
    const kept = create(MeetPeersResponseSchema, { peers, hubKeys: [...this.#told] });
    if (membership !== undefined) kept.membership = membership;
    await this.#kit.store.write(file, toJsonString(MeetPeersResponseSchema, kept));
  }

  /** By what memberships are judged now. */
  #bounds(): MembershipBounds {
    const { tenant, trustDomain, nowMs, hubKeys } = this.#kit;
    const keys = [...this.#told, ...hubKeys()].map(verifyingKey);
    const known = keys.filter((key) => key !== undefined);
    return { hubKeys: known, tenant, trustDomain, nowMs: nowMs() };
  }

  #note(signed: SignedMembership): Member | undefined {
    try {
      return this.require(signed);
    } catch (error) {
      if (error instanceof MembershipRefused) return undefined;
      throw error;
    }
  }

  /** Of two memberships of a node the later one says more. */
  #keep(signed: SignedMembership, member: Member): void {
    const known = this.#members.get(member.nodeId);
    if (known !== undefined && endMs(known.member) >= endMs(member)) return;
    if (known === undefined && this.#members.size >= membersMax) this.#forget();
    if (known === undefined && this.#members.size >= membersMax) return;
    this.#members.set(member.nodeId, { signed, member });
    this.#isNew = true;
  }

  #holding(nodeId: string): Vouched | undefined {
    const known = this.#members.get(nodeId);
    return known !== undefined && endMs(known.member) > this.#kit.nowMs() ? known : undefined;
  }

  #forget(): void {
    for (const [nodeId, { member }] of this.#members) {
      if (endMs(member) > this.#kit.nowMs()) continue;
      this.#members.delete(nodeId);
      this.#addresses.delete(nodeId);
    }
  }
}

function nameOf({ membership, signature }: SignedMembership): string {
  return hex(sha256(concat(signature, membership)));
}

function endMs({ expireTime }: Member): number {
  return expireTime === undefined ? 0 : timestampMs(expireTime);
}
