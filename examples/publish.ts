// Joins a hub, says what it is, and tells a fact; joins only the first time it runs.
//
//   npx foedus token create --name example          prints an invitation and a token
//   FOEDUS_INVITATION='foedus://…' FOEDUS_TOKEN='fjt_…' node examples/publish.ts
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { joinHub } from "@foedus/sdk/join.ts";
import { openNode } from "@foedus/sdk/open.ts";

const {
  FOEDUS_INVITATION: invitation = "",
  FOEDUS_TOKEN: token,
  FOEDUS_NODE: folder = ".foedus/instances/example",
} = process.env;

await joinHub({ invitation, token, folder });

await using node = await openNode(folder);
await node.register({ kind: NodeKind.INSTANCE, title: "An example" });

// Resolves once the hub has stored it; signed by this node, so anybody can prove who said it.
const told = await node.publish(TelemetrySyncSchema, {
  priorities: [{ topic: "examples", weight: 1, confidence: 0.9 }],
});
console.log(`${node.name} told event ${told.id}`);
