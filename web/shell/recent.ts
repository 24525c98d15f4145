const key = "foedus.recent";

/** So many places are remembered. */
export const recentMax = 6;

/** A place one was at in this tab. */
export interface Place {
  readonly href: string;
  /** The title of the page. */
  readonly title: string;
}

/** The places of before, the last first. */
export function recentPlaces(): readonly Place[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isPlace) : [];
  } catch {
    return [];
  }
}

/** The places with one more; each page stands once, as one last saw it. */
export function withPlace(places: readonly Place[], now: Place): readonly Place[] {
  const others = places.filter(({ href }) => pathOf(href) !== pathOf(now.href));
  return [now, ...others].slice(0, recentMax);
}

/** Remembers where one is. */
export function rememberRecent(now: Place): void {
  sessionStorage.setItem(key, JSON.stringify(withPlace(recentPlaces(), now)));
}

/** Forgets all: the next one at this browser may be somebody else. */
export function forgetRecent(): void {
  sessionStorage.removeItem(key);
}

function pathOf(href: string): string {
  return href.split("?")[0] ?? "";
}

function isPlace(kept: unknown): kept is Place {
  if (typeof kept !== "object" || kept === null) return false;
  return "href" in kept && "title" in kept && typeof kept.href === "string";
}
