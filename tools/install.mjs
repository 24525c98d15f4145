// `node tools/install.mjs COMMAND ...` installs what package-lock.json names, if that changed, and
// then becomes the command, on the Node that npm brought. Plain Node 20 and no dependencies, since
// node_modules does not exist yet. No `pre` script does this: npm skips them where install scripts
// are blocked. And no `&&`: a shell would remember where it found the older node.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { hold } from "./install/hold.mjs";
import { launch } from "./install/launch.mjs";
import { nodeProblem, ownNodeProblem } from "./install/node.mjs";
import { runNpm } from "./install/npm.mjs";
import { lockProblem, root, stampOf } from "./install/stamp.mjs";

const stampPath = join(root, "node_modules", ".installed");

function isInstalled() {
  return existsSync(stampPath) && readFileSync(stampPath, "utf8") === stampOf();
}

class Stop extends Error {}

function stop(text) {
  throw new Stop(text);
}

/** `npm ci` deletes node_modules first; with one in use, npm brings it up to date in place. */
async function install(onStart) {
  const npm = (...args) => runNpm(args, { onStart });
  const inCi = process.env.CI === "true";
  const stale = lockProblem();
  if (stale && inCi) stop(`${stale}. Run \`npm run lock\` and commit package-lock.json.`);
  const inPlace = !inCi && existsSync(join(root, "node_modules", ".package-lock.json"));
  if (!stale && (await (inPlace ? npm("install", "--no-save") : npm("ci")))) return;
  if (inCi) stop("npm ci failed, and in CI there is no second way.");
  const why = stale ?? "npm could not install exactly what package-lock.json names";
  process.stderr.write(`foedus: warning: ${why}; trying \`npm install --no-save\`.\n`);
  if (!(await npm("install", "--no-save"))) stop("npm could not install. Its message is above.");
}

/** What the started scripts will run on: the Node that npm brought, else the PATH's. */
function checkNode() {
  const bin = join(root, "node_modules", ".bin");
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const seen = spawnSync("node", ["--version"], { encoding: "utf8", env });
  const problem = nodeProblem(seen.stdout?.trim() || String(seen.error ?? seen.stderr));
  if (problem) stop(problem);
}

async function main() {
  if (isInstalled()) {
    if (nodeProblem(process.version)) checkNode();
    return;
  }
  const unsuitable = ownNodeProblem();
  if (unsuitable) stop(unsuitable);
  const held = await hold(join(root, ".installing"), (line) => process.stderr.write(line));
  try {
    if (isInstalled()) return;
    const startMs = Date.now();
    process.stdout.write("foedus: installing what package-lock.json names ...\n");
    await install(held.share);
    checkNode();
    mkdirSync(join(root, "node_modules"), { recursive: true });
    writeFileSync(stampPath, stampOf());
    process.stdout.write(`foedus: installed in ${Math.round((Date.now() - startMs) / 1000)} s\n`);
  } finally {
    held.release();
  }
}

try {
  await main();
  const [command, ...args] = process.argv.slice(2);
  if (command) launch(command, args);
} catch (error) {
  const cannotWrite = ["EACCES", "EROFS", "ENOSPC"].includes(error.code);
  if (!cannotWrite && !(error instanceof Stop)) throw error;
  const advice = `cannot write to ${root}: it takes 700 MB and the right to write`;
  process.stderr.write(`foedus: ${cannotWrite ? `${advice} (${error.message})` : error.message}\n`);
  process.exitCode = 1;
}
