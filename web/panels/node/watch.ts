import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Node, NodePulse } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { WatchNodesResponse } from "@foedus/gen/foedus/node/v1/node_service_pb.js";

/** Something the stream could not tell. */
export interface Gap {
  readonly from: bigint;
  readonly to: bigint;
  readonly reason: string;
}

/** Who is there, whatever its state. */
export type Member = Pick<Node, "id" | "spiffeId">;

/** The nodes as the stream told them so far. */
export interface Watch {
  readonly nodes: ReadonlyMap<string, Node>;
  /** The same list as long as nobody comes or goes. */
  readonly members: readonly Member[];
  /** A snapshot that is still arriving; it replaces the nodes when its last part is here. */
  readonly arriving: ReadonlyMap<string, Node> | undefined;
  /** Where to go on from; undefined asks for a snapshot. */
  readonly cursor: bigint | undefined;
  /** Whether a whole snapshot was ever here. */
  readonly complete: boolean;
  /** Whose heartbeats came last; `turn` grows with each batch. */
  readonly pulse: { readonly turn: number; readonly ids: readonly string[] };
  /** What is missing, newest first. */
  readonly gaps: readonly Gap[];
}

/** Nothing heard yet. */
export const unwatched: Watch = {
  nodes: new Map(),
  members: [],
  arriving: undefined,
  cursor: undefined,
  complete: false,
  pulse: { turn: 0, ids: [] },
  gaps: [],
};

const gapsMax = 20;

/** Takes one item of the stream. */
export function watched(watch: Watch, { item }: WatchNodesResponse): Watch {
  switch (item.case) {
    case "snapshot":
      return withSnapshot(watch, item.value.nodes, item.value.last, item.value.cursor);
    case "changed":
      return item.value.node === undefined
        ? { ...watch, cursor: item.value.cursor }
        : withNode(watch, item.value.node, item.value.cursor);
    case "pulses":
      return withPulses(watch, item.value.pulses);
    case "gap": {
      const { fromCursor: from, toCursor: to, reason } = item.value;
      const gaps = [{ from, to, reason }, ...watch.gaps].slice(0, gapsMax);
      return { ...watch, gaps, cursor: undefined };
    }
    default:
      return watch;
  }
}

function withSnapshot(watch: Watch, part: readonly Node[], last: boolean, cursor: bigint): Watch {
  const arriving = new Map(watch.arriving ?? []);
  for (const node of part) arriving.set(node.id, node);
  if (!last) return { ...watch, arriving };
  const members = [...arriving.values()];
  return { ...watch, nodes: arriving, members, arriving: undefined, cursor, complete: true };
}

function withNode(watch: Watch, node: Node, cursor: bigint): Watch {
  const nodes = new Map(watch.nodes);
  nodes.set(node.id, node);
  const members = watch.nodes.has(node.id) ? watch.members : [...nodes.values()];
  return { ...watch, nodes, members, cursor };
}

function withPulses(watch: Watch, pulses: readonly NodePulse[]): Watch {
  const nodes = new Map(watch.nodes);
  const ids: string[] = [];
  for (const pulse of pulses) {
    const node = nodes.get(pulse.nodeId);
    if (node === undefined) continue;
    ids.push(node.id);
    nodes.set(node.id, pulsed(node, pulse));
  }
  return { ...watch, nodes, pulse: { turn: watch.pulse.turn + 1, ids } };
}

function pulsed(node: Node, pulse: NodePulse): Node {
  return {
    ...node,
    lastSeenTime: timestampFromMs(Number(pulse.lastSeenMs)),
    skewMs: pulse.skewMs ?? node.skewMs,
    roundTripUs: pulse.roundTripUs ?? node.roundTripUs,
  };
}
