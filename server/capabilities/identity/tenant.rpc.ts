import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TenantState } from "@foedus/gen/foedus/tenant/v1/tenant_pb.js";
import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { hubTenant, tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import type { IdentityKit } from "./kit.rpc.ts";

/**
 * The tenant that an invitation names, if there is one of that name. Guessing names costs tries.
 *
 * @throws Fault TOKEN_REQUIRED without a name, NOT_FOUND for one that nobody has, or
 * TENANT_SUSPENDED.
 */
export async function tenantInvited(
  { hub, tries }: Pick<IdentityKit, "hub" | "tries">,
  name: string,
  address: string,
): Promise<TenantId> {
  if (name === "") throw new Fault(Reason.TOKEN_REQUIRED);
  if (name === hub.config().tenant) return tenantProved(name);
  try {
    // The hub's own rows are nobody's to join.
    if (name === hubTenant) throw new Fault(Reason.NOT_FOUND, { object: `tenant ${name}` });
    const tenants = hub.calls.as(TenantService, insideCaller("identity", hubTenant));
    const { tenant } = await tenants.getTenant({ name });
    if (tenant?.state === TenantState.SUSPENDED) {
      // The operator's reason is for those of the tenant.
      throw new Fault(Reason.TENANT_SUSPENDED, { tenant: name, why: "its members hear why" });
    }
    return tenantProved(name);
  } catch (error) {
    if (!(error instanceof Fault) || !nobodys.has(error.reason)) throw error;
    tries.wrong(address);
    throw new Fault(Reason.NOT_FOUND, { object: `tenant ${name}` });
  }
}

/** There is no such tenant, or nobody who manages tenants at all. */
const nobodys: ReadonlySet<Reason> = new Set([Reason.NOT_FOUND, Reason.NOT_SERVED]);
