import { InvalidArgumentError } from "commander";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
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

/** Reads the name of a node for commander. */
export function readName(text: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError("A name is up to 63 of a-z, 0-9 and hyphens, e.g. web-1.");
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

/** Gathers an option that may be given many times. */
export function gather(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
