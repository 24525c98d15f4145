import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chown, link, mkdir, open, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cannotRun, cannotRunBecause } from "./bundled.fault.ts";
import { renameUnlessThere } from "./bundled.native.ts";
import type { Place } from "./bundled.place.ts";
import { isAlive } from "./bundled.process.ts";

/** The superuser of the bundled cluster, and its database. */
export const clusterUser = "foedus";

const passwordBytes = 24;
const secretMode = 0o600;
const ownMode = 0o700;

/** PostgreSQL's programs get nothing of the hub's own environment, PGDATA least of all. */
export const clusterEnv = { PATH: process.env.PATH ?? "", LC_ALL: "C", TZ: "UTC" };

/** Makes the cluster if there is none, and returns its data folder and its password. */
export async function ensureCluster(
  place: Place,
  native: string,
): Promise<{ cluster: string; password: string }> {
  await sweep(place.root);
  const password = await ensurePassword(place);
  const cluster = join(place.root, "data");
  if (!existsSync(cluster)) await initialize(place, native, cluster);
  await checkVersion(native, cluster);
  return { cluster, password };
}

/** The password becomes visible whole or not at all, even to another starter. */
async function ensurePassword(place: Place): Promise<string> {
  const file = join(place.root, "password");
  if (!existsSync(file)) {
    const aside = `${file}.${process.pid}`;
    const secret = randomBytes(passwordBytes).toString("base64url");
    await writeFile(aside, secret, { mode: secretMode });
    if (place.owner) await chown(aside, place.owner.uid, place.owner.gid);
    await link(aside, file).catch((error: unknown) => {
      if (!(error instanceof Error) || !("code" in error) || error.code !== "EEXIST") throw error;
    });
    await rm(aside);
  }
  return await readFile(file, "utf8");
}

async function initialize(place: Place, native: string, cluster: string): Promise<void> {
  const aside = `${cluster}.${process.pid}`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { mode: ownMode });
  if (place.owner) await chown(aside, place.owner.uid, place.owner.gid);
  const access = ["--username", clusterUser, "--pwfile", join(place.root, "password")];
  // The built-in provider sorts alike on every system.
  const locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const args = ["-D", aside, "-k", "--auth=scram-sha-256", "--no-instructions", "--locale=C"];
  const options = { ...place.owner, cwd: "/", env: clusterEnv };
  try {
    await promisify(execFile)(join(native, "bin/initdb"), [...args, ...access, ...locale], options);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw cannotRunBecause(error);
  }
  await renameUnlessThere(aside, cluster);
  await makeDurable(place.root);
}

/** A rename is lost in a power cut unless its folder is written too. */
async function makeDurable(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder);
  await handle.sync();
  await handle.close();
}

async function checkVersion(native: string, cluster: string): Promise<void> {
  const made = (await readFile(join(cluster, "PG_VERSION"), "utf8")).trim();
  const [, bundled] = /pg-(\d+)\./.exec(native) ?? [];
  if (made === bundled) return;
  throw cannotRun(
    `${cluster} was made by PostgreSQL ${made} and this is ${bundled}; ` +
      "dump it with the release that made it, and restore the dump into an empty folder",
  );
}

/** Starters that were killed leave half-made things behind, named after their process. */
async function sweep(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const [, pid] = /\.(\d+)$/.exec(name) ?? [];
    const isAside = /^(pg-.*|data|password)\.\d+$/.test(name) && pid !== undefined;
    if (isAside && !isAlive(Number(pid))) {
      await rm(join(root, name), { recursive: true, force: true });
    }
  }
}
