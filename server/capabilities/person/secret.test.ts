import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { secretOf } from "../../runtime/guards/authenticate.ts";
import { newSessionSecret, sessionCookie } from "./secret.ts";

const secret = newSessionSecret(realWorld);

function readBack(cookie: string, others = ""): string | undefined {
  const [pair] = cookie.split(";");
  return secretOf(new Headers({ cookie: `${others}${pair}` }));
}

test("the cookie that is set is the one that is read, with TLS and without", () => {
  for (const web of ["http://127.0.0.1:7080", "https://hub.example.org"]) {
    expect(readBack(sessionCookie(web, secret, 3_600_000))).toBe(secret);
  }
});

test("over TLS the cookie is bound to this host and to TLS", () => {
  const cookie = sessionCookie("https://hub.example.org", secret, 3_600_000);
  expect(cookie).toMatch(/^__Host-foedus_session=fs_[\w-]{43}; Path=\/; HttpOnly;/);
  expect(cookie).toMatch(/; SameSite=Strict; Max-Age=3600; Secure$/);
  expect(cookie).not.toContain("Domain");
});

test("a cookie that a neighbouring host planted does not replace ours", () => {
  const cookie = sessionCookie("https://hub.example.org", secret, 3_600_000);
  expect(readBack(cookie, "foedus_session=planted; ")).toBe(secret);
});
