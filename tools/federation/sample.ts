// One sample instance of `npm start`: `foedus instance run`, and a few notes and tasks besides.
import { basename } from "node:path";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { realWorld as world } from "@foedus/kernel/world.real.ts";
import { joinHub } from "@foedus/sdk/join.ts";
import { printTo } from "../../clients/cli/print.ts";
import { slugOf } from "../../clients/cli/instance/project.ts";
import { runInstance } from "../../clients/cli/instance/run.ts";
import { tellNotice, tellView } from "../../clients/cli/instance/words.ts";
import { ownVersion } from "../../clients/cli/version.ts";
import { onStopSignal } from "../../server/runtime/signals.ts";
import { root } from "./child.ts";
import { shareNotes } from "./notes.ts";
import { shareTasks } from "./tasks.ts";

const text = { type: "string", default: "" } as const;
const { values } = parseArgs({
  options: {
    project: text,
    name: text,
    data: text,
    environment: text,
    team: text,
    invitation: text,
    "token-file": text,
  },
});
const { project, data: folder, environment, team, invitation, "token-file": tokenFile } = values;
const name = values.name === "" ? basename(project) : values.name;

const stopped = new AbortController();
const { signal } = stopped;
onStopSignal(["SIGINT", "SIGTERM", "SIGHUP"], world.clock, {
  stop: () => stopped.abort(),
  insist: () => process.exit(130),
});

if (invitation !== "") {
  const token = tokenFile === "" ? undefined : readFileSync(tokenFile, "utf8").trim();
  await joinHub({ invitation, token, name, folder, world, signal });
}
const print = printTo("text", dark(process.stdout), dark(process.stderr));
await runInstance({
  project,
  slug: slugOf(project),
  title: undefined,
  url: "",
  environment,
  team,
  domain: "",
  software: `foedus-instance/${ownVersion()}`,
  folder,
  world,
  signal,
  notice: (notice) => tellNotice(print, name, notice),
  told: (view) => tellView(print, name, view),
  beside: async (node) => {
    await Promise.all([shareNotes(node, world), shareTasks(node, world, root)]);
  },
});

/** A stream that shows no colours: a log. */
function dark(stream: NodeJS.WriteStream) {
  return { write: (words: string) => void stream.write(words), colour: false };
}
