import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  ExchangeRequestSchema,
  ExchangeResponseSchema,
  type Carried,
  type ExchangeRequest,
  type ExchangeResponse,
  type PeerStanding,
  type SignedMembership,
} from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import type { NodeChain } from "@foedus/kernel/chain.ts";
import { dotKey } from "@foedus/kernel/sync/dot.ts";
import { heldCtr, type Carriage, type Hold } from "@foedus/kernel/sync/hold.ts";
import { streamKey } from "@foedus/kernel/sync/op.ts";
import { defaultLimits } from "@foedus/kernel/sync/limits.ts";
import { MembershipRefused, type Member } from "@foedus/kernel/sync/membership.ts";
import { headerOf } from "@foedus/kernel/sync/segment.ts";
import { FoedusError } from "../../error.ts";
import type { Circle } from "./circle.ts";
import type { PeerGround } from "./ground.ts";
import { CarriedRefused, requireCarried, type Brought, type IntakeBounds } from "./intake.ts";
import { carriedMax, heldBytesMax, heldOfOneMax, replicasMax, streamsMax } from "./limits.ts";
import { offerFor } from "./offer.ts";
import { Room, type RoomBounds } from "./room.ts";
import { standingsOf } from "./standing.ts";

/** The other end of an exchange, proved. */
export interface Partner {
  readonly member: Member;
  /** Zones that are of both. */
  readonly zones: ReadonlySet<string>;
}

/** What became of what a partner brought. */
export interface Taken {
  /** Ops that are new here. */
  readonly ops: number;
  /** Why some of it was not taken. */
  readonly problems: readonly string[];
}

/** What both ends of an exchange do with what the other one says. */
export class Desk {
  readonly #ground: PeerGround;
  readonly #circle: Circle;
  readonly #bounds: RoomBounds;
  /** Where this node serves others. */
  address = "";

  constructor(
    ground: PeerGround,
    circle: Circle,
    bounds: RoomBounds = { heldBytesMax, heldOfOneMax },
  ) {
    this.#ground = ground;
    this.#circle = circle;
    this.#bounds = bounds;
  }

  /**
   * Who is at the other end: the node of the certificate, by its own membership.
   *
   * @throws FoedusError SYNC_PEER_NOT_TRUSTED
   */
  partner(signed: SignedMembership | undefined, chain: Pick<NodeChain, "nodeId">): Partner {
    return this.#trusting(chain.nodeId, () => {
      const member = this.#circle.require(signed);
      if (member.nodeId === chain.nodeId) return this.#beside(member);
      throw new MembershipRefused(`it shows the membership of ${member.nodeId}`);
    });
  }

  /**
   * A peer that a hub has told of, before it has said anything itself.
   *
   * @throws FoedusError SYNC_PEER_NOT_TRUSTED when no hub vouches for this node any longer.
   */
  known(member: Member): Partner {
    return this.#trusting("this node", () => this.#beside(member));
  }

  /** What to ask a partner, and to bring it, after what it said of itself. */
  async request(partner: Partner, theirs: readonly PeerStanding[]): Promise<ExchangeRequest> {
    const said = await this.#say(partner, theirs);
    return create(ExchangeRequestSchema, { ...said, address: this.address });
  }

  /** Takes what somebody brings, and gives what it lacks. */
  async answer(request: ExchangeRequest, chain: NodeChain): Promise<ExchangeResponse> {
    const { standings, carried } = request;
    requireModest(standings, carried);
    const partner = this.partner(request.membership, chain);
    if (request.address !== "") this.#circle.listens(chain.nodeId, request.address);
    this.take(partner, carried);
    const said = await this.#say(partner, standings);
    return create(ExchangeResponseSchema, said);
  }

  /** Bytes of others' writes that are held here. */
  get heldBytes(): number {
    return new Room(this.#ground, this.#bounds).bytes;
  }

  /** Hands on what holds; what does not hold is left, and says why. */
  take(partner: Partner, carried: readonly Carried[]): Taken {
    const problems: string[] = [];
    const brought = new Map<string, Brought[]>();
    const signers = new Map<string, string>();
    for (const one of carried) {
      try {
        const each = requireCarried(one, this.#boundsOf(partner, signers));
        for (const { replica } of each.ops.slice(0, 1)) signers.set(replica, each.author.nodeId);
        const key = streamKey(this.#ground.tenant, each.stream);
        brought.set(key, [...(brought.get(key) ?? []), each]);
      } catch (error) {
        if (!(error instanceof CarriedRefused)) throw error;
        problems.push(error.message);
      }
    }
    if (brought.size === 0) return { ops: 0, problems };
    let ops = 0;
    const room = new Room(this.#ground, this.#bounds);
    for (const [key, all] of brought) {
      const hold = this.#ground.holds().get(key);
      if (hold === undefined) continue;
      const fitting = all.flatMap((each) => room.fitting(hold, each));
      if (fitting.length < all.reduce((sum, each) => sum + each.ops.length, 0)) {
        problems.push("there is no room for more of others' writes: the rest stays with them");
      }
      ops += this.#hand(hold, fitting);
    }
    return { ops, problems };
  }

  /** Of a replica, `signers` says who has signed for it within the same message. */
  #boundsOf({ zones }: Partner, signers: ReadonlyMap<string, string>): IntakeBounds {
    const { tenant, replica, nodeId } = this.#ground;
    return {
      tenant,
      replica,
      nodeId,
      zones,
      nowMs: this.#circle.nowMs(),
      limits: defaultLimits,
      memberOf: (signed) => this.#circle.require(signed),
      ownerOf: (other) => signers.get(other) ?? this.#ownerOf(other),
    };
  }

  /** All of a stream at once: it is put on disk together. Returns how many ops are new. */
  #hand(hold: Hold, ops: readonly Carriage[]): number {
    const before = hold.ops.size;
    this.#ground.hand(hold.stream, ops);
    return hold.ops.size - before;
  }

  /** As hubs have said; else whoever signed with it first. */
  #ownerOf(replica: string): string | undefined {
    const said = this.#circle.ownerOf(replica);
    if (said !== undefined) return said;
    for (const hold of this.#ground.holds().values()) {
      const first = hold.ops.get(dotKey({ replica, ctr: heldCtr(hold, replica) + 1 }));
      if (first?.segment !== undefined) return headerOf(first.segment)?.nodeId;
    }
    return undefined;
  }

  async #say({ zones }: Partner, theirs: readonly PeerStanding[]) {
    const membership = this.#trusting("this node", () => this.#circle.own().signed);
    const standings = standingsOf(this.#ground, zones, theirs);
    const carried = offerFor(this.#ground, zones, theirs, this.#circle);
    // A number that was shown to others is never given to another op, even after a power cut.
    await this.#ground.saved();
    return { membership, standings, carried };
  }

  #beside(member: Member): Partner {
    const own = this.#circle.own().member.zones;
    return { member, zones: new Set(own.filter((zone) => member.zones.includes(zone))) };
  }

  #trusting<T>(peer: string, judge: () => T): T {
    try {
      return judge();
    } catch (cause) {
      if (!(cause instanceof MembershipRefused)) throw cause;
      const facts = { peer, detail: cause.message };
      throw new FoedusError(Reason.SYNC_PEER_NOT_TRUSTED, facts, { cause });
    }
  }
}

/** @throws FoedusError SYNC_PEER_NOT_TRUSTED */
export function requireModest(
  standings: readonly PeerStanding[],
  carried: readonly Carried[],
): void {
  const isModest =
    standings.length <= streamsMax &&
    carried.length <= carriedMax &&
    standings.every(({ ctrs }) => Object.keys(ctrs).length <= replicasMax);
  if (isModest) return;
  const detail = "it says more at once than it may";
  throw new FoedusError(Reason.SYNC_PEER_NOT_TRUSTED, { peer: "the other end", detail });
}
