import { create } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import type { Tenant } from "@foedus/gen/foedus/tenant/v1/tenant_pb.js";
import {
  ProvisionTenantResponseSchema,
  VisitTenantResponseSchema,
  type TenantService,
} from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { insideCaller } from "@foedus/kernel/caller.ts";
import { newId } from "@foedus/kernel/ids.ts";
import { formatInvitation, parseInvitation } from "@foedus/kernel/invitation.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { callerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { openTurns } from "../../runtime/turns.ts";
import { writeOf } from "../../runtime/write.ts";
import { resume, suspend } from "./tenant.ts";
import type { TenantStore } from "./tenant.store.ts";

/** What tenants are managed with. */
export interface TenantKit {
  readonly hub: Hub;
  readonly tenants: TenantStore;
  /** This process goes by the change before it is answered. */
  learn(): Promise<void>;
}

type Looking = "getTenant" | "listTenants";
type Entering = "provisionTenant" | "visitTenant";

/** Managing tenants. */
export function tenantRpc(kit: TenantKit): ServiceImpl<typeof TenantService> {
  const { hub, tenants, learn } = kit;
  return {
    ...looking(kit),
    ...entering(kit),
    async suspendTenant(request, context) {
      const { name, reason } = request;
      const home = hub.config().tenant;
      const tenant = await tenants.change(writeOf(request, context), name, (known, nowMs) =>
        suspend(known, reason, home, nowMs),
      );
      await learn();
      return { tenant: shown(hub, tenant) };
    },

    async resumeTenant(request, context) {
      const tenant = await tenants.change(writeOf(request, context), request.name, resume);
      await learn();
      return { tenant: shown(hub, tenant) };
    },
  };
}

function looking({ hub, tenants }: TenantKit): Pick<ServiceImpl<typeof TenantService>, Looking> {
  return {
    async getTenant({ name }) {
      return { tenant: shown(hub, await tenants.get(name)) };
    },

    async listTenants(request) {
      const page = await tenants.list(request);
      return { ...page, tenants: page.tenants.map((one) => shown(hub, one)) };
    },
  };
}

/** Whoever comes in is asked of person, in the tenant itself. */
function entering({ hub, tenants }: TenantKit): Pick<ServiceImpl<typeof TenantService>, Entering> {
  const people = (name: string) =>
    hub.calls.as(PersonService, insideCaller("tenant", tenantProved(name)));
  const requestId = () => newId("req", hub.world);
  const inTurn = openTurns();
  return {
    async provisionTenant(request, context) {
      const wish = { ...request, trustDomain: hub.identity.trustDomain };
      const admit = {
        schema: ProvisionTenantResponseSchema,
        answer: async (made: Tenant) => {
          const { link } = await people(made.name).admitOwner({ requestId: requestId() });
          const answer = { tenant: shown(hub, made), signInLink: link };
          return create(ProvisionTenantResponseSchema, answer);
        },
      };
      return await inTurn(() => tenants.create(writeOf(request, context), wish, admit));
    },

    async visitTenant(request, context) {
      const visitor = callerOf(context).id;
      const { reason } = request;
      const role = request.role === Role.UNSPECIFIED ? Role.OBSERVER : request.role;
      const admit = {
        schema: VisitTenantResponseSchema,
        answer: async ({ name }: Tenant) => {
          const wish = { requestId: requestId(), visitor, role, reason };
          const { session, secret } = await people(name).openVisit(wish);
          const answer = { sessionSecret: secret, expireTime: session?.expireTime };
          return create(VisitTenantResponseSchema, answer);
        },
      };
      return await inTurn(() => tenants.about(writeOf(request, context), request.name, admit));
    },
  };
}

/** With the invitation as this hub is reached now; it is not kept. */
function shown(hub: Hub, tenant: Tenant): Tenant {
  const own = parseInvitation(hub.status().invitation);
  const invitation = own === undefined ? "" : formatInvitation({ ...own, tenant: tenant.name });
  return { ...tenant, invitation };
}
