import type { Node as FlowNode } from "@xyflow/react";
import type { ClusterMarkProps } from "./cluster-mark.tsx";
import type { Point } from "./geometry.ts";
import type { HubMarkProps } from "./hub-mark.tsx";
import type { NodeMarkProps } from "./node-mark.tsx";

/** React Flow wants records, which interfaces are not. */
type Shape<Props> = { readonly [Key in keyof Props]: Props[Key] };

export type NodeFlow = FlowNode<Shape<NodeMarkProps>, "node">;
export type ClusterFlow = FlowNode<Shape<ClusterMarkProps>, "cluster">;
export type HubFlow = FlowNode<Shape<HubMarkProps>, "hub">;
export type MapFlow = NodeFlow | ClusterFlow | HubFlow;

/** A point: the mark stands around it, in pixels of the screen or of the world. */
const pointSize = { width: 1, height: 1 };

/** What every mark of the map is to React Flow; `restZoom` is the zoom that it is laid out for. */
export function flowAt(id: string, { x, y }: Point, restZoom: number, raised: boolean) {
  return {
    id,
    position: { x: x * restZoom, y: y * restZoom },
    ...pointSize,
    zIndex: raised ? raisedIndex : 0,
  };
}

const raisedIndex = 10;

/**
 * The same objects for what did not change: React Flow draws those anew that are new, and a hundred
 * updates a second must not draw a hundred cards each.
 */
export function keptFlows(before: MapFlow[] | undefined, next: MapFlow[]): MapFlow[] {
  const known = new Map(before?.map((flow) => [flow.id, flow]));
  return next.map((flow) => {
    const old = known.get(flow.id);
    return old !== undefined && isSame(old, flow) ? old : flow;
  });
}

function isSame(one: MapFlow, other: MapFlow): boolean {
  return (
    one.type === other.type &&
    one.position.x === other.position.x &&
    one.position.y === other.position.y &&
    one.zIndex === other.zIndex &&
    areSame(one.data, other.data)
  );
}

function areSame(one: object, other: object): boolean {
  const entries = Object.entries(one);
  const others = new Map(Object.entries(other));
  return (
    entries.length === others.size &&
    entries.every(([key, value]) => Object.is(value, others.get(key)))
  );
}
