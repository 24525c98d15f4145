import type { DescMethod } from "@bufbuild/protobuf";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { expect, test } from "vitest";
import { mayCall } from "./may.ts";

const { method: access } = AccessService;
const { method: identity } = IdentityService;
const { method: tenant } = TenantService;

/** Lists whose rows have buttons that do not ask for the role again. */
const lists: readonly (readonly [DescMethod, readonly DescMethod[]])[] = [
  [access.listJoinRequests, [access.approveJoin, access.denyJoin]],
  [access.listRules, [access.addRule, access.removeRule, access.resetRules]],
  [identity.listTokens, [identity.cancelToken]],
  [tenant.listTenants, [tenant.suspendTenant, tenant.resumeTenant]],
];
const roles = [Role.OBSERVER, Role.MEMBER, Role.ADMIN];
const cases = lists.flatMap(([list, changes]) =>
  changes.map((change) => [list.name, change.name, list, change] as const),
);

test.each(cases)("who sees %s may %s, for its rows do not ask again", (_, __, list, change) => {
  for (const role of roles) {
    for (const operator of [false, true]) {
      const sees = mayCall(list, role, undefined, operator).allowed;
      expect(sees && !mayCall(change, role, undefined, operator).allowed).toBe(false);
    }
  }
});
