import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

const folderMode = 0o700;
const fileMode = 0o600;

/** Writes a file that only this user may read: whole or not at all, even if the power fails. */
export function writeSecretFile(path: string, text: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: folderMode });
  const aside = `${path}.new`;
  const file = openSync(aside, "w", fileMode);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(aside, path);
  const held = openSync(folder, "r");
  fsyncSync(held);
  closeSync(held);
}
