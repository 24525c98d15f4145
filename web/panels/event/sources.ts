import { useQuery } from "@connectrpc/connect-query";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { useMemo, useSyncExternalStore } from "react";
import { useNodesLive } from "../node/nodes.tsx";
import type { Names } from "./narrow.ts";

/** Whoever tells events: a node, by what people and links call it. */
export interface Source {
  readonly id: string;
  readonly name: string;
  readonly spiffeId: string;
}

/** How the hub itself is called in a filter. */
export const hubSource = "hub";

/** The nodes, the same list as long as nobody comes or goes; undefined while they are asked for. */
export function useSources(): readonly Source[] | undefined {
  const live = useNodesLive();
  const members = useSyncExternalStore(live.subscribe, () => live.read().members);
  const complete = useSyncExternalStore(live.subscribe, () => live.read().complete);
  return useMemo(() => {
    if (!complete) return undefined;
    const { nodes } = live.read();
    return members
      .map(({ id, spiffeId }) => ({ id, spiffeId, name: nodes.get(id)?.name ?? id }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }, [live, members, complete]);
}

/** How nodes are called, by their SPIFFE ids. */
export function namesOf(sources: readonly Source[] | undefined): Names {
  return new Map(sources?.map(({ spiffeId, name }) => [spiffeId, name]));
}

/** The SPIFFE ids of sources that an address names; undefined until all of them are known. */
export function useSpiffeIds(wanted: readonly string[]): readonly string[] | undefined {
  const sources = useSources();
  const asks = wanted.includes(hubSource);
  const hub = useQuery(HubService.method.getStatus, {}, { enabled: asks });
  const hubId = hub.data?.status?.spiffeId ?? (hub.error === null ? undefined : hubSource);
  return useMemo(() => {
    if (wanted.length === 0) return wanted;
    if (sources === undefined || (asks && hubId === undefined)) return undefined;
    return wanted.map((name) =>
      name === hubSource && hubId !== undefined ? hubId : spiffeIdOf(name, sources),
    );
  }, [wanted, sources, asks, hubId]);
}

/** By id, else by name; anything else is taken as the SPIFFE id it may be. */
function spiffeIdOf(wanted: string, sources: readonly Source[]): string {
  const found =
    sources.find(({ id }) => id === wanted) ?? sources.find(({ name }) => name === wanted);
  return found?.spiffeId ?? wanted;
}
