import { createClient } from "@connectrpc/connect";
import { useTransport } from "@connectrpc/connect-query";
import { type Node, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import {
  NodeService,
  type WatchNodesResponse,
} from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { createLive, type Live } from "../../parts/live.ts";
import { useHold, useLive } from "../../parts/use-live.ts";
import { markOnce } from "./map/marks.ts";
import { unwatched, type Watch, watched } from "./watch.ts";

const NodesContext = createContext<Live<Watch> | undefined>(undefined);

/** Watches the nodes as long as the page is open. */
export function NodesProvider({ children }: { children: ReactNode }) {
  const transport = useTransport();
  const [live] = useState(() => {
    const client = createClient(NodeService, transport);
    return createLive<Watch, WatchNodesResponse>({
      first: unwatched,
      open: (watch, signal) => client.watchNodes({ afterCursor: resumeFrom(watch) }, { signal }),
      reduce: watchedAndMarked,
      // A snapshot is shown at once; what follows, as often as a thousand can be drawn anew.
      paceMs: ({ complete }) => (complete ? paceMs : 0),
      reconnect: ({ item }) => (item.case === "reconnect" ? Number(item.value.afterMs) : undefined),
      forget: (watch) => ({ ...watch, cursor: undefined, arriving: undefined }),
    });
  });
  useHold(live);
  return <NodesContext value={live}>{children}</NodesContext>;
}

const paceMs = 100;

function watchedAndMarked(watch: Watch, item: WatchNodesResponse): Watch {
  const next = watched(watch, item);
  if (next.complete && !watch.complete) markOnce("foedus:nodes");
  return next;
}

/**
 * A resumed stream is silent until something happens. Where no heartbeats are due that may take
 * long, and one could not tell it from a hub that is away: ask for a snapshot, which comes at once.
 */
function resumeFrom({ cursor, nodes }: Watch): bigint | undefined {
  const beating = [...nodes.values()].some(
    ({ state }) => state === NodeState.ONLINE || state === NodeState.DEGRADED,
  );
  return beating ? cursor : undefined;
}

/** The watch itself, for those who show how it stands. */
export function useNodesLive(): Live<Watch> {
  const live = useContext(NodesContext);
  if (live === undefined) throw new Error("used outside the nodes provider");
  return live;
}

/** The nodes as they are now. */
export function useWatch(): Watch {
  return useLive(useNodesLive());
}

/** Finds a node by the SPIFFE id that its events carry. */
export function useNodesBySource(): ReadonlyMap<string, Node> {
  const { nodes } = useWatch();
  return useMemo(() => new Map([...nodes.values()].map((node) => [node.spiffeId, node])), [nodes]);
}
