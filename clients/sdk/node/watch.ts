import type { Client } from "@connectrpc/connect";
import type { Node, NodePulse } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type {
  NodeService,
  WatchNodesResponse,
} from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import type { FoedusError } from "../error.ts";
import { resumed } from "../wire/resumed.ts";

/** What watching yields: all nodes first, then each change. */
export type Seen =
  /** The nodes as they are; replaces everything seen before. */
  | { readonly kind: "nodes"; readonly nodes: readonly Node[] }
  | { readonly kind: "changed"; readonly node: Node }
  | { readonly kind: "pulses"; readonly pulses: readonly NodePulse[] }
  /** Changes that are missing; the nodes follow anew. */
  | { readonly kind: "gap"; readonly reason: string };

/** What watching runs on. */
export interface WatchKit {
  readonly world: World;
  readonly client: Client<typeof NodeService>;
  readonly moving?: () => AbortSignal;
  readonly interrupted?: (error: FoedusError) => void;
}

/** A hub without nodes is silent, so this only bounds how long a dead connection goes unnoticed. */
const silenceMs = 60_000;

/** The nodes of the tenant and what becomes of them; ends when the signal aborts. */
export async function* watchNodes(
  kit: WatchKit,
  signal?: AbortSignal,
): AsyncGenerator<Seen, void, void> {
  let afterCursor: bigint | undefined;
  let parts: Node[] = [];
  const items = resumed<WatchNodesResponse>({
    ...kit,
    silenceMs,
    signal,
    farewellMs: ({ item }) => (item.case === "reconnect" ? Number(item.value.afterMs) : undefined),
    open: (opened) => {
      parts = [];
      return kit.client.watchNodes({ afterCursor }, { signal: opened });
    },
  });
  for await (const { item } of items) {
    if (item.case === "snapshot") {
      parts.push(...item.value.nodes);
      if (!item.value.last) continue;
      afterCursor = item.value.cursor;
      yield { kind: "nodes", nodes: parts };
      parts = [];
    } else if (item.case === "changed") {
      afterCursor = item.value.cursor;
      if (item.value.node !== undefined) yield { kind: "changed", node: item.value.node };
    } else if (item.case === "pulses") {
      yield { kind: "pulses", pulses: item.value.pulses };
    } else if (item.case === "gap") {
      afterCursor = undefined;
      yield { kind: "gap", reason: item.value.reason };
    }
  }
}
