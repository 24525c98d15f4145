import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { service, type Capability, type Loop } from "../../runtime/capability.ts";
import { tenantRpc } from "./tenant.rpc.ts";
import { tenantStore } from "./tenant.store.ts";

/** Another hub process may have suspended a tenant; this one goes by it so soon. */
const lookMs = 500;

/** Parties with their own walls: provisioned, suspended, visited. */
export const tenant: Capability = {
  name: "tenant",
  tier: Tier.P0,
  async start(hub) {
    const tenants = tenantStore(hub.storage);
    const { trustDomain } = hub.identity;
    let known = new Map<string, string>();
    const learn = async () => {
      const suspended = await tenants.suspended();
      hub.served.suspend(suspended);
      for (const name of suspended.keys()) {
        if (!known.has(name)) hub.sessions.cutTenant(trustDomain, name);
      }
      known = suspended;
    };
    await tenants.ensure({ name: hub.config().tenant, title: "", trustDomain });
    await learn();
    const look: Loop = {
      name: "tenant.look",
      run: async (signal) => {
        while (!signal.aborted) {
          await learn();
          await hub.world.timers.sleep(lookMs, signal);
        }
      },
    };
    return {
      services: [service(TenantService, tenantRpc({ hub, tenants, learn }))],
      loops: [look],
    };
  },
};
