import type { ServiceImpl } from "@connectrpc/connect";
import type { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { callerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { beyondCalls } from "../../runtime/underway.ts";
import { ask } from "./health.flow.ts";
import { judge } from "./health.ts";
import { openShare } from "./share.ts";
import { statusFor } from "./status.ts";
import { findOut } from "./upgrade.flow.ts";
import { checksOf } from "./upgrade.ts";
import { readUses, waitingUses } from "./usage.flow.ts";
import { inOrder, usageOf, visibleTo } from "./usage.ts";

/** Looking at the hub. */
export function hubRpc(hub: Hub): ServiceImpl<typeof HubService> {
  // It looks at every node of the tenant, and every node may ask.
  const look = async (tenant: TenantId) => judge(await ask(hub, tenant));
  const healthOf = openShare(hub.world, (tenant: TenantId) => beyondCalls(() => look(tenant)));
  return {
    getStatus(_request, context) {
      const { tenant } = callerOf(context);
      return { status: statusFor(hub.status(), tenant, hub.config().tenant) };
    },
    getConfig() {
      return { entries: hub.configEntries() };
    },
    async getUsage(_request, context) {
      const caller = callerOf(context);
      const operator = caller.kind === "person" && caller.operator;
      const uses = [...(await readUses(hub)), ...(await waitingUses(hub, caller.tenant))];
      return { limits: inOrder(visibleTo(uses, caller.tenant, operator).map(usageOf)) };
    },
    async checkUpgrade() {
      const found = await findOut(hub);
      return { version: found.version, checks: checksOf(found) };
    },
    async getFederationHealth(_request, context) {
      return { health: await healthOf(callerOf(context).tenant) };
    },
  };
}
