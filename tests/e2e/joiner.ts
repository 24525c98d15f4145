// A newcomer that asks to join without a token, as the process that a person would start.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { root } from "../../tools/federation/child.ts";
import { makeDataFolder } from "../support/folder.ts";

/** What the newcomer's own screen shows, and how it ends. */
export interface Joiner {
  readonly fingerprint: string;
  /** Resolves with all it said, once it is admitted or refused. */
  readonly ended: Promise<string>;
}

/** Starts one; resolves when it says that it waits. */
export async function startJoiner(invitation: string, name: string): Promise<Joiner> {
  const folder = makeDataFolder(`e2e-joiner-${name}`);
  const asked = ["node", "join", invitation, "--no-token", "--name", name, "--data", folder];
  const child = spawn(process.execPath, ["clients/cli/main.ts", ...asked], { cwd: root });
  const shown = Promise.withResolvers<string>();
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      said.push(line);
      const fingerprint = /[0-9a-f]{4}(?:-[0-9a-f]{4}){7}/.exec(line)?.[0];
      if (fingerprint !== undefined) shown.resolve(fingerprint);
    });
  }
  const ended = once(child, "close").then(() => said.join("\n"));
  void ended.then((words) => shown.reject(new Error(`the newcomer ended: ${words}`)));
  return { fingerprint: await shown.promise, ended };
}
