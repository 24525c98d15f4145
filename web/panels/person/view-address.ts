import type { View } from "@foedus/gen/foedus/person/v1/person_pb.js";

/** A saved view that one looks at, and whether the page still is as it was saved. */
export interface PresentView {
  readonly view: View;
  readonly changed: boolean;
}

/** The longest address that the hub keeps. */
export const pathMax = 2_000;

/** Where one stands within a page, which no view is about unless it was saved with it. */
const passing = new Set(["at", "selected", "tie"]);

/** The address to save: this page without what merely lies over it. */
export function addressToSave(href: string): string {
  const { path, params } = partsOf(href);
  params.delete("evidence");
  // Commas are harmless in a query, and lists read better with them.
  const search = params.toString().replaceAll("%2C", ",");
  return search === "" ? path : `${path}?${search}`;
}

/** The view that an address is, or that was opened and then changed. */
export function presentView(
  views: readonly View[],
  openedId: string | undefined,
  href: string,
): PresentView | undefined {
  const opened = views.find(({ id }) => id === openedId);
  if (opened !== undefined && isSame(opened.path, href)) return { view: opened, changed: false };
  const same = views.find(({ path }) => isSame(path, href));
  if (same !== undefined) return { view: same, changed: false };
  // On another page one has left it.
  if (opened === undefined || partsOf(opened.path).path !== partsOf(href).path) return undefined;
  return { view: opened, changed: true };
}

function isSame(saved: string, href: string): boolean {
  const [one, other] = [partsOf(saved), partsOf(href)];
  other.params.delete("evidence");
  for (const name of passing) if (!one.params.has(name)) other.params.delete(name);
  one.params.sort();
  other.params.sort();
  return one.path === other.path && one.params.toString() === other.params.toString();
}

function partsOf(href: string) {
  const [before = ""] = href.split("#");
  const [path = "", search = ""] = before.split("?", 2);
  return { path, params: new URLSearchParams(search) };
}
