#!/usr/bin/env node
// Plain JavaScript, since a Node may run this that knows no types, or that breaks HTTP/2 streams:
// that one hands over to the Node that npm brought along.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isNewEnough = major > 22 || (major === 22 && minor >= 18);
const isOldEnough = major < 24 || (major === 24 && minor < 20);
const isWindows = process.platform === "win32";
const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const node = fileURLToPath(
  new URL(`../../node_modules/.bin/node${isWindows ? ".cmd" : ""}`, import.meta.url),
);

if (isNewEnough && isOldEnough) {
  await import("./main.ts");
} else if (existsSync(node)) {
  handOver();
} else {
  process.stderr.write(
    `foedus: Node ${process.versions.node} cannot run this: it must be >=22.18 and <24.20.\n` +
      "To mend it: `npm ci` in the repository brings one along; or install Node 24.18.1.\n",
  );
  process.exitCode = 1;
}

/** Becomes the other Node; where this one cannot, runs it and ends as it ends. */
function handOver() {
  const args = [main, ...process.argv.slice(2)];
  if (process.execve) process.execve(node, ["node", ...args], process.env);
  const child = spawn(node, args, { stdio: "inherit", shell: isWindows });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) {
    process.on(signal, () => {
      // A terminal gives Ctrl-C to the child too, and a second one would cut its farewell short.
      if (signal !== "SIGINT" || !isAtTerminal()) child.kill(signal);
    });
  }
  child.once("error", (error) => {
    process.stderr.write(`foedus: cannot run ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.once("exit", (code, signal) => {
    for (const each of signals) process.removeAllListeners(each);
    if (signal) process.kill(process.pid, signal);
    process.exitCode = code ?? 1;
  });
}

function isAtTerminal() {
  return [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
}
