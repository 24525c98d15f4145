import { create } from "@bufbuild/protobuf";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeState, NodeStateSchema } from "@foedus/gen/foedus/node/v1/node_pb.js";
import {
  ListNodesResponseSchema,
  NodeService,
} from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { allPages } from "../pages.ts";
import { nodeHead, nodeRow } from "./row.ts";

const everyState = NodeStateSchema.values
  .map((value): NodeState => value.number)
  .filter((state) => state !== NodeState.UNSPECIFIED);

/** Lists the nodes. */
export async function listNodes(context: CliContext, all: boolean): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const client = hub.as(NodeService);
  const states = all ? everyState : [];
  const nodes = await allPages(
    (page) => client.listNodes({ page, states }, hub.call),
    (page) => page.nodes,
  );
  const answer = create(ListNodesResponseSchema, { nodes });
  await print.answer(ListNodesResponseSchema, answer, async () => {
    if (nodes.length === 0) return await tellWhatNext(context, hub);
    const nowMs = hub.nowMs();
    await print.table(
      nodeHead,
      nodes.map((node) => nodeRow(node, nowMs)),
    );
  });
}

/** A list without nodes is a question: what now? */
async function tellWhatNext({ print }: CliContext, hub: HubClient): Promise<void> {
  const { identities } = await hub.as(IdentityService).listIdentities({}, hub.call);
  const waiting = identities.filter((one) => one.revokeTime === undefined).map((one) => one.name);
  if (waiting.length > 0) {
    print.line(`No node has run yet. Joined, and waiting to be started: ${waiting.join(", ")}.`);
    print.line("Start one where it joined: npx foedus instance run --project . --data FOLDER");
    return;
  }
  print.line("No node has joined this hub yet.");
  print.line("Let one in: npx foedus token create --name web");
}
