import type { World } from "../world.ts";

const minuteMs = 60_000;
const radix = 36;
const letters = "0123456789abcdefghijklmnopqrstuv";
const chanceLetters = 16;

/**
 * A new key for whoever writes. It is bound to a counter that is kept: memory lost means a new key,
 * never a counter that begins again. It says when it was made, so that a hub knows whether it still
 * remembers its ops.
 */
export function newReplica({ clock, random }: Pick<World, "clock" | "random">): string {
  const minute = Math.floor(clock.now() / minuteMs).toString(radix);
  const chance = random.bytes(chanceLetters);
  const tail = Array.from(chance, (byte) => letters.charAt(byte % letters.length)).join("");
  return `${minute}-${tail}`;
}

/** When a key was made, to the minute. */
export function issuedMs(replica: string): number {
  return Number.parseInt(replica.split("-", 1)[0] ?? "", radix) * minuteMs;
}
