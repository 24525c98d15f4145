import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { listIn } from "../../shell/search.ts";

/** What of the log stands in the address. */
export interface EventView {
  readonly depth: number;
  readonly types: readonly string[];
  /** Families that are left out. */
  readonly except: readonly string[];
  /** Nodes by id, name or SPIFFE id, or "hub". */
  readonly sources: readonly string[];
  readonly subject: string | undefined;
  readonly words: string;
  /** As people write it, e.g. "15m" or an instant. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly selected: bigint | undefined;
}

/** The words of the address. */
export type EventSearch = Partial<Record<(typeof searchKeys)[number], string>>;

/** The parameters of the page. */
export const searchKeys = [
  "type",
  "not",
  "source",
  "subject",
  "q",
  "since",
  "until",
  "depth",
  "selected",
] as const;

/** Writes some of them; undefined takes one away. */
export type Change = { readonly [Key in keyof EventSearch]: string | undefined };

const depthFirst = 2_000;
const depthMax = 1_000_000_000;

/** Reads the view from the address, and writes changes into it. */
export function useEventView(): readonly [EventView, (change: Change, replace?: boolean) => void] {
  const search = useSearch({ from: "/layout/event" });
  const navigate = useNavigate({ from: "/event" });
  const change = useCallback(
    (wish: Change, replace = false) =>
      void navigate({ search: (before) => ({ ...before, ...wish }), replace }),
    [navigate],
  );
  return [useMemo(() => viewOf(search), [search]), change];
}

/** What the words of an address ask for. */
export function viewOf(search: EventSearch): EventView {
  return {
    depth: depthIn(search.depth),
    types: listIn(search.type),
    except: listIn(search.not),
    sources: listIn(search.source),
    subject: search.subject,
    words: search.q ?? "",
    since: search.since,
    until: search.until,
    selected: cursorIn(search.selected),
  };
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
