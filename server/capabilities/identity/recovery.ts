import "reflect-metadata";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { X509Certificate } from "@peculiar/x509";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";
import { writeSecretFile } from "../../runtime/secret.file.ts";
import type { Authority } from "./authority.ts";
import {
  authorityToPem,
  certificatePem,
  exportKey,
  importKey,
  makeIntermediate,
} from "./authority.ts";
import type { Issuer } from "./certificate.ts";
import { fromPem, toPem } from "./pem.ts";
import { newRecoveryCode, seal, unseal } from "./seal.ts";

const sealedLabel = "FOEDUS SEALED ROOT";

/** Where the root's sealed key lies; the operator moves it offline. */
export function sealedRootFile(folder: string): string {
  return join(folder, "recovery", "root.sealed");
}

/** Where the intermediate's key and the two certificates lie. */
export function authorityFile(folder: string): string {
  return join(folder, "keys", "intermediate.pem");
}

/** Seals the root's key into `file` and returns the code that opens it, which is kept nowhere. */
export async function sealRoot(file: string, root: Issuer, world: World): Promise<string> {
  const code = newRecoveryCode(world.random);
  const key = await exportKey(root.key);
  const about = new Uint8Array(root.certificate.rawData);
  const sealed = await seal(code, key, about, world.random);
  key.fill(0);
  writeSecretFile(file, toPem(sealedLabel, sealed) + certificatePem(root.certificate));
  return code;
}

/**
 * Opens the root that was put away at first start.
 *
 * @throws Fault CA_UNREADABLE without its file, RECOVERY_CODE_INVALID for another code.
 */
export async function unsealRoot(folder: string, code: string): Promise<Issuer> {
  const file = sealedRootFile(folder);
  const [sealed, top] = fromPem(readText(file));
  if (sealed?.label !== sealedLabel || top === undefined) {
    throw new Fault(Reason.CA_UNREADABLE, { file, detail: "it holds no sealed root" });
  }
  const key = await unseal(code, sealed.der, top.der);
  if (key === undefined) throw new Fault(Reason.RECOVERY_CODE_INVALID, { file });
  const root = { certificate: new X509Certificate(top.der), key: await importKey(key) };
  key.fill(0);
  return root;
}

/**
 * Puts a new intermediate, good for a year, in the place of the old one. The hub takes it at its
 * next start; certificates of nodes stay valid, since the root stays.
 */
export async function reissueIntermediate(
  folder: string,
  code: string,
  world: World = realWorld,
): Promise<Authority> {
  const root = await unsealRoot(folder, code);
  const authority = await makeIntermediate(root, world.clock.now(), world.random);
  await keepAuthority(folder, authority);
  return authority;
}

/** Writes the intermediate's key and certificates, for this user only. */
export async function keepAuthority(folder: string, authority: Authority): Promise<void> {
  writeSecretFile(authorityFile(folder), await authorityToPem(authority));
}

/** What the operator reads once, at the first start. */
export function recoveryGreeting(
  folder: string,
  opened: { readonly recoveryCode: string | undefined; told(): void },
): string[] {
  const { recoveryCode } = opened;
  if (recoveryCode === undefined) return [];
  opened.told();
  return [
    `Recovery code of this hub's CA, shown only now: ${recoveryCode}`,
    `Keep it, and ${sealedRootFile(folder)}, apart from this machine. Together they renew the CA.`,
  ];
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(Reason.CA_UNREADABLE, { file, detail }, { cause });
  }
}
