// Lets a short-lived agent look around through a node, as itself and with less than the node may.
//
//   node examples/publish.ts                         joins, so that there is a node
//   node examples/agent.ts
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { openNode } from "@foedus/sdk/open.ts";

const { FOEDUS_NODE: folder = ".foedus/instances/example" } = process.env;

await using node = await openNode(folder);

// Its token lasts five minutes, counts over this node's connection alone, and is renewed until the
// agent is closed. An observer unless told otherwise; never more than its node.
await using agent = await node.agent("summariser");

const { nodes } = await agent.client(NodeService).listNodes({});
console.log(`${agent.spiffeId} sees ${nodes.map(({ name }) => name).join(", ")}`);
