import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { useMemo } from "react";
import type { GroupKey } from "../group.ts";
import type { Tie } from "../ties.ts";
import { type Arrangement, atHome, byGroup } from "./arrangement.ts";
import { pointOn } from "./curve.ts";
import { type Box, boxAround, type Size } from "./geometry.ts";
import { markSizes, sizeIn } from "./level.ts";
import { type Scene, sceneOf } from "./scene.ts";
import { drawTies, isNear } from "./tie-lines.tsx";
import type { Viewport } from "./viewport.ts";

/** Where everybody stands; the same as long as nobody comes, leaves or changes the group. */
export function useArrangement(nodes: readonly Node[], group: GroupKey | undefined): Arrangement {
  const placed = useMemo(
    () => (group === undefined ? atHome(nodes) : byGroup(nodes, group)),
    [nodes, group],
  );
  const told = `${group} ${textOf(placed)}`;
  // Heartbeats make new lists of the same nodes; what is equal stays the same object.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => placed, [told]);
}

function textOf({ places }: Arrangement): string {
  let text = "";
  for (const [id, { x, y }] of places) text += `${id} ${x} ${y};`;
  return text;
}

/** So few nodes have room for what ties them, which bows far out. */
const roomyMax = 24;
/** What stands on the middle of a tie, and some room. */
const labelRoom = { width: 130, height: 44 };

/** What is shown when everything is to be seen: the nodes, and the ties that bow around them. */
export function useFitBox({ places, box }: Arrangement, ties: readonly Tie[]): Box {
  return useMemo(() => {
    if (places.size > roomyMax) return box;
    const drawn = drawTies(ties, places, markSizes.card, undefined);
    const outer = drawn.map(({ curve }) => ({ ...pointOn(curve, 0.5), ...labelRoom }));
    return boxAround([box, ...outer]) ?? box;
  }, [places, box, ties]);
}

interface SceneParts {
  readonly arrangement: Arrangement;
  readonly nodes: readonly Node[];
  readonly ties: readonly Tie[];
  readonly viewport: Viewport;
  readonly frame: Size;
  /** The chosen tie. */
  readonly tie: string | undefined;
  /** The node whose ties are drawn where all would be a tangle. */
  readonly near: string | undefined;
}

/** Among so many dots all ties can still be followed by eye. */
const tiedDotsMax = 24;

/** What the frame shows now. */
export function useScene(parts: SceneParts): Scene {
  const { arrangement, nodes, ties, viewport, frame, tie, near } = parts;
  const scene = useMemo(
    () => sceneOf({ arrangement, nodes, ties, viewport, frame }),
    [arrangement, nodes, ties, viewport, frame],
  );
  const { level, single } = scene;
  const drawn = useMemo(() => {
    if (level === "cluster") return [];
    const mark = sizeIn(level, viewport.zoom, arrangement.step);
    const inSight = new Set(single.map(({ id }) => id));
    const wanted = ties.filter(({ fromId, toId }) => inSight.has(fromId) || inSight.has(toId));
    const all = drawTies(wanted, arrangement.places, mark, tie);
    const few = level !== "dot" || single.length <= tiedDotsMax;
    return few ? all : all.filter((each) => each.chosen || isNear(each, near));
  }, [level, single, ties, arrangement, viewport.zoom, tie, near]);
  return useMemo(() => ({ ...scene, ties: drawn }), [scene, drawn]);
}
