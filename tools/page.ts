import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./federation/child.ts";

/** What became of the page. */
export type Page = "fresh" | "built" | "absent" | "failed";

const web = join(root, "web");
const built = join(web, "dist");
const sources = ["web", "gen/proto", "server/kernel"];
const notSources = new Set(["dist", "node_modules"]);

/** Builds the web page unless it is newer than all it is made of. */
export async function buildPage(say: (line: string) => void): Promise<Page> {
  if (!existsSync(join(web, "index.html"))) return "absent";
  if (isFresh()) return "fresh";
  const aside = join(root, "node_modules", `.page-${process.pid}`);
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const flags = ["build", "--outDir", aside, "--emptyOutDir", "--logLevel", "error"];
  const child = spawn(process.execPath, [vite, ...flags], {
    cwd: web,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stderr.on("data", (chunk: Buffer) => say(chunk.toString().trimEnd()));
  child.stdout.resume();
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) {
    rmSync(aside, { recursive: true, force: true });
    return "failed";
  }
  // Somebody beside us was quicker: what browsers load by now stays where it is.
  if (isFresh()) rmSync(aside, { recursive: true, force: true });
  else replaceBuilt(aside);
  return "built";
}

/** Whole or not at all; of two who build at once, one page stays. */
function replaceBuilt(aside: string): void {
  const old = `${aside}.old`;
  try {
    if (existsSync(built)) renameSync(built, old);
    renameSync(aside, built);
  } catch (error) {
    if (!existsSync(join(built, "index.html"))) throw error;
  } finally {
    rmSync(old, { recursive: true, force: true });
    rmSync(aside, { recursive: true, force: true });
  }
}

function isFresh(): boolean {
  const index = join(built, "index.html");
  if (!existsSync(index)) return false;
  const builtMs = statSync(index).mtimeMs;
  return sources.every((folder) => newestMs(join(root, folder)) <= builtMs);
}

function newestMs(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (notSources.has(entry.name)) continue;
    const path = join(folder, entry.name);
    const ms = entry.isDirectory() ? newestMs(path) : statSync(path).mtimeMs;
    newest = Math.max(newest, ms);
  }
  return newest;
}
