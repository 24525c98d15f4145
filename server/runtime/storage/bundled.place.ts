import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cannotRun } from "./bundled.fault.ts";

/** The user PostgreSQL runs as where the hub runs as root, which PostgreSQL refuses. */
export type Owner = { uid: number; gid: number };

/** Where a cluster and its programs lie, and whose they are if not the hub's own user's. */
export type Place = { root: string; owner: Owner | undefined };

/** Clusters of data folders that lie where only root can go. */
const reachableFolder = "/var/lib/foedus";

/** What `nobody` is called by number where /etc/passwd does not say. */
const nobodyId = 65_534;

/** Reading along the way is not needed, only passing through. */
const passThroughMode = 0o711;

/** Finds the place for a data folder's cluster; as root it must be one that `nobody` can reach. */
export function choosePlace(folder: string, log: (line: string) => void): Place {
  const beside = join(folder, "postgres");
  const note = join(folder, "postgres.elsewhere");
  if (process.getuid?.() !== 0) {
    if (existsSync(note)) throw cannotRun(`its files belong to root (${note} says where)`);
    mkdirSync(beside, { recursive: true });
    return { root: realpathSync(beside), owner: undefined };
  }
  const owner = nobody();
  if (!existsSync(note)) {
    mkdirSync(beside, { recursive: true, mode: passThroughMode });
    const place = { root: realpathSync(beside), owner: ownerOf(beside, owner) };
    if (canReach(place.root, place.owner)) return place;
    if (existsSync(join(beside, "data"))) {
      throw cannotRun(`user ${place.owner.uid} can no longer enter ${beside}`);
    }
    rmSync(beside, { recursive: true });
  }
  const root = elsewhere(folder, note);
  log(`PostgreSQL's files are in ${root}: its user cannot enter ${folder}`);
  return { root, owner: ownerOf(root, owner) };
}

/** A data folder that moved or was copied must not open a cluster that may be another's. */
function elsewhere(folder: string, note: string): string {
  const name = createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 16);
  const root = join(reachableFolder, name);
  const noted = existsSync(note) ? readFileSync(note, "utf8").split("\n")[0] : root;
  if (noted !== root) {
    const advice = `if it was moved, \`mv ${noted} ${root}\` and write ${root} into ${note}`;
    throw cannotRun(`${folder} was moved or copied since its database went to ${noted}; ${advice}`);
  }
  mkdirSync(root, { recursive: true });
  for (const each of [reachableFolder, root]) chmodSync(each, passThroughMode);
  const why = "PostgreSQL does not run as root, and its user cannot enter this folder.";
  writeFileSync(note, `${root}\n${why}\nRemove both folders together.\n`);
  return root;
}

/** Asks the system itself, which knows of more than permission bits. */
function canReach(folder: string, owner: Owner): boolean {
  const asked = spawnSync("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], { ...owner, cwd: "/" });
  if (asked.error) throw cannotRun(`root cannot become user ${owner.uid}: ${asked.error.message}`);
  return asked.status === 0;
}

/** A cluster keeps the user it was made for, whatever /etc/passwd says later. */
function ownerOf(root: string, otherwise: Owner): Owner {
  const cluster = join(root, "data");
  if (!existsSync(cluster)) return otherwise;
  const { uid, gid } = statSync(cluster);
  return uid === 0 ? otherwise : { uid, gid };
}

function nobody(): Owner {
  const known = existsSync("/etc/passwd") ? readFileSync("/etc/passwd", "utf8") : "";
  const line = known.split("\n").find((each) => each.startsWith("nobody:"));
  const [uid = nobodyId, gid = nobodyId] = line?.split(":").slice(2, 4).map(Number) ?? [];
  return { uid, gid };
}
