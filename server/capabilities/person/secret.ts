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

/** The cookie that carries a session's secret; over TLS it never leaves TLS, nor this very host. */
export function sessionCookie(web: string, secret: string, forMs: number): string {
  const isTls = web.startsWith("https:");
  const name = isTls ? "__Host-foedus_session" : "foedus_session";
  const secure = isTls ? "; Secure" : "";
  const age = Math.round(forMs / 1000);
  return `${name}=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${secure}`;
}
