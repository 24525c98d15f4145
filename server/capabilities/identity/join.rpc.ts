import type { ServiceImpl } from "@connectrpc/connect";
import type { ReenterRequest } from "@foedus/gen/foedus/identity/v1/identity_return_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type {
  EnrollRequest,
  IdentityService,
} from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { callerOf, nodeCallerOf } from "../../runtime/caller.ts";
import { writeOf } from "../../runtime/write.ts";
import { bundleOf, toldAt } from "./admission.ts";
import type { Known } from "./directory.store.ts";
import { enrollByToken, enrollInvited } from "./enroll.rpc.ts";
import { reenter, renew } from "./identity.ts";
import { admitted, joinerWrite, leafFor, type IdentityKit } from "./kit.rpc.ts";
import { requireProof } from "./proof.ts";

type Methods = "getTrustBundle" | "enroll" | "getChallenge" | "reenter" | "renew";

/** Joining, coming back, and renewing. */
export function joinRpc(kit: IdentityKit): Pick<ServiceImpl<typeof IdentityService>, Methods> {
  const { hub, identities, challenges } = kit;
  return {
    async getTrustBundle() {
      const keys = (await kit.domainKeys.recent()).map(({ publicKey }) => publicKey);
      return { bundle: bundleOf(kit.authority, hub.identity.trustDomain, keys) };
    },

    async enroll(request, context) {
      // How long a try may take is no part of what is asked.
      const asked: EnrollRequest = { ...request, holdMs: 0n };
      const write = writeOf(asked, context);
      const address = addressOf(callerOf(context));
      const enrolling = { request, write, address };
      return request.token === ""
        ? await enrollInvited(kit, enrolling)
        : await enrollByToken(kit, enrolling);
    },

    getChallenge() {
      const nowMs = hub.storage.nowMs();
      return { nonce: challenges.make(nowMs), hubTimeMs: BigInt(nowMs) };
    },

    async reenter(request, context) {
      const { tenant } = await returning(kit, request, callerOf(context).id);
      hub.served.require(tenant);
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

/** A joiner is told apart by nothing but where it asks from. */
function addressOf({ id }: Caller): string {
  return id.replace(/^joiner\//, "");
}
