import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";

let made = 0;

/** A tenant that no other test of the file writes to. */
export function newTenant(): TenantId {
  made += 1;
  return tenantProved(`tenant-${made}`);
}
