import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A folder inside a git repository. */
export interface Repository {
  /** The repository's own folder. */
  readonly root: string;
  /** Whether its history is cut off. */
  readonly shallow: boolean;
}

/** A commit, as git tells it. */
export interface LastCommit {
  readonly hash: string;
  readonly timeMs: number;
  readonly subject: string;
  readonly author: string;
}

const outputBytesMax = 256 * 1024 * 1024;
const timeoutMs = 60_000;
const tagsMax = 5;
const commitsMax = 10_000;

/** Settings of the repository that would run programs of its author's choice. */
const harmless = ["-c", "core.fsmonitor=false", "-c", "log.showSignature=false"];

/** The repository a folder is in; undefined outside of one, or without git. */
export async function repositoryOf(folder: string): Promise<Repository | undefined> {
  const told = await git(folder, "rev-parse", "--show-toplevel", "--is-shallow-repository");
  const [root, shallow] = told?.split("\n") ?? [];
  return root === undefined ? undefined : { root, shallow: shallow === "true" };
}

/**
 * Files below a folder that git knows or would add, relative to it; some may be deleted already.
 */
export async function listedByGit(folder: string, ...patterns: string[]): Promise<string[]> {
  const flags = ["-z", "--cached", "--others", "--exclude-standard"];
  const told = await git(
    folder,
    "ls-files",
    ...flags,
    "--",
    ...(patterns.length > 0 ? patterns : ["."]),
  );
  return [...new Set((told ?? "").split("\0"))].filter((path) => path !== "");
}

/** The last commit that touched the folder; undefined when there is none. */
export async function lastCommit(folder: string): Promise<LastCommit | undefined> {
  const told = await git(folder, "log", "-1", "--format=%H%x00%ct%x00%s%x00%an", "--", ".");
  const [hash = "", seconds, subject = "", author = ""] = told?.trim().split("\0") ?? [];
  if (hash === "") return undefined;
  return { hash, timeMs: Number(seconds) * 1_000, subject, author };
}

/** The newest tags, newest first. */
export async function newestTags(folder: string): Promise<string[]> {
  const flags = ["--sort=-creatordate", `--count=${tagsMax}`, "--format=%(refname:short)"];
  const told = await git(folder, "for-each-ref", ...flags, "refs/tags");
  return (told ?? "").split("\n").filter((tag) => tag !== "");
}

/** The commit a folder's repository stands at; undefined outside of one, or before the first. */
export async function headOf(folder: string): Promise<string | undefined> {
  return (await git(folder, "rev-parse", "--verify", "--quiet", "HEAD"))?.trim();
}

/** What each commit since then touched below a folder, relative to it; newest first. */
export async function recentCommits(folder: string, sinceMs: number): Promise<string[][]> {
  const since = `--since=@${Math.floor(sinceMs / 1_000)}`;
  const flags = ["--no-merges", `--max-count=${commitsMax}`, "--relative", "--name-only", "-z"];
  const told = await git(folder, "log", since, ...flags, `--format=%x01`, "--", ".");
  const commits = (told ?? "").split("\u0001").slice(1);
  return commits.map((names) => names.split(/[\0\n]/).filter((path) => path !== ""));
}

async function git(folder: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run("git", [...harmless, ...args], {
      cwd: folder,
      maxBuffer: outputBytesMax,
      timeout: timeoutMs,
      // The folder that was named decides, not a hook that this process may run in.
      env: { ...process.env, GIT_DIR: undefined, GIT_WORK_TREE: undefined, LC_ALL: "C" },
    });
    return stdout;
  } catch {
    return undefined;
  }
}
