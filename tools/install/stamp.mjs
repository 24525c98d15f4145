import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The folders that have a package.json, the root's own being "". */
export function packageFolders(folder = root) {
  return ["", ...JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).workspaces];
}

/** Changes whenever another set of packages would have to be installed. */
export function stampOf() {
  const hash = createHash("sha256");
  const files = packageFolders().map((folder) => join(folder, "package.json"));
  for (const file of ["package-lock.json", ...files]) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return `${hash.digest("hex")} ${process.platform} ${process.arch}\n`;
}

const kinds = ["dependencies", "devDependencies", "optionalDependencies"];

/** npm writes a package that is named twice into the optional list only. */
function wanted(manifest) {
  return JSON.stringify(kinds.map((kind) => Object.entries(manifest?.[kind] ?? {}).toSorted()));
}

/** Says which package.json the lock file has not seen, if any: npm would quietly lock it anew. */
export function lockProblem() {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  for (const folder of packageFolders()) {
    const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    if (wanted(manifest) !== wanted(lock.packages[folder])) {
      return `package-lock.json does not match ${join(folder, "package.json")}`;
    }
  }
  return undefined;
}
