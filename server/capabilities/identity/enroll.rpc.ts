import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import type { JudgeJoinResponse_Admit } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Admission } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { EnrollRequest } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { sameBytes, utf8 } from "@foedus/kernel/bytes.ts";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { fingerprintOf } from "@foedus/kernel/fingerprint.ts";
import { newId } from "@foedus/kernel/ids.ts";
import { nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Write } from "../../runtime/write.ts";
import { toldAt } from "./admission.ts";
import { enroll, type Grant } from "./identity.ts";
import { OutdatedVerdict, type Admitted } from "./identity.store.ts";
import { admitted, joinerWrite, leafFor, type IdentityKit } from "./kit.rpc.ts";
import { requireProof } from "./proof.ts";
import { tenantInvited } from "./tenant.rpc.ts";
import { admittedName, isOpen, nameOf, refusal } from "./token.ts";
import { tokenShown } from "./token.rpc.ts";
import type { ShownToken } from "./token.store.ts";

/** How soon whoever waits may ask again, and whoever let the answer be kept back. */
const waitRetryMs = 5_000n;
const heldRetryMs = 250n;

/** What a call keeps of its time for all but the waiting. */
const holdSpareMs = 5_000n;

/** How often one joiner is judged anew because the settings moved. */
const judgesMax = 8;
const unsettledRetryMs = 1_000;

/** A request to join, with who makes it. */
export interface Enrolling {
  readonly request: EnrollRequest;
  readonly write: Write;
  readonly address: string;
}

/** Redeems a token, unless access refuses its holder. */
export async function enrollByToken(kit: IdentityKit, enrolling: Enrolling) {
  const { request, address } = enrolling;
  const shown = await tokenShown(kit, request.token, address);
  const { tenant, token } = shown;
  kit.hub.served.require(tenant);
  const write = joinerWrite(enrolling.write, tenant, token.id);
  const welcomed = (revision: bigint) =>
    kit.identities.enroll(write, { tokenId: token.id, revision }, (redeemed, nodeId, nowMs) => {
      if (redeemed === undefined) throw new Error("a token was redeemed and is not there");
      const name = admittedName(redeemed, request.name, nodeId);
      requireProof("enroll", request.identityKey, request, utf8(redeemed.id));
      const grant = { role: redeemed.role, tokenId: redeemed.id, vouched: true };
      return welcome(kit, { tenant, request, grant, name, nodeId, nowMs });
    });
  // The winner asking again gets what it got, however access is set by now.
  if (isWinners(kit, shown, write)) return toldNow(kit, await welcomed(0n));
  const wish = {
    ...wishOf(kit, request, address),
    name: token.name || request.name,
    hasToken: true,
    nameInToken: token.name !== "",
  };
  return await judged(kit, tenant, wish, ({ revision }) => welcomed(revision));
}

/** Lets in whom access lets in without a token, or tells whoever has to wait for what. */
export async function enrollInvited(kit: IdentityKit, { request, write, address }: Enrolling) {
  const { identityKey } = request;
  proved(kit, request, address);
  const tenant = await tenantInvited(kit, request.tenant, address);
  kit.hub.served.require(tenant);
  const fingerprint = fingerprintOf(identityKey);
  const own = joinerWrite(write, tenant, fingerprint);
  const before = await kit.identities.admittedBefore(own);
  if (before !== undefined) return toldNow(kit, before);
  return await judged(kit, tenant, wishOf(kit, request, address), (verdict) => {
    const { role, vouched, revision } = verdict;
    const grant = { role, vouched, tokenId: "" };
    return kit.identities.enroll(own, { fingerprint, revision }, (_token, nodeId, nowMs) => {
      const name = nameOf(verdict.name || request.name, nodeId);
      return welcome(kit, { tenant, request, grant, name, nodeId, nowMs });
    });
  });
}

/** Whoever cannot sign with the key it shows pays for the try. */
function proved({ tries }: IdentityKit, request: EnrollRequest, address: string): void {
  tries.refuseGuesser(address);
  try {
    requireProof("enroll", request.identityKey, request);
  } catch (error) {
    tries.wrong(address);
    throw error;
  }
}

type JoinWish = ReturnType<typeof wishOf> & { hasToken?: boolean; nameInToken?: boolean };

function wishOf(
  { hub }: IdentityKit,
  { name, identityKey, holdMs }: EnrollRequest,
  address: string,
) {
  const mostMs = hub.config().callMsMax - holdSpareMs;
  const held = holdMs < mostMs ? holdMs : mostMs;
  return { name, identityKey, address, holdMs: held > 0n ? held : 0n };
}

/** Admits by what access says, and asks it again when that moved before the admission was done. */
async function judged(
  { hub }: IdentityKit,
  tenant: TenantId,
  wish: JoinWish,
  admit: (verdict: JudgeJoinResponse_Admit) => Promise<Admission>,
) {
  const access = hub.calls.as(AccessService, insideCaller("identity", tenant));
  for (let judges = 0; judges < judgesMax; judges += 1) {
    const requestId = newId("req", hub.world);
    const { verdict } = await access.judgeJoin({ requestId, ...wish });
    if (verdict.case === "waiting") {
      return { waiting: verdict.value, retryMs: wish.holdMs > 0n ? heldRetryMs : waitRetryMs };
    }
    if (verdict.case === undefined) throw new Error("access judged, and said nothing");
    try {
      return toldNow({ hub }, await admit(verdict.value));
    } catch (error) {
      if (!(error instanceof OutdatedVerdict)) throw error;
    }
  }
  throw new Fault(Reason.JOIN_UNSETTLED, { retry_ms: unsettledRetryMs });
}

function toldNow({ hub }: Pick<IdentityKit, "hub">, admission: Admission) {
  return { admission: toldAt(admission, hub.storage.nowMs()) };
}

/** Whoever comes after the token ended is told at once, unless it is the winner asking again. */
function isWinners({ hub }: IdentityKit, { token, redeemHash }: ShownToken, write: Write): boolean {
  if (redeemHash !== undefined && sameBytes(redeemHash, write.requestHash)) return true;
  const nowMs = hub.storage.nowMs();
  if (!isOpen(token, nowMs)) throw refusal(token, nowMs);
  return false;
}

interface Newcomer {
  readonly tenant: TenantId;
  readonly request: EnrollRequest;
  readonly grant: Grant;
  readonly name: string;
  readonly nodeId: string;
  readonly nowMs: number;
}

/** Makes a node of whoever may join. */
async function welcome(kit: IdentityKit, newcomer: Newcomer): Promise<Admitted> {
  const { tenant, request, grant, name, nodeId, nowMs } = newcomer;
  const { identityKey, csr } = request;
  const leaf = await leafFor(kit, tenant, nodeId, csr);
  const spiffeId = nodeSpiffe(kit.hub.identity.trustDomain, tenant, nodeId);
  const change = enroll(grant, { nodeId, name, spiffeId, identityKey }, leaf, nowMs);
  return admitted(kit, tenant, change, leaf, nowMs);
}
