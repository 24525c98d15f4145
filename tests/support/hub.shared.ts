// A hub in the tests' own process, which all tests of a file share.
import { copyFile, mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalHub, startLocalHub } from "./hub.local.ts";
import { freely } from "./joined.ts";
import { shared } from "./shared.ts";

/** A hub that may be asked as much as tests like. */
export function sharedHub(values: Readonly<Record<string, string>> = {}): LocalHub {
  return shared(() => startLocalHub({ values: { ...freely, ...values } }), stopped);
}

/** Two processes of a hub over one database. */
export function sharedProcesses(): readonly [one: LocalHub, other: LocalHub] {
  const one = sharedHub();
  const other = shared(() => startBeside(one), stopped);
  return [one, other];
}

const stopped = (local: LocalHub) => local.stop();

async function startBeside({ data: first, url }: LocalHub): Promise<LocalHub> {
  // Nodes must trust both: docs/decisions/0053.
  const data = await mkdtemp(join(tmpdir(), "foedus-hub-"));
  await mkdir(join(data, "keys"), { mode: 0o700 });
  const key = join("keys", "intermediate.pem");
  await copyFile(join(first, key), join(data, key));
  return await startLocalHub({ values: freely, again: { url, data } });
}
