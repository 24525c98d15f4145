import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { listIn } from "../../shell/search.ts";
import { type NodeFilter, type SortKey, sortKeys } from "./filter.ts";

/** What of the page stands in the address. */
export interface NodeView {
  readonly table: boolean;
  readonly filter: NodeFilter;
  readonly sort: { readonly key: SortKey; readonly descending: boolean };
  readonly selected: string | undefined;
  readonly tie: string | undefined;
  /** What the colours of the map tell. */
  readonly colour: "state" | "trust";
}

type Change = Partial<
  Record<"view" | "q" | "state" | "sort" | "selected" | "tie" | "colour", string | undefined>
>;

/** Reads the view from the address, and writes changes into it. */
export function useNodeView(): readonly [NodeView, (change: Change, replace?: boolean) => void] {
  const search = useSearch({ from: "/layout/node" });
  const navigate = useNavigate({ from: "/node" });
  const change = useCallback(
    (wish: Change, replace = false) =>
      void navigate({ search: (before) => ({ ...before, ...wish }), replace }),
    [navigate],
  );
  const view: NodeView = {
    table: search.view === "table",
    filter: { states: listIn(search.state), words: search.q ?? "" },
    sort: sortIn(search.sort),
    selected: search.selected,
    tie: search.tie,
    colour: search.colour === "trust" ? "trust" : "state",
  };
  return [view, change];
}

function sortIn(text = "name"): NodeView["sort"] {
  const descending = text.startsWith("-");
  const key = sortKeys.find((each) => each === text.replace("-", ""));
  return { key: key ?? "name", descending };
}
