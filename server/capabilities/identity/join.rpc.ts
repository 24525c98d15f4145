import type { ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { JoinToken } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type {
  EnrollRequest,
  IdentityService,
  ReenterRequest,
} from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { sameBytes, utf8 } from "@foedus/kernel/bytes.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { callerOf, nodeCallerOf } from "../../runtime/caller.ts";
import { writeOf, type Write } from "../../runtime/write.ts";
import { bundleOf, toldAt } from "./admission.ts";
import type { Known } from "./directory.store.ts";
import { enroll, reenter, renew } from "./identity.ts";
import { admitted, leafFor, type IdentityKit } from "./kit.rpc.ts";
import type { Admitted } from "./identity.store.ts";
import { requireProof } from "./proof.ts";
import { admittedName, isOpen, refusal } from "./token.ts";
import { tokenShown } from "./token.rpc.ts";
import type { ShownToken } from "./token.store.ts";

type Methods = "getTrustBundle" | "enroll" | "getChallenge" | "reenter" | "renew";

/** Joining, coming back, and renewing. */
export function joinRpc(kit: IdentityKit): Pick<ServiceImpl<typeof IdentityService>, Methods> {
  const { hub, identities, challenges } = kit;
  return {
    getTrustBundle() {
      return { bundle: bundleOf(kit.authority, hub.identity.trustDomain) };
    },

    async enroll(request, context) {
      const shown = await tokenShown(kit, request.token, callerOf(context).id);
      const write = joinerWrite(writeOf(request, context), shown.tenant, shown.token.id);
      refuseLate(kit, shown, write);
      const admission = await identities.enroll(write, shown.token.id, (token, nodeId, nowMs) =>
        welcome(kit, shown.tenant, request, { token, nodeId, nowMs }),
      );
      return { admission: toldAt(admission, hub.storage.nowMs()) };
    },

    getChallenge() {
      const nowMs = hub.storage.nowMs();
      return { nonce: challenges.make(nowMs), hubTimeMs: BigInt(nowMs) };
    },

    async reenter(request, context) {
      const { tenant } = await returning(kit, request, callerOf(context).id);
      const write = joinerWrite(writeOf(request, context), tenant, request.nodeId);
      const admission = await identities.reissue(write, request.nodeId, async (identity, nowMs) => {
        challenges.require(request.nonce, nowMs);
        const leaf = await leafFor(kit, tenant, identity.nodeId, request.csr);
        const change = reenter(identity, leaf, hub.config().reentryDays, nowMs);
        return admitted(kit, tenant, change, leaf, nowMs);
      });
      return { admission: toldAt(admission, hub.storage.nowMs()) };
    },

    async renew(request, context) {
      const { tenant, nodeId } = nodeCallerOf(context);
      const write = writeOf(request, context);
      const admission = await identities.reissue(write, nodeId, async (identity, nowMs) => {
        requireProof("renew", identity.identityKey, request);
        const leaf = await leafFor(kit, tenant, nodeId, request.csr);
        return admitted(kit, tenant, renew(identity, leaf), leaf, nowMs);
      });
      return { admission: toldAt(admission, hub.storage.nowMs()) };
    },
  };
}

/** Whoever comes after the token ended is told at once, unless it is the winner asking again. */
function refuseLate({ hub }: IdentityKit, { token, redeemHash }: ShownToken, write: Write): void {
  const winnersOwn = redeemHash !== undefined && sameBytes(redeemHash, write.requestHash);
  const nowMs = hub.storage.nowMs();
  if (!winnersOwn && !isOpen(token, nowMs)) throw refusal(token, nowMs);
}

/** Makes a node of whoever redeemed a token. */
async function welcome(
  kit: IdentityKit,
  tenant: TenantId,
  request: EnrollRequest,
  redeemed: { readonly token: JoinToken; readonly nodeId: string; readonly nowMs: number },
): Promise<Admitted> {
  const { token, nodeId, nowMs } = redeemed;
  const { identityKey } = request;
  const name = admittedName(token, request.name, nodeId);
  requireProof("enroll", identityKey, request, utf8(token.id));
  const leaf = await leafFor(kit, tenant, nodeId, request.csr);
  const spiffeId = nodeSpiffe(kit.hub.identity.trustDomain, tenant, nodeId);
  const change = enroll(token, { nodeId, name, spiffeId, identityKey }, leaf, nowMs);
  return admitted(kit, tenant, change, leaf, nowMs);
}

/**
 * The node that comes back, by its identity key. One that the hub does not know and one that signs
 * with another key look the same, and cost a try.
 */
async function returning(
  { readNode, tries }: IdentityKit,
  request: ReenterRequest,
  address: string,
): Promise<Known> {
  tries.refuseGuesser(address);
  const known = await readNode(request.tenant, request.nodeId);
  try {
    if (known === undefined) throw new Fault(Reason.IDENTITY_PROOF_INVALID);
    requireProof("reenter", known.identity.identityKey, request, request.nonce);
    return known;
  } catch (error) {
    tries.wrong(address);
    throw error;
  }
}

/** Answers are kept for whoever holds the token or the key, whatever address it asks from. */
function joinerWrite(write: Write, tenant: TenantId, subject: string): Write {
  return { ...write, caller: { ...write.caller, tenant, id: `joiner/${subject}` } };
}
