import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { root } from "./tree.ts";

/** A folder for planted files; it is gone after the test that made it. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "foedus-planted-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return {
    folder,
    write(path: string, text: string): void {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    /** Runs one of our tools there. */
    run(program: string, ...args: string[]): { passed: boolean; output: string } {
      const path = `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`;
      const env = { ...process.env, PATH: path };
      const result = spawnSync(program, args, { cwd: folder, encoding: "utf8", env });
      return { passed: result.status === 0, output: result.stdout + result.stderr };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
