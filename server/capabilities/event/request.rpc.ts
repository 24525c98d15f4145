import type { HandlerContext } from "@connectrpc/connect";
import { create } from "@bufbuild/protobuf";
import { GraphSummaryRequestedSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { RequestSummariesRequest } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { RequestSummariesResponseSchema } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { fact } from "@foedus/kernel/change.ts";
import type { Hub } from "../../runtime/capability.ts";
import { decide } from "../../runtime/storage/decide.ts";
import { writeOf } from "../../runtime/write.ts";

/** Asks every instance for a fresh summary, by a fact that they follow. */
export function requestSummaries(hub: Hub) {
  return async (request: RequestSummariesRequest, context: HandlerContext) => {
    const write = writeOf(request, context);
    const nodes = await listening(hub, write.caller);
    return await decide(hub.storage, write, RequestSummariesResponseSchema, async () => {
      const { reason } = request;
      const asked = { askedBy: write.caller.id, reason };
      return {
        answer: create(RequestSummariesResponseSchema, { nodes }),
        facts: [fact(GraphSummaryRequestedSchema, "", asked)],
        object: "",
      };
    });
  };
}

const pageSize = 1_000;

/** How many nodes are there to hear it; asked in the caller's own name, who may see them. */
async function listening(hub: Hub, caller: Caller): Promise<number> {
  const nodes = hub.calls.as(NodeService, caller);
  const states = [NodeState.ONLINE, NodeState.DEGRADED, NodeState.MAINTENANCE];
  let count = 0;
  let token = "";
  do {
    const page = await nodes.listNodes({ states, page: { size: pageSize, token } });
    count += page.nodes.length;
    token = page.nextPageToken;
  } while (token !== "");
  return count;
}
