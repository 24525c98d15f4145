import type { Clock } from "@foedus/kernel/world.ts";
import { pino } from "pino";
import type { Log, LogFacts } from "./log.ts";

/** A log whose level can change while it is used. */
export interface LeveledLog extends Log {
  setLevel(level: string): void;
}

/** How a log is written. */
export interface LogOptions {
  readonly clock: Clock;
  readonly level: string;
  /** Whether a person reads along. */
  readonly forPeople: boolean;
  /** Takes each line; stderr when not given. */
  readonly write?: (line: string) => void;
}

/** What may wait for whoever reads stderr; lines beyond it are left out, and counted. */
export const unreadBytesMax = 4_194_304;

/** Writes JSON lines, or short ones for people. */
export function openLog(options: LogOptions): LeveledLog {
  const { clock, level, forPeople } = options;
  const write = options.write ?? toStderr(clock);
  const stream = { write: forPeople ? (line: string) => write(forReading(line)) : write };
  const timestamp = () => `,"time":${clock.now()}`;
  const formatters = { level: (label: string) => ({ level: label }) };
  const root = pino({ level, timestamp, formatters, base: null, messageKey: "event" }, stream);
  return { ...logOver(root), setLevel: (next) => void (root.level = next) };
}

/** A reader that is behind, or gone, must not hold up the hub, nor end it. */
function toStderr(clock: Clock): (line: string) => void {
  const { stderr } = process;
  if (stderr.listenerCount("error") === 0) stderr.on("error", () => undefined);
  let leftOut = 0;
  return (line) => {
    if (stderr.writableLength > unreadBytesMax) {
      leftOut += 1;
      return;
    }
    if (leftOut > 0) {
      const facts = {
        level: "warn",
        time: clock.now(),
        event: "log lines left out",
        count: leftOut,
      };
      stderr.write(`${JSON.stringify(facts)}\n`);
      leftOut = 0;
    }
    stderr.write(line);
  };
}

/**
 * Facts are merged here rather than in children of pino, which would keep the level they began
 * with.
 */
function logOver(root: pino.Logger, own: LogFacts = {}): Log {
  const line = (facts: LogFacts = {}) => plain({ ...own, ...facts });
  return {
    error: (event, facts) => root.error(line(facts), event),
    warn: (event, facts) => root.warn(line(facts), event),
    info: (event, facts) => root.info(line(facts), event),
    debug: (event, facts) => root.debug(line(facts), event),
    with: (facts) => logOver(root, { ...own, ...facts }),
  };
}

/** Errors with their stack and cause; a bigint as text, which JSON lacks. */
function plain(facts: LogFacts): LogFacts {
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (!(value instanceof Error)) return value;
  const cause = value.cause === undefined ? {} : { cause: plainValue(value.cause) };
  return { type: value.name, message: value.message, stack: value.stack, ...cause };
}

const timeOfDay = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** `12:03:04 warn  loop failed  loop=outbox`, and the stack below. */
function forReading(line: string): string {
  const { level, time, event, ...facts } = JSON.parse(line) as Record<string, unknown>;
  const stacks: string[] = [];
  const pairs = Object.entries(facts).map(([key, value]) => {
    if (value === null || typeof value !== "object") return `${key}=${String(value)}`;
    if ("stack" in value && typeof value.stack === "string") stacks.push(value.stack);
    return `${key}=${"message" in value ? String(value.message) : JSON.stringify(value)}`;
  });
  const head = `${timeOfDay.format(Number(time))} ${String(level).padEnd(5)} ${String(event)}`;
  return `${[[head, ...pairs].join("  "), ...stacks].join("\n")}\n`;
}
