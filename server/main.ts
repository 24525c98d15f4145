#!/usr/bin/env node
import { Fault, fixOf, reasonName } from "@foedus/kernel/fault.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { boot } from "./boot.ts";
import { readFlags } from "./runtime/config/flags.ts";
import { loadSettings } from "./runtime/config/settings.ts";
import type { RunningHub } from "./runtime/hub.ts";
import { onStopSignal } from "./runtime/signals.ts";
import { openLog } from "./runtime/log.pino.ts";

/** How the process ends when the hub cannot run, and when a second signal cuts its drain short. */
const failedCode = 1;
const cutShortCode = 130;

const flags = orEnd(() => readFlags(process.argv.slice(2)));
const sources = { flags: flags.values, environment: process.env, file: flags.file };
const settings = orEnd(() => loadSettings(sources));
const log = openLog({
  clock: realWorld.clock,
  level: settings.current().logLevel,
  forPeople: process.stderr.isTTY,
});
const booting = boot({ settings, world: realWorld, log });

onStopSignal(["SIGTERM", "SIGINT"], realWorld.clock, {
  stop: () => void booting.then((hub) => hub.stop()).then(() => process.exit(0), endWith),
  insist: () => process.exit(cutShortCode),
});
const hub = await booting.catch(endWith);
process.on("SIGHUP", () => hub.reload());
void hub.failed.then(endWith);
process.stdout.write(flags.json ? await readyLine(hub) : await readyText(hub));

async function readyLine(hub: RunningHub): Promise<string> {
  const { webAddress: web, nodeAddress: node, joinAddress: join, invitation } = hub.status();
  const greeting = await hub.greeting();
  return `${JSON.stringify({ ready: true, web: `${web}/`, node, join, invitation, greeting })}\n`;
}

async function readyText(hub: RunningHub): Promise<string> {
  const { webAddress, invitation } = hub.status();
  const lines = [`Dashboard: ${webAddress}/`, ...(await hub.greeting())];
  return `${[...lines, ...(invitation === "" ? [] : [`Invitation: ${invitation}`])].join("\n")}\n`;
}

function orEnd<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    return endWith(error);
  }
}

/** One line that says what is wrong and what mends it. */
function endWith(error: unknown): never {
  const text = error instanceof Fault ? faultText(error) : String((error as Error).stack ?? error);
  process.stderr.write(`foedus: ${text}\n`);
  process.exit(failedCode);
}

function faultText(fault: Fault): string {
  return `${fault.message}. To mend it: ${fixOf(fault)} (${reasonName(fault.reason)})`;
}
