import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
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
  /** How many milliseconds lay between the last two heartbeats of a node, where two were heard. */
  readonly beats: ReadonlyMap<string, number>;
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
  beats: new Map(),
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
  const beats = new Map(watch.beats);
  const ids: string[] = [];
  for (const pulse of pulses) {
    const node = nodes.get(pulse.nodeId);
    if (node === undefined) continue;
    ids.push(node.id);
    const beatMs = Number(pulse.lastSeenMs) - (seenMs(node) ?? Number.NaN);
    if (beatMs > 0) beats.set(node.id, beatMs);
    nodes.set(node.id, pulsed(node, pulse));
  }
  return { ...watch, nodes, beats, pulse: { turn: watch.pulse.turn + 1, ids } };
}

function seenMs({ lastSeenTime }: Node): number | undefined {
  return lastSeenTime && timestampMs(lastSeenTime);
}

function pulsed(node: Node, pulse: NodePulse): Node {
  return {
    ...node,
    lastSeenTime: timestampFromMs(Number(pulse.lastSeenMs)),
    skewMs: pulse.skewMs ?? node.skewMs,
    roundTripUs: pulse.roundTripUs ?? node.roundTripUs,
  };
}
