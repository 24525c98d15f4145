import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { hex } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { readGo } from "./go.ts";
import type { Manifest } from "./manifest.ts";
import { readNpm } from "./npm.ts";
import { readCargo, readPython } from "./toml.ts";

/** A manifest that was found. */
export interface FoundManifest extends Manifest {
  /** Relative to the folder it was looked for in. */
  readonly path: string;
  /** sha256 of the file, hex. */
  readonly digest: string;
}

const readers: Readonly<Record<string, (text: string) => Manifest>> = {
  "package.json": readNpm,
  "pyproject.toml": readPython,
  "Cargo.toml": readCargo,
  "go.mod": readGo,
};

/** The names manifests have. */
export const manifestNames: readonly string[] = Object.keys(readers);

/** Reads those of the files that are manifests, those nearest to the folder first. */
export async function readManifests(
  folder: string,
  paths: readonly string[],
): Promise<FoundManifest[]> {
  const found: FoundManifest[] = [];
  for (const path of paths.toSorted((one, other) => depth(one) - depth(other))) {
    const read = readers[posix.basename(path)];
    const content = read && (await readFile(join(folder, path)).catch(() => undefined));
    if (read === undefined || content === undefined) continue;
    found.push({ ...read(content.toString("utf8")), path, digest: hex(sha256(content)) });
  }
  return found;
}

function depth(path: string): number {
  return path.split("/").length;
}
