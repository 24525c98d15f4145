// `npm run lock` writes package-lock.json anew and completes it; `-- --fresh` forgets the old one.
// npm leaves platform packages out that the registry at hand does not have, says nothing, and then
// refuses its own file ("Missing: ... from lock file", npm/cli#9846).
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { complete, withoutCompletions } from "./install/complete.mjs";
import { runNpm } from "./install/npm.mjs";
import { packageFolders, root } from "./install/stamp.mjs";

const lockName = "package-lock.json";

function readLock(folder) {
  return JSON.parse(readFileSync(join(folder, lockName), "utf8"));
}

function writeLock(folder, lock) {
  writeFileSync(join(folder, lockName), `${JSON.stringify(lock, null, 2)}\n`);
}

function copyManifests(folder) {
  const manifests = packageFolders().map((name) => join(name, "package.json"));
  for (const file of [".npmrc", ...manifests]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
}

/** Beside an installed node_modules npm would lock what happens to lie there. */
async function main() {
  const startMs = Date.now();
  const folder = mkdtempSync(join(tmpdir(), "foedus-lock-"));
  try {
    copyManifests(folder);
    if (!process.argv.includes("--fresh")) writeLock(folder, withoutCompletions(readLock(root)));
    if (!(await runNpm(["install", "--package-lock-only"], { folder }))) return 1;
    const { lock, added } = complete(readLock(folder));
    const foreign = JSON.stringify(lock).match(/"resolved":"https?:[^"]*"/);
    if (foreign) throw new Error(`the lock names a registry: ${foreign[0]}`);
    writeLock(root, lock);
    const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
    process.stdout.write(
      `foedus: locked ${Object.keys(lock.packages).length} packages in ${seconds} s; ` +
        `${added.length} of them for other platforms, without a digest\n`,
    );
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
