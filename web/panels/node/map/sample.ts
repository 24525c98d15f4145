import { create } from "@bufbuild/protobuf";
import { type Node, NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";

/** Nodes for tests: on a square of places, of a project for each ten, each fourth of ten offline. */
export function sampleNodes(count: number, state?: NodeState): Node[] {
  const side = Math.ceil(Math.sqrt(count));
  return Array.from({ length: count }, (_, at) =>
    create(NodeSchema, {
      id: `node_${String(at).padStart(5, "0")}`,
      name: `sample-${at}`,
      state: state ?? (at % 10 === 3 ? NodeState.OFFLINE : NodeState.ONLINE),
      profile: { project: `project-${Math.floor(at / 10)}` },
      place: {
        x: ((at % side) - Math.floor(side / 2)) * 330,
        y: (Math.floor(at / side) - Math.floor(side / 2)) * 205,
      },
    }),
  );
}
