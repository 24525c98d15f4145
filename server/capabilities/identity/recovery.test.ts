import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openAuthority, type OpenedAuthority } from "./authority.files.ts";
import { authorityFile, recoveryGreeting, reissueIntermediate } from "./recovery.ts";
import { sealedRootFile, unsealRoot } from "./recovery.ts";
import { newRecoveryCode, seal, unseal } from "./seal.ts";

const world = realWorld;
const nowMs = world.clock.now();
const folder = mkdtempSync(join(tmpdir(), "foedus-ca-"));
const untold = `${sealedRootFile(folder)}.untold`;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let first: OpenedAuthority;
let code = "";
beforeAll(async () => {
  first = await open();
  code = first.recoveryCode ?? "";
});

function open(trusted?: string): Promise<OpenedAuthority> {
  return openAuthority({ folder, trustDomain: "foedus.test", world, nowMs, trusted });
}

async function refused(act: Promise<unknown>): Promise<string> {
  const error = await act.catch((reason: unknown) => reason);
  return error instanceof Fault ? reasonName(error.reason) : String(error);
}

test("a code that nobody was told is worth nothing: the next start makes another", async () => {
  expect(code).toMatch(/^([0-9a-z]{4}-){7}[0-9a-z]{4}$/);
  expect(existsSync(untold)).toBe(true);
  const second = await open();
  expect(second.recoveryCode).not.toBe(code);
  expect(second.authority.caHash).not.toBe(first.authority.caHash);
  first = second;
  code = second.recoveryCode ?? "";
});

test("once somebody joined the CA stays, told or not", async () => {
  const again = await open(first.authority.caHash);
  expect(again.authority.caHash).toBe(first.authority.caHash);
  expect(again).toMatchObject({ recoveryCode: undefined, codeLost: true });
});

test("the code is told once, and stored nowhere", async () => {
  expect(recoveryGreeting(folder, first).join("\n")).toContain(code);
  expect(existsSync(untold)).toBe(false);
  const again = await open();
  expect(again.authority.caHash).toBe(first.authority.caHash);
  expect(recoveryGreeting(folder, again)).toEqual([]);
  expect(again.codeLost).toBe(false);
  const files = [authorityFile(folder), sealedRootFile(folder)];
  for (const file of files) {
    expect(readFileSync(file, "utf8")).not.toContain(code);
    expect(statSync(file).mode & 0o077).toBe(0);
  }
});

test("the root's key is nowhere but sealed", async () => {
  const root = await unsealRoot(folder, code);
  const { subtle } = globalThis.crypto;
  const jwk = await subtle.exportKey("jwk", root.key);
  const secret = Buffer.from(jwk.d ?? "", "base64url");
  expect(secret).toHaveLength(32);
  for (const file of [authorityFile(folder), sealedRootFile(folder)]) {
    const parts = readFileSync(file, "utf8")
      .replaceAll(/-----[^-]+-----|\n/g, " ")
      .split(" ");
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part, "base64")));
    expect(bytes.includes(secret)).toBe(false);
  }
});

test("the code opens the root however it is typed, and no other code does", async () => {
  const typed = ` ${code.toUpperCase().replaceAll("-", " ").replaceAll("0", "O")} `;
  const root = await unsealRoot(folder, typed);
  expect(root.certificate.equal(first.authority.root)).toBe(true);
  const other = newRecoveryCode(world.random);
  expect(await refused(unsealRoot(folder, other))).toBe("RECOVERY_CODE_INVALID");
  expect(await refused(unsealRoot(join(folder, "no"), code))).toBe("CA_UNREADABLE");
});

test("a new intermediate hangs below the same root", async () => {
  const renewed = await reissueIntermediate(folder, code);
  expect(renewed.caHash).toBe(first.authority.caHash);
  const opened = await open(first.authority.caHash);
  const was = first.authority.issuer.certificate.serialNumber;
  expect(opened.authority.issuer.certificate.serialNumber).not.toBe(was);
  const top = new X509Certificate(Buffer.from(opened.authority.root.rawData));
  const issuer = new X509Certificate(Buffer.from(opened.authority.issuer.certificate.rawData));
  expect(issuer.verify(top.publicKey)).toBe(true);
  const old = readFileSync(authorityFile(folder));
  expect(await refused(reissueIntermediate(folder, "wrong"))).toBe("RECOVERY_CODE_INVALID");
  expect(readFileSync(authorityFile(folder)).equals(old)).toBe(true);
});

test("another root than the one nodes trust is refused by name", async () => {
  expect(await refused(open("another-root"))).toBe("CA_MISMATCH");
  const empty = { folder: join(folder, "empty"), trustDomain: "foedus.test", world, nowMs };
  expect(await refused(openAuthority({ ...empty, trusted: "a-root" }))).toBe("CA_MISMATCH");
});

test("a key that others may read is refused", async () => {
  chmodSync(authorityFile(folder), 0o644);
  expect(await refused(open())).toBe("CA_UNREADABLE");
  chmodSync(authorityFile(folder), 0o600);
  expect((await open()).authority.caHash).toBe(first.authority.caHash);
});

test("a sealed secret opens for nothing else than it was sealed for", async () => {
  const [secret, about] = [world.random.bytes(40), world.random.bytes(40)];
  const sealed = await seal("code", secret, about, world.random);
  expect(await unseal("code", sealed, about)).toEqual(secret);
  expect(await unseal("code", sealed, secret)).toBeUndefined();
  expect(await unseal("code", sealed.slice(0, 40), about)).toBeUndefined();
  const flipped = Uint8Array.from(sealed, (byte, at) =>
    at === sealed.length - 1 ? byte ^ 1 : byte,
  );
  expect(await unseal("code", flipped, about)).toBeUndefined();
});
