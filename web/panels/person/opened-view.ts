const key = "foedus.view";

/** The view that was opened in this tab, if one was. */
export function openedView(): string | undefined {
  return sessionStorage.getItem(key) ?? undefined;
}

/** Remembers which view was opened: so one is told when the page differs from it. */
export function rememberOpened(id: string): void {
  sessionStorage.setItem(key, id);
}

/** Forgets it: the next one at this browser may be somebody else. */
export function forgetOpened(): void {
  sessionStorage.removeItem(key);
}
