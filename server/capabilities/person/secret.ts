import { base64url } from "@foedus/kernel/bytes.ts";
import type { World } from "@foedus/kernel/world.ts";

const secretBytes = 32;

/** The secret of a session: `fs_` and 256 bits of chance. */
export function newSessionSecret(world: World): string {
  return `fs_${base64url(world.random.bytes(secretBytes))}`;
}

/** The code of a sign-in link: 256 bits of chance. */
export function newLinkCode(world: World): string {
  return base64url(world.random.bytes(secretBytes));
}

/** The address that a link opens; browsers keep the fragment to themselves. */
export function linkAddress(web: string, code: string): string {
  return `${web}/signin#code=${code}`;
}

/** The cookie that carries a session's secret; over TLS it never leaves TLS. */
export function sessionCookie(web: string, secret: string, forMs: number): string {
  const secure = web.startsWith("https:") ? "; Secure" : "";
  const age = Math.round(forMs / 1000);
  return `foedus_session=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${secure}`;
}
