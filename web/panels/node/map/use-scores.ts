import { useMemo } from "react";
import { useAllTrust } from "../../learning/all-trust.ts";
import type { Scores } from "./mark-look.ts";

/** The newest score of each node, while the colours of the map tell trust. */
export function useScores(wanted: boolean): Scores {
  const { data } = useAllTrust({ wanted });
  return useMemo(() => {
    if (!wanted) return undefined;
    return new Map((data ?? []).map(({ nodeId, score }) => [nodeId, score]));
  }, [wanted, data]);
}
