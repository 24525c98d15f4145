import { mkdirSync } from "node:fs";
import pg from "pg";
import { chooseAddress, type Address } from "./bundled.address.ts";
import { clusterUser, ensureCluster } from "./bundled.cluster.ts";
import { cannotRunBecause } from "./bundled.fault.ts";
import { keepUp } from "./bundled.keep.ts";
import { installNative } from "./bundled.native.ts";
import { choosePlace } from "./bundled.place.ts";
import { bringUp } from "./bundled.postmaster.ts";

/** The bundled server, running. */
export type Bundled = { url: string; adopted: boolean; stop(): Promise<void> };

const duplicateDatabase = "42P04";
const uniqueViolation = "23505";
const noSuchDatabase = "3D000";

/**
 * Runs the bundled PostgreSQL on a data folder, and starts it again should it die. The caller holds
 * the folder (`holdFolder`), so a server found running there is an orphan, and is adopted.
 */
export async function startBundled(options: {
  folder: string;
  log: (line: string) => void;
}): Promise<Bundled> {
  const { folder, log } = options;
  try {
    mkdirSync(folder, { recursive: true });
    const place = choosePlace(folder, log);
    const native = await installNative(place.root);
    const { cluster, password } = await ensureCluster(place, native);
    const start = { place, native, cluster, address: await chooseAddress(place) };
    const server = await bringUp(start);
    const url = urlOf(server.address, password);
    await ensureDatabase(url);
    const stop = keepUp({ ...start, address: server.address }, server, log);
    return { url, adopted: server.adopted, stop };
  } catch (error) {
    throw cannotRunBecause(error);
  }
}

/** A socket's folder goes where the host would, percent-encoded, as libpq and pg both read it. */
export function urlOf(address: Address, password: string): string {
  const host = encodeURIComponent(address.socketFolder) || "127.0.0.1";
  return `postgres://${clusterUser}:${password}@${host}:${address.port}/${clusterUser}`;
}

async function ensureDatabase(url: string): Promise<void> {
  const connectionString = url.replace(/[^/]*$/, "postgres");
  try {
    await query(url, "select 1");
  } catch (error) {
    if (codeOf(error) !== noSuchDatabase) throw error;
    await query(connectionString, `create database ${clusterUser}`).catch((problem: unknown) => {
      if (![duplicateDatabase, uniqueViolation].includes(codeOf(problem))) throw problem;
    });
  }
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function codeOf(error: unknown): string {
  return error instanceof pg.DatabaseError ? (error.code ?? "") : "";
}
