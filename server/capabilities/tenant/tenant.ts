import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TenantChangedSchema } from "@foedus/gen/foedus/tenant/v1/tenant_event_pb.js";
import { TenantSchema, TenantState, type Tenant } from "@foedus/gen/foedus/tenant/v1/tenant_pb.js";
import { fact, type Change } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { hubTenant } from "@foedus/kernel/tenant.ts";

/** What a tenant is to be called, and where. */
export interface TenantWish {
  readonly name: string;
  readonly title: string;
  readonly trustDomain: string;
}

/** A tenant that is served from now on. @throws Fault TENANT_RESERVED */
export function provision({ name, title, trustDomain }: TenantWish, nowMs: number): Change<Tenant> {
  if (name === hubTenant) throw new Fault(Reason.TENANT_RESERVED, { tenant: name });
  const time = timestampFromMs(nowMs);
  return told({
    ...create(TenantSchema),
    name,
    qualifiedName: `${name}@${trustDomain}`,
    title: title === "" ? name : title,
    state: TenantState.ACTIVE,
    createTime: time,
    stateTime: time,
  });
}

/** Serves nobody of it any more; suspended again, it keeps its first reason. */
export function suspend(tenant: Tenant, why: string, home: string, nowMs: number): Change<Tenant> {
  if (tenant.name === home) throw new Fault(Reason.TENANT_IS_HOME, { tenant: home });
  if (tenant.state === TenantState.SUSPENDED) return { next: tenant, facts: [] };
  const stateTime = timestampFromMs(nowMs);
  return told({ ...tenant, state: TenantState.SUSPENDED, stateTime, reason: why });
}

/** Serves it again; one that is served stays as it is. */
export function resume(tenant: Tenant, nowMs: number): Change<Tenant> {
  if (tenant.state === TenantState.ACTIVE) return { next: tenant, facts: [] };
  const stateTime = timestampFromMs(nowMs);
  return told({ ...tenant, state: TenantState.ACTIVE, stateTime, reason: "" });
}

function told(tenant: Tenant): Change<Tenant> {
  return { next: tenant, facts: [fact(TenantChangedSchema, tenant.name, { tenant })] };
}
