// Generates everything anew into a temporary folder, and names what differs from what lies here.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { keptByHand } from "../docs/reference.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folders = ["gen/proto", "gen/rows", "docs/reference"];
const writtenElsewhere = new Set(keptByHand.map((name) => `docs/reference/${name}`));

const into = mkdtempSync(join(tmpdir(), "foedus-fresh-"));
try {
  execFileSync(process.execPath, ["tools/gen/gen.ts", "--into", into], {
    cwd: root,
    stdio: "inherit",
  });
  const stale = folders.flatMap((folder) => differences(join(into, folder), join(root, folder)));
  if (stale.length > 0) {
    console.error(["`npm run gen` would change:", ...stale].join("\n  "));
    process.exitCode = 1;
  }
} finally {
  rmSync(into, { recursive: true, force: true });
}

/** The files that differ between two folders, or are in one of them only. */
function differences(made: string, kept: string): string[] {
  const names = new Set([...filesOf(made), ...filesOf(kept)]);
  return [...names]
    .filter((name) => textOf(join(made, name)) !== textOf(join(kept, name)))
    .map((name) => relative(root, join(kept, name)))
    .filter((path) => !writtenElsewhere.has(path));
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
