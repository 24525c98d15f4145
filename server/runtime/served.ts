import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Guard } from "./guards/guard.ts";

/** Which tenants this process serves: all but the suspended ones. */
export interface Served {
  /** @throws Fault TENANT_SUSPENDED, with the reason its operator gave. */
  require(tenant: TenantId): void;
  /** Takes over which tenants are suspended, and why. */
  suspend(why: ReadonlyMap<string, string>): void;
}

/** Serves everybody until it is told otherwise. */
export function openServed(): Served {
  let suspended: ReadonlyMap<string, string> = new Map();
  return {
    require(tenant) {
      const why = suspended.get(tenant);
      if (why !== undefined) throw new Fault(Reason.TENANT_SUSPENDED, { tenant, why });
    },
    suspend: (why) => void (suspended = why),
  };
}

/** Refuses who belongs to a suspended tenant; what the hub itself does for it goes on. */
export function refuseSuspended(served: Served): Guard {
  return ({ caller }) => {
    if (caller !== undefined && caller.kind !== "inside") served.require(caller.tenant);
  };
}
