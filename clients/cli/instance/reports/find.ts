import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import { readAudit } from "./audit.ts";
import { readCycloneDx } from "./cyclonedx.ts";
import { readJunit } from "./junit.ts";
import type { Reading } from "./report.ts";
import { readSarif } from "./sarif.ts";

/** A file whose name says that it is a report. */
export interface Candidate {
  /** Relative to the project's folder. */
  readonly path: string;
  readonly read: (text: string) => Reading;
}

const depthMax = 4;
const entriesMax = 20_000;

/** What is never the project's own, or another tool's store. */
const skipped = new Set(["node_modules", ".git", ".foedus", ".venv", "__pycache__", "vendor"]);

/** Tools name their reports so; in this order, the first that fits. */
const names: readonly (readonly [RegExp, Candidate["read"]])[] = [
  [/\.sarif(?:\.json)?$/i, readSarif],
  [/^(?:(?:.*[._-])?s?bom(?:[._-].*)?|.*\.cdx)\.json$/i, readCycloneDx],
  [/^(?:npm|pnpm|yarn)-audit[^/]*\.json$/i, readAudit],
  [/^(?:junit[^/]*|TEST-[^/]+|[^/]+[.-]junit)\.xml$/i, readJunit],
];

/**
 * Looks for reports by their names, in the order of paths. Tools leave them where git looks away,
 * so this looks by itself, but not deep.
 */
export async function findReports(folder: string): Promise<Candidate[]> {
  const found: Candidate[] = [];
  let left = entriesMax;
  const look = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
      if ((left -= 1) < 0) return;
      const path = posix.join(below, entry.name);
      if (entry.isDirectory() && depth < depthMax && !skipped.has(entry.name)) {
        await look(path, depth + 1);
      }
      const [, read] = names.find(([shape]) => shape.test(entry.name)) ?? [];
      if (entry.isFile() && read !== undefined) found.push({ path, read });
    }
  };
  await look("", 0);
  return found;
}
