import { readFileSync } from "node:fs";
import { parseFields } from "./json.ts";

/** The version of this program. */
export function ownVersion(): string {
  const manifest = new URL("package.json", import.meta.url);
  return String(parseFields(readFileSync(manifest, "utf8")).version);
}
