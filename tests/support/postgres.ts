import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import {
  isAlive,
  readPostmaster,
  servesCluster,
} from "../../server/runtime/storage/bundled.process.ts";
import { takeDown } from "../../server/runtime/storage/bundled.postmaster.ts";
import { startBundled } from "../../server/runtime/storage/bundled.ts";
import { migrate } from "../../server/runtime/storage/migrate.ts";
import { onDatabase, runStatement, templateName } from "./database.ts";

const prefix = "foedus-test-";
/** PostgreSQL's user must be able to come in, else its files go elsewhere. */
const passThroughMode = 0o711;

/** Starts one PostgreSQL for a project's run, and builds the database that test files clone. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep();
  const folder = join(tmpdir(), `${prefix}${process.pid}-${project.name}`);
  mkdirSync(folder);
  chmodSync(folder, passThroughMode);
  const server = await startBundled({ folder, log: (line) => project.vitest.logger.log(line) });
  try {
    await runStatement(server.url, `create database ${templateName}`);
    await migrate(onDatabase(server.url, templateName));
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide("adminUrl", server.url);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** A run that was killed leaves a server and its folder behind. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(prefix))) {
    if (isAlive(Number(name.slice(prefix.length).split("-")[0]))) continue;
    const folder = join(tmpdir(), name);
    await stopOrphan(join(folder, "postgres", "data"));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function stopOrphan(cluster: string): Promise<void> {
  if (!existsSync(cluster)) return;
  const orphan = readPostmaster(cluster);
  if (orphan === undefined || !servesCluster(orphan.pid, cluster)) return;
  await takeDown({ pid: orphan.pid, adopted: true, address: orphan }, cluster);
}
