// `npm start`: a hub and three instances of this repository, until Ctrl-C.
import { once } from "node:events";
import { relative } from "node:path";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { onStopSignal } from "../server/runtime/signals.ts";
import { Ended } from "./federation/child.ts";
import type { Federation } from "./federation.ts";
import { startFederation } from "./federation.ts";
import { buildPage } from "./page.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

const { FOEDUS_DATA: data = ".foedus", FOEDUS_PORTS: ports = "default" } = process.env;
const onlineMs = 60_000;

const stopped = new AbortController();
onStopSignal(["SIGINT", "SIGTERM", "SIGHUP"], realWorld.clock, {
  stop: () => stopped.abort(),
  insist: () => process.exit(130),
});

const usage = `npm start: a hub and three instances of this repository, until Ctrl-C.

It takes no options. Two variables say where:
  FOEDUS_DATA=FOLDER   what it keeps (default: .foedus)
  FOEDUS_PORTS=auto    any free ports, beside another one that runs`;

process.exitCode = await main(process.argv.slice(2));

async function main(options: readonly string[]): Promise<number> {
  if (options.length > 0) {
    const asked = ["--help", "-h"].includes(options[0] ?? "");
    (asked ? say : complain)(usage);
    return asked ? 0 : 2;
  }
  const startMs = realWorld.clock.monotonic();
  const seconds = () => ((realWorld.clock.monotonic() - startMs) / 1_000).toFixed(1);
  await preparePage();
  let federation: Federation;
  try {
    federation = await startFederation({
      data,
      ports: ports === "auto" ? "auto" : "default",
      lively: true,
      log: complain,
    });
  } catch (error) {
    complain(error instanceof Ended ? error.message : String((error as Error).stack ?? error));
    complain("To run a second one beside it: FOEDUS_DATA=.foedus-2 FOEDUS_PORTS=auto npm start");
    return 1;
  }
  for (const line of summary(federation)) say(line);
  await sayOnline(federation, seconds);
  if (!stopped.signal.aborted) await once(stopped.signal, "abort");
  say("\nStopping …");
  await federation.stop();
  return 0;
}

async function preparePage(): Promise<void> {
  const page = await buildPage(complain);
  if (page === "absent") complain("foedus: there is no web/ here, so the hub serves no page.");
  if (page === "failed") complain("foedus: the page could not be built; the hub runs without it.");
}

async function sayOnline(federation: Federation, seconds: () => string): Promise<void> {
  const late = AbortSignal.any([stopped.signal, AbortSignal.timeout(onlineMs)]);
  try {
    await federation.online(late);
    say(`${federation.instances.length} instances are online, after ${seconds()} s.`);
  } catch (error) {
    if (stopped.signal.aborted) return;
    complain(`foedus: ${(error as Error).message}; see ${relative(".", federation.logs)}/`);
  }
}

function summary({ webUrl, signInLink, greeting, instances, logs }: Federation): string[] {
  // The first start tells a code that is kept nowhere; the sign-in link has a line of its own.
  const told = greeting.filter((line) => !line.includes("/signin#"));
  const cli = `npx foedus --data ${data}`;
  return [
    "",
    "  Foedus runs: one hub and three instances, each a process with an identity of its own.",
    "",
    `  Dashboard   ${webUrl}`,
    `  Sign in     ${signInLink}`,
    `  Instances   ${instances.join(", ")} (this repository's own folders)`,
    `  Logs        ${relative(".", logs)}/`,
    "",
    ...told.map((line) => `  ${line}`),
    ...(told.length > 0 ? [""] : []),
    "  Try next, in another terminal:",
    `    ${cli} node list`,
    `    ${cli} event tail`,
    `    ${cli} sync status`,
    `    ${cli} token create --name mine`,
    "",
    "  Ctrl-C stops everything; the next start finds the same nodes again.",
    "",
  ];
}
