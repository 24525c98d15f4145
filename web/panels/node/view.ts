import { useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { listIn, oneOf } from "../../shell/search.ts";
import { zoomMax, zoomMin } from "./map/viewport.ts";
import { type NodeFilter, type SortKey, sortKeys } from "./filter.ts";
import { type GroupKey, groupKeys } from "./group.ts";

/** What part of the map is seen. */
export interface SeenPart {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** What of the page stands in the address. */
export interface NodeView {
  readonly table: boolean;
  readonly filter: NodeFilter;
  readonly group: GroupKey | undefined;
  readonly sort: { readonly key: SortKey; readonly descending: boolean };
  readonly selected: string | undefined;
  readonly tie: string | undefined;
  /** What the colours of the map tell. */
  readonly colour: "state" | "trust";
  /** Where the map stands; undefined where it stands by itself. */
  readonly at: SeenPart | undefined;
}

/** The parameters of the page. */
export const viewKeys = [
  "view",
  "q",
  "mode",
  "state",
  "group",
  "sort",
  "selected",
  "tie",
  "colour",
  "at",
] as const;

type Search = { readonly [Key in (typeof viewKeys)[number]]?: string };
type Change = { readonly [Key in (typeof viewKeys)[number]]?: string | undefined };

/** Reads the view from the address, and writes changes into it. */
export function useNodeView(): readonly [NodeView, (change: Change, replace?: boolean) => void] {
  const search = useSearch({ from: "/layout/node" });
  const navigate = useNavigate({ from: "/node" });
  const change = useCallback(
    (wish: Change, replace = false) =>
      void navigate({ search: (before) => ({ ...before, ...moved(wish), ...wish }), replace }),
    [navigate],
  );
  return [useMemo(() => viewIn(search), [search]), change];
}

/** Whether the page is the map: the same words of another page's address mean something else. */
export function useOnMap(): boolean {
  return useRouterState({ select: ({ location }) => location.pathname === "/node" });
}

/** Another grouping is another map: where the old one stood means nothing on it. */
function moved(wish: Change): Change {
  return "group" in wish ? { at: undefined } : {};
}

/** The view that an address tells; what it cannot mean is as if it were not there. */
export function viewIn(search: Search): NodeView {
  return {
    table: search.view === "table",
    filter: {
      states: listIn(search.state),
      words: search.q ?? "",
      mode: search.mode === "find" ? "find" : "hide",
    },
    group: oneOf(groupKeys, search.group),
    sort: sortIn(search.sort),
    selected: search.selected,
    tie: search.tie,
    colour: search.colour === "trust" ? "trust" : "state",
    at: partIn(search.at),
  };
}

function sortIn(text = "name"): NodeView["sort"] {
  return {
    key: oneOf(sortKeys, text.replace("-", "")) ?? "name",
    descending: text.startsWith("-"),
  };
}

const partShape = /^(-?\d{1,7}(?:\.\d{1,3})?),(-?\d{1,7}(?:\.\d{1,3})?),(\d{1,2}(?:\.\d{1,4})?)$/u;

/** Reads "x,y,zoom". */
export function partIn(text = ""): SeenPart | undefined {
  const [, x, y, zoom] = partShape.exec(text) ?? [];
  const part = { x: Number(x), y: Number(y), zoom: Number(zoom) };
  if (!(part.zoom > 0)) return undefined;
  return { ...part, zoom: Math.min(zoomMax, Math.max(zoomMin, part.zoom)) };
}

const zoomDigits = 3;

/** Writes "x,y,zoom", as short as nobody sees a difference. */
export function partText({ x, y, zoom }: SeenPart): string {
  return `${Math.round(x)},${Math.round(y)},${Number(zoom.toPrecision(zoomDigits))}`;
}
