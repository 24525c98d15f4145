import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./stamp.mjs";

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"];

/** npm's own Node is not ours: what npm installed comes first, whoever called us. */
function environment() {
  const bin = join(root, "node_modules", ".bin");
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
}

function find(command, path) {
  for (const folder of path.split(delimiter)) {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return join(folder, command);
    } catch {
      // Not in this one.
    }
  }
  return undefined;
}

/** Becomes the command; where Node cannot, runs it, passes signals on and ends as it ends. */
export function launch(command, args) {
  const env = environment();
  const file = find(command, env.PATH);
  if (file && process.execve) process.execve(file, [command, ...args], env);
  const shell = process.platform === "win32";
  const child = spawn(command, args, { env, shell, stdio: "inherit" });
  for (const signal of forwarded) {
    process.on(signal, () => {
      // A terminal gives Ctrl-C to the child too, and a second one would cut its farewell short.
      if (signal !== "SIGINT" || !isAtTerminal()) child.kill(signal);
    });
  }
  child.once("error", (error) => {
    process.stderr.write(`foedus: could not run ${command}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.once("exit", (code, signal) => {
    for (const each of forwarded) process.removeAllListeners(each);
    if (signal) process.kill(process.pid, signal);
    process.exitCode = code ?? 1;
  });
}

function isAtTerminal() {
  return [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
}
