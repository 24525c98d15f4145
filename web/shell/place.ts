const key = "foedus.place";

/** Remembers where one was, so that signing in leads back. */
export function rememberPlace(path: string): void {
  if (isOwnPath(path)) localStorage.setItem(key, path);
}

/** Forgets it: somebody left on purpose. */
export function forgetPlace(): void {
  localStorage.removeItem(key);
}

/** Where one was, once; the map when nobody was anywhere. */
export function takePlace(): string {
  const path = localStorage.getItem(key) ?? "";
  forgetPlace();
  return isOwnPath(path) ? path : "/node";
}

/** A path of this page: not another host, not the sign-in page itself. */
export function isOwnPath(path: string): boolean {
  return /^\/(?![/\\])/u.test(path) && !path.startsWith("/signin") && path.length < 2_000;
}

/** The code in a link's fragment; empty when there is none. */
export function codeIn(fragment: string): string {
  return new URLSearchParams(fragment.replace(/^#/u, "")).get("code") ?? "";
}
