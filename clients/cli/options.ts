import { InvalidArgumentError } from "commander";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { instantOf } from "@foedus/kernel/time.ts";
import { durationMs } from "./words/duration.ts";

const roles: Readonly<Record<string, Role>> = {
  observer: Role.OBSERVER,
  member: Role.MEMBER,
  admin: Role.ADMIN,
};

/** Reads "15m" for commander. */
function readDuration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined) throw new InvalidArgumentError("A time is e.g. 90s, 15m, 1h30m or 1d.");
  return ms;
}

const lifetimeMsMax = 86_400_000;

/** Reads how long a token admits for commander. */
export function readLifetime(text: string): number {
  const ms = readDuration(text);
  if (ms >= 1_000 && ms <= lifetimeMsMax) return ms;
  throw new InvalidArgumentError("A token admits for 1s to 24h.");
}

const slug = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reads the name of a node for commander. */
export function readName(text: string): string {
  if (slug.test(text)) return text;
  throw new InvalidArgumentError("A name is up to 63 of a-z, 0-9 and hyphens, e.g. web-1.");
}

/** Reads one word of a profile, such as its team, for commander. */
export function readSlug(text: string): string {
  if (text === "" || slug.test(text)) return text;
  throw new InvalidArgumentError("It is up to 63 of a-z, 0-9 and hyphens, e.g. production.");
}

/** Reads "member" for commander. */
export function readRole(text: string): Role {
  const role = roles[text.toLowerCase()];
  if (role === undefined) throw new InvalidArgumentError("A role is observer, member or admin.");
  return role;
}

/** Reads a cursor, which may stand behind a #, for commander. */
export function readCursor(text: string): bigint {
  const [, digits] = /^#?(\d{1,18})$/.exec(text) ?? [];
  if (digits === undefined) throw new InvalidArgumentError("A cursor is a whole number, e.g. 12.");
  return BigInt(digits);
}

/** An instant that may depend on what time it is now. */
export type Moment = (nowMs: number) => number;

const day = String.raw`\d{4}-\d{2}-\d{2}`;
const time = String.raw`T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})`;
const instant = new RegExp(`^${day}(?:${time})?$`, "u");

/** Reads how long ago, or when, for commander; a day alone begins at midnight UTC. */
export function readMoment(text: string): Moment {
  const agoMs = durationMs(text);
  if (agoMs !== undefined) return (nowMs) => nowMs - agoMs;
  const ms = instant.test(text) ? instantOf(text) : Number.NaN;
  if (!Number.isNaN(ms)) return () => ms;
  throw new InvalidArgumentError("A time is e.g. 15m, 2h, 1d, 2026-11-21 or 2026-11-21T09:30:00Z.");
}

/** Reads how many for commander. */
export function readCount(text: string): bigint {
  if (/^[1-9]\d{0,17}$/u.test(text)) return BigInt(text);
  throw new InvalidArgumentError("A number is a whole one from 1, e.g. 2000.");
}

/** Gathers an option that may be given many times. */
export function gather(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
