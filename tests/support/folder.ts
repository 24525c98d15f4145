import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const passThroughMode = 0o711;

/**
 * A temporary data folder that PostgreSQL's own user can enter. One of `mkdtemp` is closed: a hub
 * of root would keep its cluster in /var/lib/foedus, and leave it there.
 */
export function makeDataFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `foedus-${name}-`));
  chmodSync(folder, passThroughMode);
  return folder;
}
