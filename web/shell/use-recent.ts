import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { pages } from "./chapters.ts";
import { rememberRecent } from "./recent.ts";

/** Remembers where one goes, for the palette to lead back. */
export function useRecent(): void {
  const href = useRouterState({ select: ({ location }) => location.href });
  useEffect(() => {
    const page = pages.find(({ to }) => href === to || href.startsWith(`${to}?`));
    if (page !== undefined) rememberRecent({ href, title: page.title });
  }, [href]);
}
