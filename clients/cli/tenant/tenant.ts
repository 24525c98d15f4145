import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { TenantState, type Tenant } from "@foedus/gen/foedus/tenant/v1/tenant_pb.js";
import {
  GetTenantResponseSchema,
  ListTenantsResponseSchema,
  ProvisionTenantResponseSchema,
  ResumeTenantResponseSchema,
  SuspendTenantResponseSchema,
  TenantService,
  VisitTenantResponseSchema,
} from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import type { CliContext } from "../context.ts";
import { roleName } from "../names.ts";
import { allPages } from "../pages.ts";
import { strong, unknown, type Piece } from "../paint.ts";
import { newSecretFile } from "../secret-file.ts";
import { quoted } from "../shell.ts";
import { agoText } from "../words/span.ts";

/** What `tenant visit` takes. */
export interface VisitOptions {
  readonly reason: string;
  readonly role?: Role;
  readonly sessionOut?: string;
}

/** Makes a tenant, and tells how its people and nodes come in. */
export async function provisionTenant(
  context: CliContext,
  name: string,
  title: string,
): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), name, title };
  const answer = await hub.as(TenantService).provisionTenant(request, hub.call);
  await print.answer(ProvisionTenantResponseSchema, answer, () => {
    print.line(strong(answer.tenant?.qualifiedName ?? name), " is there.");
    print.line();
    print.line("Sign in     ", strong(answer.signInLink));
    print.line("            Once, within 15 minutes, as its owner. Shown only now.");
    print.line("Invitation  ", strong(answer.tenant?.invitation ?? ""));
    print.line("            For its nodes; its admins decide who may join.");
  });
}

/** Lists the tenants. */
export async function listTenants(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const client = hub.as(TenantService);
  const tenants = await allPages(
    (page) => client.listTenants({ page }, hub.call),
    (page) => page.tenants,
  );
  const answer = create(ListTenantsResponseSchema, { tenants });
  await print.answer(ListTenantsResponseSchema, answer, async () => {
    const rows = tenants.map((tenant) => rowOf(tenant, hub.nowMs()));
    await print.table(["TENANT", "TITLE", "STATE", "SINCE", "WHY"], rows);
  });
}

/** Shows one tenant. */
export async function showTenant(context: CliContext, name: string): Promise<void> {
  const hub = await context.hub();
  const answer = await hub.as(TenantService).getTenant({ name }, hub.call);
  await context.print.answer(GetTenantResponseSchema, answer, async () => {
    const { tenant } = answer;
    if (tenant === undefined) return;
    const made = tenant.createTime;
    await context.print.pairs([
      ["Tenant", strong(tenant.qualifiedName)],
      ["Title", tenant.title],
      ["State", stateText(tenant)],
      ["Made", made === undefined ? unknown : agoText(timestampMs(made), hub.nowMs())],
      ["Invitation", tenant.invitation],
    ]);
  });
}

/** Serves nobody of a tenant any more. */
export async function suspendTenant(
  context: CliContext,
  name: string,
  reason: string,
): Promise<void> {
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), name, reason };
  const answer = await hub.as(TenantService).suspendTenant(request, hub.call);
  await context.print.answer(SuspendTenantResponseSchema, answer, () => {
    context.print.line(`${name} is suspended: nobody of it is served, and nothing of it is lost.`);
    context.print.line(`To serve it again: foedus tenant resume ${name}`);
  });
}

/** Serves a tenant again. */
export async function resumeTenant(context: CliContext, name: string): Promise<void> {
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), name };
  const answer = await hub.as(TenantService).resumeTenant(request, hub.call);
  await context.print.answer(ResumeTenantResponseSchema, answer, () => {
    context.print.line(`${name} is served again. Its nodes come back by themselves.`);
  });
}

/** Opens a short session in a tenant. */
export async function visitTenant(
  context: CliContext,
  name: string,
  { reason, role = Role.OBSERVER, sessionOut }: VisitOptions,
): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const file = sessionOut === undefined ? undefined : newSecretFile(sessionOut);
  const request = { requestId: context.newRequestId(), name, reason, role };
  const made = await hub
    .as(TenantService)
    .visitTenant(request, hub.call)
    .catch((error: unknown) => {
      file?.discard();
      throw error;
    });
  file?.write(`${made.sessionSecret}\n`);
  const shown = file === undefined ? made : { ...made, sessionSecret: "" };
  await print.answer(VisitTenantResponseSchema, shown, () => {
    const end = made.expireTime;
    const ends = end === undefined ? "" : ` It ends ${agoText(timestampMs(end), hub.nowMs())}.`;
    print.line("You visit ", strong(name), ` as ${roleName(role)}.${ends}`);
    print.line("Its admins can read that you do, and why. For commands in this shell:");
    print.line();
    const secret = sessionOut === undefined ? made.sessionSecret : `$(cat ${quoted(sessionOut)})`;
    print.line(`  export FOEDUS_HUB=${hub.address} FOEDUS_SESSION=${secret}`);
  });
}

function rowOf(tenant: Tenant, nowMs: number): Piece[] {
  const since = tenant.stateTime;
  return [
    tenant.name,
    tenant.title,
    tenant.state === TenantState.SUSPENDED ? "suspended" : "active",
    since === undefined ? unknown : agoText(timestampMs(since), nowMs),
    tenant.reason,
  ];
}

function stateText({ state, reason }: Tenant): string {
  return state === TenantState.SUSPENDED ? `suspended: ${reason}` : "active";
}
