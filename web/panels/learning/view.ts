import { useNavigate, useSearch } from "@tanstack/react-router";
import { type TrustKey, trustKeys } from "./score.ts";

/** What of the page stands in the address. */
export interface TrustView {
  /** The chosen node's id. */
  readonly selected: string | undefined;
  /** After which cycle the chosen node is explained; undefined for the newest. */
  readonly cycle: string | undefined;
  readonly words: string;
  readonly sort: { readonly key: TrustKey; readonly descending: boolean };
}

type Change = Partial<Record<"selected" | "cycle" | "sort" | "q", string | undefined>>;

/** Reads the view from the address, and writes changes into it. */
export function useTrustView(): readonly [TrustView, (change: Change, replace?: boolean) => void] {
  const search = useSearch({ from: "/layout/learning" });
  const navigate = useNavigate({ from: "/learning" });
  const change = (wish: Change, replace = false) =>
    void navigate({ search: (before) => ({ ...before, ...wish }), replace });
  const { selected, cycle, q = "" } = search;
  const view = { selected, cycle, words: q, sort: sortIn(search.sort) };
  return [view, change];
}

/** Who needs to be looked at comes first. */
function sortIn(text = "score"): TrustView["sort"] {
  const descending = text.startsWith("-");
  const key = trustKeys.find((each) => each === text.replace("-", ""));
  return { key: key ?? "score", descending };
}
