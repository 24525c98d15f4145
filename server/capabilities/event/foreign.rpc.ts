import type { HandlerContext } from "@connectrpc/connect";
import type { Publication } from "./batch.ts";
import type { PublishForeignRequest } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Peer } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { sameBytes } from "@foedus/kernel/bytes.ts";
import type { PeerCaller } from "@foedus/kernel/caller.ts";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { keyIdOf, verifyingKey } from "@foedus/kernel/signing.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { peerCallerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import type { Hearer } from "../../runtime/storage/hear.ts";
import { beyondCalls } from "../../runtime/underway.ts";
import type { ForeignTerms } from "./foreign.ts";
import { openForeign } from "./foreign.ts";
import { foreignSigners } from "./foreign.store.ts";
import { families, problemOf, type Publisher } from "./publish.rpc.ts";
import type { Refusals } from "./refused.ts";

/** What peers may tell, remembered until link tells something new of one. */
export interface Foreigners {
  of(tenant: TenantId, trustDomain: string): Promise<ForeignTerms | undefined>;
  readonly hearer: Hearer;
}

/** Asks link for peers, once a tenant. */
export function openForeigners(hub: Hub): Foreigners {
  const known = new Map<TenantId, Promise<Map<string, ForeignTerms>>>();
  const ask = (tenant: TenantId) => {
    const asked = beyondCalls(() => askPeers(hub, tenant));
    known.set(tenant, asked);
    asked.catch(() => known.delete(tenant));
    return asked;
  };
  return {
    of: async (tenant, trustDomain) => (await (known.get(tenant) ?? ask(tenant))).get(trustDomain),
    hearer: {
      log: "outbox",
      kinds: ["link.peer_changed"],
      hear: (tenant) => void known.delete(tenant),
      restart: () => known.clear(),
    },
  };
}

async function askPeers(hub: Hub, tenant: TenantId): Promise<Map<string, ForeignTerms>> {
  const links = hub.calls.as(LinkService, insideCaller("event", tenant));
  const { peers } = await links.listPeers({});
  return new Map(peers.map((peer) => [peer.trustDomain, termsOf(peer)]));
}

function termsOf({ trustDomain, bundle, takenTypes }: Peer): ForeignTerms {
  const keys = (bundle?.signingKeys ?? []).flatMap((publicKey) => {
    const key = verifyingKey(publicKey);
    return key === undefined ? [] : [{ keyId: keyIdOf(publicKey), publicKey, key }];
  });
  return { trustDomain, keys, takenTypes: new Set(takenTypes) };
}

interface Kit {
  readonly hub: Hub;
  readonly store: Publisher;
  readonly foreigners: Foreigners;
  readonly refusals: Refusals;
}

/** Verifies and stores what the hubs of peers tell. */
export function foreignRpc({ hub, store, foreigners, refusals }: Kit) {
  const keep = foreignSigners(hub.storage);

  function open(
    caller: PeerCaller,
    { batch, proof }: PublishForeignRequest,
    terms: ForeignTerms,
  ): Publication {
    if (batch === undefined) throw new Error("validation let a missing batch pass");
    try {
      const rules = { families, nowMs: hub.storage.nowMs(), problemOf };
      return openForeign(batch, proof, terms, rules);
    } catch (error) {
      const { tenant, id: nodeId } = caller;
      if (error instanceof Fault) refusals.count({ tenant, nodeId }, error, batch);
      throw error;
    }
  }

  return {
    async publishForeign(request: PublishForeignRequest, context: HandlerContext) {
      const caller = peerCallerOf(context);
      const { tenant, trustDomain } = caller;
      const terms = await foreigners.of(tenant, trustDomain);
      if (terms === undefined) {
        throw new Fault(Reason.PEER_NOT_TRUSTED, { trust_domain: trustDomain });
      }
      const told = open(caller, request, terms);
      const signer = terms.keys.find((one) => sameBytes(one.keyId, told.keyId));
      if (signer !== undefined) await keep(tenant, { ...signer, source: told.source });
      const { accepted, duplicates } = await store(tenant, told);
      return { accepted, duplicates };
    },
  };
}
