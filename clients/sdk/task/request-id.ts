import { hex } from "@foedus/kernel/bytes.ts";
import type { Random } from "@foedus/kernel/world.ts";

const bytes = 16;
const versionAt = 6;
const variantAt = 8;

/** A new id of a request (RFC 9562, version 4): sent again with it, a request has one effect. */
export function requestId(random: Random): string {
  const drawn = random.bytes(bytes);
  drawn[versionAt] = ((drawn[versionAt] ?? 0) & 0x0f) | 0x40;
  drawn[variantAt] = ((drawn[variantAt] ?? 0) & 0x3f) | 0x80;
  return hex(drawn).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
