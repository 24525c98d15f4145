import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { NodeKind, type NodeProfile } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { errorOf } from "@foedus/sdk/error.wire.ts";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import { ownVersion } from "../version.ts";

/** Shows others that a node is there: as what it said of itself before, else as a worker. */
export async function appear(node: FoedusNode): Promise<void> {
  await node.ready(node.signal);
  const known = await profileOf(node);
  const software = `foedus-task-work/${ownVersion()}`;
  await node.register(known ?? { kind: NodeKind.INSTANCE, title: node.name, software });
}

async function profileOf(node: FoedusNode): Promise<NodeProfile | undefined> {
  try {
    const { node: known } = await node.client(NodeService).getNode({ node: node.nodeId });
    return known?.profile;
  } catch (error) {
    if (errorOf(error).reason === Reason.NOT_FOUND) return undefined;
    throw error;
  }
}
