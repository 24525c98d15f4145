import type { Client } from "@connectrpc/connect";
import type { Admission } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { newId } from "@foedus/kernel/ids.ts";
import { FoedusError } from "../error.ts";
import { newTlsKey } from "../keys.ts";
import { proofOver, requireCoherent } from "../membership/admit.ts";
import { writeTime, readTime } from "../membership/clock-file.ts";
import { contactHub } from "../membership/contact.ts";
import { readMembership, writeAdmission } from "../membership/membership.ts";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { NodeKit } from "./kit.ts";

const callMs = 20_000;

/** Comes back by the identity key, over the join listener: for a node whose certificate lapsed. */
export async function reenter(kit: NodeKit): Promise<void> {
  const { world, membership, ended } = kit;
  const { invitation, identity, admission } = membership;
  const others = admission.joinAddresses;
  using contact = await contactHub(invitation, { ...kit, signal: ended.signal, others });
  const { pem, csr } = await newTlsKey();
  const answer = await contact.client.reenter(
    {
      requestId: newId("req", world),
      tenant: admission.tenant,
      nodeId: admission.nodeId,
      csr,
      nonce: contact.nonce,
      identityProof: proofOver("reenter", identity, csr, contact.nonce),
    },
    { timeoutMs: callMs, signal: ended.signal },
  );
  await keep(kit, requireCoherent(answer.admission, invitation, contact.chain), pem);
  kit.notice({ kind: "returned", lifetimeMs: lifetimeOf(kit) });
}

/** Gets the next certificate while the present one still holds. */
export async function renew(kit: NodeKit, client: Client<typeof IdentityService>): Promise<void> {
  const { world, membership, ended, clock } = kit;
  const { pem, csr } = await newTlsKey();
  const askedMs = world.clock.monotonic();
  const { admission } = await client.renew(
    {
      requestId: newId("req", world),
      csr,
      identityProof: proofOver("renew", membership.identity, csr),
    },
    { timeoutMs: callMs, signal: ended.signal },
  );
  if (admission?.certificate === undefined) throw incomplete(membership.admission);
  clock.learn(Number(admission.hubTimeMs), askedMs, world.clock.monotonic());
  await keep(kit, admission, pem);
  kit.notice({ kind: "renewed", lifetimeMs: lifetimeOf(kit) });
}

/** On disk first: a certificate that only this process knew would be lost with it. */
async function keep(kit: NodeKit, admission: Admission, tlsKey: string): Promise<void> {
  const { store, clock, membership } = kit;
  await writeAdmission(store, admission, membership.invitation, tlsKey);
  const { epoch } = await readTime(store);
  await writeTime(store, { skewMs: clock.skewMs(), hubMs: clock.now(), epoch });
  kit.membership = (await readMembership(store)) ?? membership;
}

function lifetimeOf({ membership }: NodeKit): number {
  return Number(membership.admission.certificate?.lifetimeMs ?? 0);
}

function incomplete({ nodeAddress: address }: Admission): FoedusError {
  return new FoedusError(Reason.HUB_NOT_TRUSTED, { address, detail: "it renews nothing" });
}
