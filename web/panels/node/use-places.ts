import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { useMemo } from "react";
import { type Detail, placeNodes, type Point } from "./layout.ts";

/** The places of those that are shown. They depend on all: hiding some moves nobody. */
export function usePlaces(
  nodes: readonly Node[],
  shown: readonly Node[],
  detail: Detail,
): ReadonlyMap<string, Point> {
  // Joined, so that a heartbeat, which changes no id, changes no place.
  const all = nodes.map(({ id }) => id).join();
  const wanted = shown.map(({ id }) => id).join();
  return useMemo(() => {
    const places = placeNodes(all.split(","), detail);
    return new Map(
      wanted.split(",").flatMap((id) => {
        const place = places.get(id);
        return place === undefined ? [] : [[id, place] as const];
      }),
    );
  }, [all, wanted, detail]);
}
