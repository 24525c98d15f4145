import type { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Badge } from "../../parts/badge.tsx";
import { lookOf } from "./state.ts";

/** How a node stands: shape, word and colour. */
export function StateBadge({ state }: { state: NodeState }) {
  const look = lookOf(state);
  return (
    <Badge ground={look.ground} icon={look.icon} text={look.text}>
      {look.word}
    </Badge>
  );
}
