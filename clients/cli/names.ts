import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";

/** What a caller may do, in a word. */
export function roleName(role: Role): string {
  return Role[role]?.toLowerCase() ?? "unknown";
}

/** How a node stands, in a word. */
export function stateName(state: NodeState): string {
  return state === NodeState.UNSPECIFIED ? "unknown" : NodeState[state].toLowerCase();
}
