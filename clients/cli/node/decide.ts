import { RevokeNodeResponseSchema } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import {
  NodeService,
  RetireNodeResponseSchema,
  SetMaintenanceResponseSchema,
} from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { confirm } from "../confirm.ts";
import type { CliContext } from "../context.ts";
import { stateName } from "../names.ts";

/** What a decision about a node takes. */
export interface DecisionOptions {
  readonly reason?: string;
  readonly yes?: boolean;
}

/** Ends a node's identity. */
export async function revokeNode(
  context: CliContext,
  node: string,
  { reason = "", yes = false }: DecisionOptions,
): Promise<void> {
  await confirm(context, `Revoking ${node}`, yes);
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), node, reason };
  const answer = await hub.as(IdentityService).revokeNode(request, hub.call);
  await context.print.answer(RevokeNodeResponseSchema, answer, () => {
    const name = answer.identity?.name ?? node;
    context.print.line(`${name} is revoked: it is cut off, and may not come back.`);
    context.print.line("To have it back as a new node: foedus token create");
  });
}

/** Takes a node out. */
export async function retireNode(
  context: CliContext,
  node: string,
  { reason = "", yes = false }: DecisionOptions,
): Promise<void> {
  await confirm(context, `Retiring ${node}`, yes);
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), node, reason };
  const answer = await hub.as(NodeService).retireNode(request, hub.call);
  await context.print.answer(RetireNodeResponseSchema, answer, () => {
    context.print.line(`${answer.node?.name ?? node} is retired. Its history stays.`);
  });
}

/** Begins or ends maintenance. */
export async function setMaintenance(
  context: CliContext,
  node: string,
  on: boolean,
  { reason = "" }: DecisionOptions,
): Promise<void> {
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), node, on, reason };
  const answer = await hub.as(NodeService).setMaintenance(request, hub.call);
  await context.print.answer(SetMaintenanceResponseSchema, answer, () => {
    const name = answer.node?.name ?? node;
    const state = answer.node === undefined ? "" : ` It is ${stateName(answer.node.state)}.`;
    context.print.line(
      on
        ? `${name} is in maintenance. To end it: foedus node maintenance off ${name}`
        : `The maintenance of ${name} is over.${state}`,
    );
  });
}
