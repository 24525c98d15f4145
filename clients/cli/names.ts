import { AccessMode, JoinRequestState } from "@foedus/gen/foedus/access/v1/access_pb.js";
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

/** How newcomers are admitted, in a word. */
export function modeName(mode: AccessMode): string {
  return AccessMode[mode]?.toLowerCase() ?? "unknown";
}

/** How a wish to join stands, in a word. */
export function requestStateName(state: JoinRequestState): string {
  return JoinRequestState[state]?.toLowerCase() ?? "unknown";
}
