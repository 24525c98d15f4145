import { readFile, readdir } from "node:fs/promises";
import { dirname, join, posix, relative, sep } from "node:path";
import { listedByGit, type Repository } from "./git.ts";
import { walk } from "./listing.ts";
import type { FoundManifest } from "./manifests/read.ts";
import { manifestNames, readManifests } from "./manifests/read.ts";

/** A package that some folder of the same repository defines. */
export interface LocalPackage {
  readonly name: string;
  /** Whether it lies in the project itself. */
  readonly own: boolean;
  /** Whether what it holds is generated from protobuf. */
  readonly fromSchema: boolean;
}

/** Generated messages are called so by every plugin we know of. */
const generatedName = /_pb\.(?:d\.ts|js|ts)$|_pb2\.py$|\.pb\.go$/;
const lookDepthMax = 6;

/** The packages of the repository or workspace a project is in, by name; else only its own. */
export async function localPackages(
  folder: string,
  repository: Repository | undefined,
  own: readonly FoundManifest[],
): Promise<ReadonlyMap<string, LocalPackage>> {
  const packages = new Map<string, LocalPackage>();
  const around = await manifestsAround(folder, repository);
  for (const { name, path } of await readManifests(around.root, around.paths)) {
    if (name === undefined || packages.has(name)) continue;
    const at = join(around.root, posix.dirname(path));
    packages.set(name, { name, own: isWithin(folder, at), fromSchema: await isGenerated(at) });
  }
  for (const { name } of own) {
    if (name !== undefined) packages.set(name, { name, own: true, fromSchema: false });
  }
  return packages;
}

async function manifestsAround(
  folder: string,
  repository: Repository | undefined,
): Promise<{ root: string; paths: string[] }> {
  if (repository !== undefined) {
    const patterns = manifestNames.flatMap((name) => [name, `*/${name}`]);
    return { root: repository.root, paths: await listedByGit(repository.root, ...patterns) };
  }
  const root = await workspaceRoot(folder);
  if (root === undefined) return { root: folder, paths: [] };
  const paths = (await walk(root)).filter((path) => manifestNames.includes(posix.basename(path)));
  return { root, paths };
}

/** The nearest folder above whose package.json says that others belong to it. */
async function workspaceRoot(folder: string): Promise<string | undefined> {
  for (let at = dirname(folder); at !== dirname(at); at = dirname(at)) {
    const text = await readFile(join(at, "package.json"), "utf8").catch(() => "");
    if (text.includes('"workspaces"')) return at;
  }
  return undefined;
}

function isWithin(folder: string, other: string): boolean {
  const way = relative(folder, other);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`));
}

/** Whether a generated file lies below it; looks no deeper than such folders go. */
async function isGenerated(folder: string, depth = 0): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (entries.some((entry) => entry.isFile() && generatedName.test(entry.name))) return true;
  if (depth >= lookDepthMax) return false;
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name === "node_modules") continue;
    if (entry.name.startsWith(".")) continue;
    // A package below is its own; what it generates is not this one's.
    const below = join(folder, entry.name);
    const inner = await readdir(below).catch(() => []);
    if (inner.some((name) => manifestNames.includes(name))) continue;
    if (await isGenerated(below, depth + 1)) return true;
  }
  return false;
}
