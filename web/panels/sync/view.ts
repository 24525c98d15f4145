import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { oneOf } from "../../shell/search.ts";
import { type StreamSort, sortIn } from "./sort.ts";
import { streamIn } from "./stream-key.ts";

/** The parts of the page. */
export const tabs = ["streams", "conflicts", "rules"] as const;
export type Tab = (typeof tabs)[number];

/** The parameters of the page. */
export const syncKeys = ["view", "q", "sort", "selected", "stream"] as const;

/** What of the page stands in the address. */
export interface SyncView {
  readonly tab: Tab;
  readonly words: string;
  readonly sort: StreamSort;
  /** The key of the stream that is looked at. */
  readonly selected: string | undefined;
  /** The stream whose conflicts are listed; undefined for all. */
  readonly stream: Stream | undefined;
}

/** The words of the address. */
export type SyncSearch = { readonly [Key in (typeof syncKeys)[number]]?: string };
type Change = { readonly [Key in (typeof syncKeys)[number]]?: string | undefined };

/** Reads the view from the address, and writes changes into it. */
export function useSyncView(): readonly [SyncView, (change: Change, replace?: boolean) => void] {
  const search = useSearch({ from: "/layout/sync" });
  const navigate = useNavigate({ from: "/sync" });
  const change = useCallback(
    (wish: Change, replace = false) =>
      void navigate({ search: (before) => ({ ...before, ...wish }), replace }),
    [navigate],
  );
  return [useMemo(() => syncViewIn(search), [search]), change];
}

/** The view that an address tells; what it cannot mean is as if it were not there. */
export function syncViewIn(search: SyncSearch): SyncView {
  return {
    tab: oneOf(tabs, search.view) ?? "streams",
    words: search.q ?? "",
    sort: sortIn(search.sort),
    selected: search.selected,
    stream: streamIn(search.stream),
  };
}
