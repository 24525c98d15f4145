import { lstatSync, readdirSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

/** A file of the built page. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
  /** Whether its name holds a hash of its content. */
  readonly immutable: boolean;
}

/** Where the page begins; deep links lead there too. */
export const indexPath = "/index.html";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const hashedName = /-[\w-]{8}\.\w+$/;

/**
 * The files of the built page by their path in an address. Only what is found here is ever served,
 * so no path and no link leads out of the folder. Empty when the page is not built.
 */
export function findPageFiles(root: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of names(root)) {
    const path = join(root, name);
    const type = types[extname(name)];
    if (type === undefined || !lstatSync(path).isFile()) continue;
    const address = `/${relative(root, path).split(sep).join("/")}`;
    files.set(address, { path, type, immutable: hashedName.test(name) });
  }
  return files;
}

function names(root: string): string[] {
  try {
    return readdirSync(root, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}
