import { base64url } from "../bytes.ts";
import type { World } from "../world.ts";

const minuteMs = 60_000;
const radix = 36;
const chanceBytes = 10;

/**
 * A new key for whoever writes. It is bound to a counter that is kept: memory lost means a new key,
 * never a counter that begins again. It says when it was made, so that a hub knows whether it still
 * remembers its ops.
 */
export function newReplica({ clock, random }: Pick<World, "clock" | "random">): string {
  const minute = Math.floor(clock.now() / minuteMs).toString(radix);
  return `${minute}-${base64url(random.bytes(chanceBytes))}`;
}

/** When a key was made, to the minute. */
export function issuedMs(replica: string): number {
  return Number.parseInt(replica.split("-", 1)[0] ?? "", radix) * minuteMs;
}
