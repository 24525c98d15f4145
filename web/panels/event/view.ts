import { useNavigate, useSearch } from "@tanstack/react-router";
import { listIn } from "../../shell/search.ts";
import { useWatch } from "../node/nodes.tsx";

/** What of the log stands in the address. */
export interface EventView {
  readonly depth: number;
  readonly types: readonly string[];
  readonly sources: readonly string[];
  readonly selected: bigint | undefined;
}

type Change = Partial<Record<"type" | "source" | "depth" | "selected", string | undefined>>;

const depthFirst = 2_000;
const depthMax = 1_000_000_000;

/** The address as it is, and how to change it. */
export function useEventSearch() {
  const search = useSearch({ from: "/layout/event" });
  const navigate = useNavigate({ from: "/event" });
  const change = (wish: Change) => void navigate({ search: (before) => ({ ...before, ...wish }) });
  return [search, change] as const;
}

/** Reads the view from the address, and writes changes into it. */
export function useEventView(): readonly [EventView, (change: Change) => void] {
  const [search, change] = useEventSearch();
  const { nodes } = useWatch();
  // People name a node; the log knows its SPIFFE id.
  const source = nodes.get(search.source ?? "")?.spiffeId ?? search.source;
  const view: EventView = {
    depth: depthIn(search.depth),
    types: listIn(search.type),
    sources: source === undefined ? [] : [source],
    selected: cursorIn(search.selected),
  };
  return [view, change];
}

/** A depth somebody wrote into the address. */
export function depthIn(text: string | undefined): number {
  const depth = Number(text ?? depthFirst);
  if (!Number.isInteger(depth) || depth <= 0) return depthFirst;
  return Math.min(depth, depthMax);
}

/** A cursor somebody wrote into the address; undefined when it is none. */
export function cursorIn(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[1-9]\d{0,17}$/u.test(text) ? BigInt(text) : undefined;
}
