import {
  EventService,
  RequestSummariesResponseSchema,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { CliContext } from "../context.ts";

/** Asks every instance to read its folder and tell it now. */
export async function requestSummaries(
  context: CliContext,
  { reason = "" }: { readonly reason?: string },
): Promise<void> {
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), reason };
  const answer = await hub.as(EventService).requestSummaries(request, hub.call);
  await context.print.answer(RequestSummariesResponseSchema, answer, () => {
    const { nodes } = answer;
    const who = nodes === 1 ? "1 node" : `${nodes} nodes`;
    context.print.line(`Asked. ${who} may hear it; those that speak for a folder tell it anew.`);
    context.print.line("To see what they tell: foedus event tail --type graph.summary.nodes");
  });
}
