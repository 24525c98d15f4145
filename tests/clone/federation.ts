import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { endedWithin, killAll, printed, processesOf, run, signalGroup } from "./command.ts";
import type { Command } from "./command.ts";
import type { Clone } from "./ground.ts";

/** Installing and the first start; on two busy cores it takes a tenth of this. */
const upMaxMs = 600_000;
const stopMaxMs = 120_000;
const testMaxMs = 1_800_000;
/** Dead processes are reaped by whoever inherits them, in their own time. */
const reapMaxMs = 60_000;
const lookEveryMs = 100;
const linesShownMax = 60;

const dashboard = /http:\/\/127\.0\.0\.1:\d+\//;
const installed = /installed in (\d+) s/;

/** How long things took, as text for the case's line. */
export type Times = string[];

/** `npm start` in a clone, up to the dashboard's address, which must answer. */
export async function startUp(clone: Clone, times: Times): Promise<Command> {
  const command = run(clone, "npm", ["start"]);
  try {
    await comesUp(command, times);
    return command;
  } catch (error) {
    throw withOutput(error, command, clone);
  }
}

async function comesUp(command: Command, times: Times): Promise<void> {
  const [address] = await printed(command, dashboard, upMaxMs);
  const [, seconds] = installed.exec(command.output()) ?? [];
  if (seconds) times.push(`installed ${seconds} s`);
  times.push(`up ${inSeconds(command.elapsedMs())}`);
  const health = await fetch(new URL("/healthz", address));
  if (health.status !== 200) throw new Error(`/healthz answers ${health.status}`);
}

/** Ctrl-C: everything ends, PostgreSQL too. */
export async function shutDown(command: Command, clone: Clone, times: Times): Promise<void> {
  const startMs = performance.now();
  try {
    signalGroup(command, "SIGINT");
    await endedWithin(command, stopMaxMs);
    await nothingRuns(clone);
    times.push(`down ${inSeconds(performance.now() - startMs)}`);
  } catch (error) {
    throw withOutput(error, command, clone);
  }
}

async function nothingRuns(clone: Clone): Promise<void> {
  const startMs = performance.now();
  while (processesOf(clone).length > 0) {
    if (performance.now() - startMs > reapMaxMs) {
      throw new Error(`still runs after the stop: ${processesOf(clone).join(", ")}`);
    }
    await pause(lookEveryMs);
  }
}

/** kill -9 of everything at once, hub, instances and PostgreSQL. */
export async function crash(command: Command, clone: Clone, times: Times): Promise<void> {
  times.push(`killed ${killAll(clone)} processes`);
  await endedWithin(command, stopMaxMs);
}

/** Two at the same moment: one comes up, the other says who holds the folder, and ends. */
export async function startTwice(clone: Clone, times: Times): Promise<Command> {
  const both = [run(clone, "npm", ["start"]), run(clone, "npm", ["start"])];
  const ends = both.map((each) => each.ended.then((code) => ({ each, code })));
  const late = AbortSignal.timeout(upMaxMs);
  const loser = await Promise.race([...ends, once(late, "abort").then(() => undefined)]);
  const winner = both.find((each) => each !== loser?.each) ?? both[0];
  if (loser === undefined || winner === undefined) throw new Error("neither of two ended");
  try {
    const said = loser.each.output();
    if (loser.code === 0) throw new Error("the second ended with 0");
    if (!/held by process \d+/.test(said)) throw new Error("the second does not say who holds it");
    if (!/--data/.test(said)) throw new Error("the second does not say what to do");
    await comesUp(winner, times);
    times.push(`the second refused after ${inSeconds(loser.each.elapsedMs())}`);
    return winner;
  } catch (error) {
    throw withOutput(error, loser.each, clone);
  }
}

/** `npm test`, as a newcomer would type it. */
export async function runTests(clone: Clone, times: Times): Promise<void> {
  const command = run(clone, "npm", ["test"]);
  try {
    const code = await endedWithin(command, testMaxMs);
    if (code !== 0) throw new Error(`npm test ended with ${code}`);
    times.push(`npm test ${inSeconds(command.elapsedMs())}`);
  } catch (error) {
    throw withOutput(error, command, clone);
  }
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** A failure that shows what the command printed last; nothing of the clone runs on. */
function withOutput(error: unknown, command: Command, clone: Clone): Error {
  signalGroup(command, "SIGKILL");
  killAll(clone);
  const last = command.output().trimEnd().split("\n").slice(-linesShownMax);
  const why = error instanceof Error ? error.message : String(error);
  return new Error([why, ...last.map((line) => `    | ${line}`)].join("\n"), { cause: error });
}
