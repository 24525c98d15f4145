import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Peer } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { Audience, Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { PeerCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { hubOfSpiffe, parseSpiffe } from "@foedus/kernel/spiffe.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { utcText } from "@foedus/kernel/time.ts";

/** What a TLS session proved: its chain leads to a root of the domain that its id names. */
export interface PresentedHub {
  readonly spiffeId: string | undefined;
  readonly serial: string;
  readonly expireMs: number;
}

/** Who is trusted, in memory: asked for each call and each message of a stream. */
export interface PeerBook {
  /** Takes what is stored as what is so; returns the domains that are no longer trusted. */
  learn(all: readonly { readonly tenant: TenantId; readonly peer: Peer }[]): string[];
  /** @throws Fault PEER_NOT_TRUSTED, PEER_NOT_HUB or CERTIFICATE_EXPIRED. */
  authenticate(presented: PresentedHub, nowMs: number): PeerCaller;
}

/** Knows no peer yet. */
export function openPeerBook(): PeerBook {
  let tenants = new Map<string, TenantId>();
  return {
    learn(all) {
      const next = new Map(all.map(({ tenant, peer }) => [peer.trustDomain, tenant]));
      const gone = [...tenants.keys()].filter((one) => next.get(one) !== tenants.get(one));
      tenants = next;
      return gone;
    },
    authenticate({ spiffeId = "", serial, expireMs }, nowMs) {
      const id = parseSpiffe(spiffeId);
      const trustDomain = id?.trustDomain ?? "";
      const tenant = tenants.get(trustDomain);
      if (id === undefined || tenant === undefined) {
        throw new Fault(Reason.PEER_NOT_TRUSTED, { trust_domain: trustDomain });
      }
      if (hubOfSpiffe(id) === undefined) {
        throw new Fault(Reason.PEER_NOT_HUB, { spiffe_id: spiffeId, trust_domain: trustDomain });
      }
      if (expireMs <= nowMs) {
        throw new Fault(Reason.CERTIFICATE_EXPIRED, { serial, time: utcText(expireMs) });
      }
      const who = { tenant, role: Role.OBSERVER, id: spiffeId, trustDomain } as const;
      return { kind: "peer", audience: Audience.HUB, ...who };
    },
  };
}
