import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The Node versions somebody may have on the PATH, each from npm. */
export const nodeVersions = { 20: "20.20.2", 22: "22.23.3", 24: "24.18.1" };

/** One of them. */
export type NodeMajor = keyof typeof nodeVersions;

/** Who runs a case, in which environment, in which clone. */
export type Clone = {
  folder: string;
  env: Record<string, string>;
  user: { uid: number; gid: number } | undefined;
};

/** What a case asks of its ground. */
export type Wish = { name: string; node: NodeMajor; ordinary: boolean; closedHome: boolean };

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ordinaryUser = { uid: 65_534, gid: 65_534 };
const openMode = 0o755;
const closedMode = 0o700;

/** Whether this run may become another user. */
export const isRoot = process.getuid?.() === 0;

/** Where everything of a run lies: clones, homes, Node versions and one npm cache. */
export function makeGround() {
  const root = mkdtempSync(join(tmpdir(), "foedus-clone-"));
  chmodSync(root, openMode);
  const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  const cache = join(root, "cache");
  mkdirSync(cache);

  /** Packages of any platform but this one are not needed, and none is run at installation. */
  function pathOf(major: NodeMajor): string {
    const folder = join(root, `node-${major}`);
    if (!existsSync(folder)) {
      const name = `node-${process.platform}-${process.arch}@${nodeVersions[major]}`;
      const flags = ["--prefix", folder, "--ignore-scripts", "--no-audit", "--loglevel=error"];
      execFileSync("npm", ["install", ...flags, name], { cwd: root, stdio: "ignore" });
    }
    return join(folder, "node_modules", ".bin");
  }

  function clone(wish: Wish): Clone {
    const user = wish.ordinary && isRoot ? ordinaryUser : undefined;
    const home = join(root, wish.name);
    const folder = join(home, "foedus");
    mkdirSync(home, { mode: wish.closedHome ? closedMode : openMode });
    // Linked objects would belong to the case's user in the original, too.
    execFileSync("git", ["clone", "--quiet", "--no-hardlinks", repository, folder]);
    if (isRoot) {
      const { uid, gid } = user ?? { uid: 0, gid: 0 };
      execFileSync("chown", ["-R", `${uid}:${gid}`, home, cache]);
    }
    const path = [pathOf(wish.node), ...foldersFor(user)].join(delimiter);
    const npm = { npm_config_cache: cache, npm_config_registry: registry, NO_COLOR: "1" };
    return { folder, user, env: { ...inherited(), ...npm, HOME: home, PATH: path } };
  }

  function remove(): void {
    rmSync(root, { recursive: true, force: true });
  }

  return { clone, remove };
}

/** Nothing of the surrounding npm, CI or federation, whose settings a newcomer does not have. */
function inherited(): Record<string, string> {
  const ours =
    /^(npm_|FOEDUS_|DATABASE_URL$|PG|CI$|INIT_CWD$|NODE$|NODE_ENV$|NODE_OPTIONS$|VITEST)/;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return Object.fromEntries(kept.map(([name, text]) => [name, text ?? ""]));
}

/** The folders of the PATH, without this repository's own and those the user cannot enter. */
function foldersFor(user: Clone["user"]): string[] {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const options = { ...user, cwd: "/" };
  const canEnter = (folder: string) =>
    spawnSync("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], options).status === 0;
  return folders.filter((folder) => !folder.includes("node_modules") && canEnter(folder));
}

/** Where root's PostgreSQL lies for a clone under a closed home. */
export function elsewhereOf(clone: Clone): string | undefined {
  const note = join(clone.folder, ".foedus", "postgres.elsewhere");
  if (!existsSync(note)) return undefined;
  const [folder] = readFileSync(note, "utf8").split("\n");
  return folder?.startsWith("/var/lib/foedus/") ? folder : undefined;
}

/** The commit that every clone has. */
export function headOf(): string {
  const asked = spawnSync("git", ["log", "-1", "--format=%h %s"], { cwd: repository });
  return asked.stdout.toString().trim();
}

/** Which files a newcomer will not have, since nobody committed them. */
export function uncommitted(): number {
  const asked = spawnSync("git", ["status", "--porcelain"], { cwd: repository });
  return asked.stdout.toString().split("\n").filter(Boolean).length;
}
