import { styleText } from "node:util";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { type Held, lanesOf, scaleOf, type Tone } from "./tasks.lanes.ts";
import type { Lie } from "./tasks.liar.ts";
import { completionsOf } from "./tasks.record.ts";
import { isRight, type Went } from "./tasks.story.ts";

const startMs = realWorld.clock.monotonic();
const msPerSecond = 1_000;
const timeWidth = 6;
const nameWidth = 9;
const columnsMin = 60;
const columnsMax = 160;
const columnsElse = 110;

/** What colours add; nothing is said by them alone. */
const colours: Partial<Record<Tone, "green" | "red" | "dim">> = {
  done: "green",
  died: "red",
  waiting: "dim",
};

/** A new chapter, with the time since the start. */
export function chapter(title: string): void {
  const seconds = (realWorld.clock.monotonic() - startMs) / msPerSecond;
  console.log(`\n${seconds.toFixed(1).padStart(timeWidth)} s  ${title}`);
}

/** What somebody did. */
export function say(who: string, text: string): void {
  console.log(`  ${who.padEnd(nameWidth)}${text}`);
}

/** Lanes: a row for each task that a worker does at once, time from left to right. */
export function showLanes(workers: readonly string[], held: readonly Held[]): void {
  const fromMs = Math.min(...held.map((one) => one.fromMs));
  const untilMs = Math.max(...held.map((one) => one.untilMs));
  const wide = Math.min(columnsMax, process.stdout.columns || columnsElse);
  const columns = Math.max(columnsMin, wide - nameWidth - 2 * "  ".length);
  const on = { fromMs, untilMs, columns };
  say("", scaleOf(on));
  let before = "";
  for (const { worker, pieces } of lanesOf(workers, held, on)) {
    const text = pieces.map(({ text: piece, tone }) => painted(piece, tone)).join("");
    say(worker === before ? "" : worker, text.trimEnd());
    before = worker;
  }
  say("", "07━━━ a task, done   07━━╳ its worker died   ···· its lease runs on");
}

/** What became of what the dead held. */
export function showHandovers(held: readonly Held[]): void {
  const fromMs = Math.min(...held.map((one) => one.fromMs));
  const at = (ms: number) => `${((ms - fromMs) / msPerSecond).toFixed(1)} s`;
  for (const [index, { label, worker, diedMs, untilMs, isUnread }] of held.entries()) {
    if (diedMs === undefined && !isUnread) continue;
    // Holds of a task come one after the other.
    const next = held.slice(index + 1).find((one) => one.label === label);
    const then =
      next && `${next.worker} took it at ${at(next.fromMs)}, done at ${at(next.untilMs)}`;
    const lost =
      diedMs === undefined
        ? `${worker} died before it heard of it; it was taken back at ${at(untilMs)}`
        : `${worker} died with it at ${at(diedMs)}, its lease lapsed at ${at(untilMs)}`;
    say(label, `${lost}; ${then ?? "nobody took it"}`);
  }
}

/** Counts, and says whether all is as it should be. */
export function showCount(
  went: readonly Went[],
  held: readonly Held[],
  lies: readonly Lie[],
): boolean {
  const once = went.filter(({ steps }) => completionsOf(steps) === 1).length;
  const right = went.filter(isRight).length;
  const again = held.filter(({ diedMs }) => diedMs !== undefined).length;
  const refused = lies.filter(({ isRefused }) => isRefused).length;
  const workers = new Map<string, number>();
  for (const { worker, isDone } of held) {
    workers.set(worker, (workers.get(worker) ?? 0) + Number(isDone));
  }
  const each = Array.from(workers, ([name, count]) => `${name} ${count}`).toSorted();
  say(
    "",
    `${went.length} tasks submitted, ${once} done exactly once, ${right} with the right result`,
  );
  say("", `done by ${each.join(", ")}; ${again} of the dead were done by others`);
  say("", `${lies.length} lies told, ${refused} refused by name`);
  const isWell = [once, right].every((count) => count === went.length) && refused === lies.length;
  say("", isWell ? "all is well" : "something is wrong");
  return isWell;
}

function painted(text: string, tone: Tone): string {
  const colour = colours[tone];
  return colour === undefined ? text : styleText(colour, text);
}
