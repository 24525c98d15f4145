import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { resolve } from "node:path";
import type { Hub } from "../../runtime/capability.ts";
import { configFields } from "../../runtime/config/fields.ts";
import { migrationNames } from "../../runtime/storage/breaking.ts";
import { breakingMigrations } from "../../runtime/storage/migrate.ts";
import type { Ending, Found } from "./upgrade.ts";
import { readBackupMs } from "./upgrade.store.ts";
import { readHeld } from "./usage.store.ts";

const dayMs = 86_400_000;

/** The hub warns of its issuing certificate from the same day on. */
const issuerNoticeMs = 30 * dayMs;

/** Every node must learn a new root before the old one ends. */
const rootNoticeMs = 365 * dayMs;
const webNoticeMs = 14 * dayMs;

/** Looks at everything that an upgrade depends on. */
export async function findOut(hub: Hub): Promise<Found> {
  const { storage, config } = hub;
  const { version } = hub.status();
  const disk = await statfs(resolve(config().data));
  return {
    nowMs: storage.nowMs(),
    version,
    known: migrationNames(),
    breaking: breakingMigrations(),
    applied: await hub.migrationsApplied(),
    processes: hub.processes.list(),
    backupMs: await readBackupMs(storage),
    databaseBytes: (await readHeld(storage)).databaseBytes,
    freeBytes: disk.bavail * disk.bsize,
    configProblem: hub.configProblem(),
    deprecated: deprecatedOf(hub),
    certificates: [...issuersOf(hub), ...webCertificateOf(hub)],
  };
}

/** Fields that somebody set and that the schema calls deprecated. */
function deprecatedOf(hub: Hub): string[] {
  const gone = new Set(configFields.filter(({ desc }) => desc.deprecated).map(({ name }) => name));
  const set = hub.configEntries().filter(({ source }) => source !== "default");
  return set.map(({ field }) => field).filter((field) => gone.has(field));
}

const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Above the hub's own certificate, which renews itself each day: the issuer, then the root. */
function issuersOf(hub: Hub): Ending[] {
  const [, issuer, root] = hub.certificate()?.chain.match(pem) ?? [];
  const renew = "run `foedus hub renew-ca` with the recovery code, then restart the hub";
  const again = "make a new root while the old one holds: its nodes have to join again";
  return [
    ...ending(issuer, { name: "issuing certificate", noticeMs: issuerNoticeMs, fix: renew }),
    ...ending(root, { name: "root certificate", noticeMs: rootNoticeMs, fix: again }),
  ];
}

function webCertificateOf({ config }: Hub): Ending[] {
  const { webCertificateFile: file } = config();
  if (file === "") return [];
  const [leaf] = readFileSync(file, "utf8").match(pem) ?? [];
  const fix = `put a new certificate into ${file}, then restart the hub`;
  return ending(leaf, { name: "web certificate", noticeMs: webNoticeMs, fix });
}

function ending(text: string | undefined, rest: Omit<Ending, "endMs">): Ending[] {
  if (text === undefined) return [];
  return [{ ...rest, endMs: new X509Certificate(text).validToDate.getTime() }];
}
