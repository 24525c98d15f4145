import { hex } from "./bytes.ts";
import type { Random, World } from "./world.ts";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * A new id: the prefix, and 26 characters that sort by time (48 bits of milliseconds, 80 of chance;
 * Crockford's base 32 in lower case, as in ULID).
 */
export function newId(prefix: string, world: Pick<World, "clock" | "random">): string {
  let time = world.clock.now();
  let head = "";
  for (let i = 0; i < 10; i++) {
    head = alphabet.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  let tail = "";
  for (const byte of world.random.bytes(16)) tail += alphabet.charAt(byte % 32);
  return `${prefix}_${head}${tail}`;
}

const uuidBytes = 16;

/** A UUID of chance alone, for where a column wants one. */
export function newUuid(random: Random): string {
  const digits = hex(random.bytes(uuidBytes));
  const part = (from: number, to: number) => digits.slice(from, to);
  return [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-");
}
