import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import {
  QuarantineNodeResponseSchema,
  ReleaseNodeResponseSchema,
  SetNodeRoleResponseSchema,
} from "@foedus/gen/foedus/identity/v1/identity_standing_pb.js";
import type { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { CliContext } from "../context.ts";
import { roleName } from "../names.ts";

/** Cuts a node off, and keeps everything of it. */
export async function quarantineNode(
  context: CliContext,
  node: string,
  { reason, cursor = [] }: { readonly reason: string; readonly cursor?: readonly bigint[] },
): Promise<void> {
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), node, reason, cursors: [...cursor] };
  const answer = await hub.as(IdentityService).quarantineNode(request, hub.call);
  await context.print.answer(QuarantineNodeResponseSchema, answer, () => {
    const name = answer.identity?.name ?? node;
    context.print.line(`${name} is quarantined: it is cut off, and all of it is kept.`);
    context.print.line(`To let it return: foedus access release ${name} --reason …`);
  });
}

/** Lets a node return. */
export async function releaseNode(
  context: CliContext,
  node: string,
  reason: string,
): Promise<void> {
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), node, reason };
  const answer = await hub.as(IdentityService).releaseNode(request, hub.call);
  await context.print.answer(ReleaseNodeResponseSchema, answer, () => {
    const name = answer.identity?.name ?? node;
    context.print.line(`${name} is released. It comes back by itself within a minute or so.`);
  });
}

/** Changes what a node may do. */
export async function setRole(context: CliContext, node: string, role: Role): Promise<void> {
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), node, role };
  const answer = await hub.as(IdentityService).setNodeRole(request, hub.call);
  await context.print.answer(SetNodeRoleResponseSchema, answer, () => {
    const name = answer.identity?.name ?? node;
    context.print.line(`${name} is ${roleName(role)} from its next call on.`);
  });
}
