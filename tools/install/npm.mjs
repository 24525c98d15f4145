import { spawn } from "node:child_process";
import { root } from "./stamp.mjs";

const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** The npm that runs us, on the newest Node at hand; under another package manager, PATH's npm. */
export function npmCommand() {
  const cli = process.env.npm_execpath ?? "";
  // Windows cannot replace a program that runs, so there npm stays on the Node it came with.
  const node = process.platform === "win32" ? process.env.npm_node_execpath : process.execPath;
  if (/npm-cli\.c?js$/.test(cli)) return [node ?? process.execPath, cli];
  return [process.platform === "win32" ? "npm.cmd" : "npm"];
}

/** Runs npm and returns whether it succeeded; `onStart` hears its process id. */
export function runNpm(args, { folder = root, onStart = () => undefined } = {}) {
  const [command, ...first] = npmCommand();
  // With NODE_ENV=production npm would leave out the tools that `npm start` needs.
  const env = { ...process.env, NODE_ENV: "development" };
  const stdio = ["ignore", "ignore", "inherit"];
  const npm = spawn(command, [...first, ...args, ...quietly], { cwd: folder, env, stdio });
  if (npm.pid) onStart(npm.pid);
  return new Promise((resolve) => {
    npm.once("error", (error) => {
      process.stderr.write(`foedus: could not run ${command}: ${error.message}\n`);
      resolve(false);
    });
    npm.once("exit", (code) => resolve(code === 0));
  });
}
