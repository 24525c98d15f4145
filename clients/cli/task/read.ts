import { InvalidArgumentError } from "commander";
import type { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { instantOf } from "@foedus/kernel/time.ts";
import { durationMs } from "../words/duration.ts";
import { suggestion } from "../words/nearest.ts";
import { stateNamed, stateNames } from "./words.ts";

const slug = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/u;

/** Reads the name of a queue for commander. */
export function readQueue(text: string): string {
  if (slug.test(text)) return text;
  throw new InvalidArgumentError("A queue is up to 63 of a-z, 0-9 and hyphens, e.g. scans.");
}

/** Reads the name of a schedule for commander. */
export function readSchedule(text: string): string {
  if (slug.test(text)) return text;
  throw new InvalidArgumentError("A name is up to 63 of a-z, 0-9 and hyphens, e.g. nightly.");
}

/** Reads the id of a task for commander: what is surely none should not look like one not found. */
export function readTask(text: string): string {
  if (/^task_[0-9a-z]{26}$/u.test(text)) return text;
  throw new InvalidArgumentError(
    "A task is named by its id, task_ and 26 characters: foedus task list shows them.",
  );
}

/** Reads a task to wait for, one of many, for commander. */
export function gatherTask(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, readTask(text)];
}

/** Reads an urgency for commander. */
export function readPriority(text: string): number {
  const priority = Number(text);
  if (/^\d{1,2}$/u.test(text) && priority >= 1 && priority <= 10) return priority;
  throw new InvalidArgumentError("A priority is 1 to 10; 10 is the most urgent, 5 the usual.");
}

/** Reads a number from 1 for commander. */
export function readNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/u.test(text)) return Number(text);
  throw new InvalidArgumentError("A number is a whole one from 1, e.g. 5.");
}

/** Reads a span for commander. */
export function readSpan(text: string): number {
  const ms = durationMs(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError("A time is e.g. 90s, 15m, 1h30m or 1d.");
}

/** Pairs of words, the last of a name counts. */
export type Pairs = Readonly<Record<string, string>>;

/** Reads one name=value of many for commander. */
export function gatherPair(text: string, before: Pairs = {}): Pairs {
  const [, name, value] = /^([^=]{1,64})=(.{0,64})$/u.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { ...before, [name]: value };
  throw new InvalidArgumentError("A label is NAME=VALUE, each of up to 64, e.g. region=eu.");
}

/** How much may be spent. */
export interface Cost {
  readonly unit: string;
  readonly limit: bigint;
}

/** Reads "usd_micro=500000" for commander. */
export function readBudget(text: string): Cost {
  const [, unit, limit] = /^([^=\s]{1,32})=([1-9]\d{0,17})$/u.exec(text) ?? [];
  if (unit !== undefined && limit !== undefined) return { unit, limit: BigInt(limit) };
  throw new InvalidArgumentError("A budget is UNIT=LIMIT, e.g. token=20000 or usd_micro=500000.");
}

/** Reads how a task stands, one of many, for commander. */
export function gatherState(text: string, before: readonly TaskState[] = []): readonly TaskState[] {
  const words = text.split(",").map((word) => word.trim());
  const states = words.map((word) => {
    const state = stateNamed(word);
    if (state !== undefined) return state;
    const near = suggestion(word, stateNames);
    throw new InvalidArgumentError(`A state is one of ${stateNames.join(", ")}${near}`);
  });
  return [...before, ...states];
}

const day = String.raw`\d{4}-\d{2}-\d{2}`;
const clock = String.raw`\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})`;
const instant = new RegExp(`^${day}T${clock}$`, "u");

/** Reads an instant for commander, e.g. 2026-11-21T09:30Z. */
export function readInstant(text: string): number {
  const ms = instant.test(text) ? instantOf(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new InvalidArgumentError(
    "An instant is e.g. 2026-11-21T09:30:00Z or 2026-11-21T10:30+01:00.",
  );
}

/** An instant, or a span from now on. */
export type Later = (nowMs: number) => number;

/** Reads an instant or a span from now for commander. */
export function readLater(text: string): Later {
  const ms = durationMs(text);
  if (ms !== undefined && ms > 0) return (nowMs) => nowMs + ms;
  const atMs = instant.test(text) ? instantOf(text) : Number.NaN;
  if (!Number.isNaN(atMs)) return () => atMs;
  throw new InvalidArgumentError("It is a span from now or an instant: 2h, 2026-11-21T09:30:00Z.");
}

const perMinute: Readonly<Record<string, number>> = { s: 60, sec: 60, m: 1, min: 1, h: 1 / 60 };
const rateMax = 2 ** 32 - 1;

/** Reads "60/min" for commander; "none" is 0, no limit. */
export function readRate(text: string): number {
  if (["none", "0"].includes(text)) return 0;
  const [, count, unit = ""] = /^([1-9]\d{0,8})\/(s|sec|m|min|h)$/u.exec(text.trim()) ?? [];
  const rate = Number(count) * (perMinute[unit] ?? Number.NaN);
  if (Number.isInteger(rate) && rate <= rateMax) return rate;
  throw new InvalidArgumentError(
    "A rate is e.g. 60/min, 5/s or 120/h (whole tasks a minute), or none.",
  );
}

const parentWords = ["works-for", "hands-up", "both", "off"] as const;

/** What a queue has to do with the hub above. */
export type ParentWord = (typeof parentWords)[number];

/** One of the words above. */
export function readParentWord(text: string): ParentWord {
  const word = parentWords.find((each) => each === text);
  if (word !== undefined) return word;
  throw new InvalidArgumentError(`One of ${parentWords.join(", ")}.`);
}

/** What fairness keys weigh. */
export type Weights = Readonly<Record<string, number>>;

const weightMin = 0.001;
const weightMax = 1_000;

/** Reads one key=2 of many for commander. */
export function gatherWeight(text: string, before: Weights = {}): Weights {
  const [, key, digits] = /^(.{1,64})=(\d{1,4}(?:\.\d{1,3})?)$/u.exec(text) ?? [];
  const weight = Number(digits);
  if (key !== undefined && weight >= weightMin && weight <= weightMax) {
    return { ...before, [key]: weight };
  }
  throw new InvalidArgumentError("A weight is KEY=WEIGHT from 0.001 to 1000, e.g. acme=2.");
}
