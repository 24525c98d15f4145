import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Repository } from "./git.ts";
import { listedByGit, repositoryOf } from "./git.ts";

/** The files of a project, before any is read. */
export interface Listing {
  /** Relative to the project's folder, sorted. */
  readonly paths: readonly string[];
  /** Undefined when the folder is in none. */
  readonly repository: Repository | undefined;
}

/** What is never the project's own where no .gitignore says so. */
const skipped = new Set(["node_modules", ".git", "dist", ".foedus", ".venv", "__pycache__"]);

/** Lists a project's files: what git knows of it, else all but what is not its own. */
export async function listProject(folder: string): Promise<Listing> {
  await requireFolder(folder);
  const repository = await repositoryOf(folder);
  const paths = repository === undefined ? await walk(folder) : await listedByGit(folder);
  return { paths: paths.toSorted(), repository };
}

/** @throws Fault PROJECT_UNREADABLE */
async function requireFolder(folder: string): Promise<void> {
  try {
    if ((await stat(folder)).isDirectory()) return;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(Reason.PROJECT_UNREADABLE, { folder, detail }, { cause });
  }
  throw new Fault(Reason.PROJECT_UNREADABLE, { folder, detail: "it is not a folder" });
}

/** All files below a folder that are its own, without the help of git. */
export async function walk(folder: string, below = ""): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) found.push(path);
    else if (!skipped.has(entry.name)) found.push(...(await walk(folder, path)));
  }
  return found;
}
