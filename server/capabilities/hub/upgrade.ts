import { create } from "@bufbuild/protobuf";
import type { HubProcess, UpgradeCheck } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { UpgradeCheckSchema } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { utcText } from "@foedus/kernel/time.ts";

const bytesPerMib = 1024 ** 2;

/** All that an upgrade depends on, as it was found. */
export interface Found {
  readonly nowMs: number;
  readonly version: string;
  /** The migrations of the program as it lies on the disk now. */
  readonly known: readonly string[];
  /** Which of those carry `-- breaking`: an older program cannot work with what they leave. */
  readonly breaking: readonly string[];
  readonly applied: readonly string[];
  /** Every hub over the database, this one first. */
  readonly processes: readonly HubProcess[];
  /** When the newest backup was made; undefined for never. */
  readonly backupMs: number | undefined;
  readonly databaseBytes: number;
  readonly freeBytes: number;
  readonly configProblem: string | undefined;
  /** Fields that are set and will be gone. */
  readonly deprecated: readonly string[];
  readonly certificates: readonly Ending[];
}

/** A certificate, when it ends, and how long before that one should act. */
export interface Ending {
  readonly name: string;
  readonly endMs: number;
  readonly noticeMs: number;
  readonly fix: string;
}

const dayMs = 86_400_000;

/** A backup older than this would lose too much. */
export const backupAgeMs = 7 * dayMs;

/** Each thing that was looked at, in the order an upgrade meets them. */
export function checksOf(found: Found): UpgradeCheck[] {
  return [
    migrations(found),
    breaking(found),
    versions(found),
    backup(found),
    disk(found),
    config(found),
    ...found.certificates.map((one) => certificate(one, found.nowMs)),
  ];
}

function migrations({ known, applied }: Found): UpgradeCheck {
  const foreign = applied.filter((name) => !known.includes(name));
  const waiting = known.filter((name) => !applied.includes(name));
  if (foreign.length > 0) {
    return bad(
      "migrations",
      `the database has had ${foreign.join(", ")}, which this program does not know`,
      "upgrade this hub: another one over the database is newer, and this one will not start again",
    );
  }
  if (waiting.length === 0) return good("migrations", `all ${known.length} carried out`);
  return good("migrations", `${waiting.join(", ")} will be carried out at the next start`);
}

function breaking({ known, breaking: marked, applied, processes, version }: Found): UpgradeCheck {
  const name = "breaking migrations";
  const waiting = marked.filter((one) => known.includes(one) && !applied.includes(one));
  const done = marked.filter((one) => applied.includes(one));
  const others = processes.slice(1).filter((one) => one.live && one.version === version);
  if (waiting.length > 0 && others.length > 0) {
    const ids = others.map((one) => one.spiffeId).join(", ");
    const detail = `${waiting.join(", ")} would break the hubs that run version ${version}`;
    return bad(name, detail, `stop these first: ${ids}`);
  }
  if (waiting.length > 0) return good(name, `${waiting.join(", ")}, and no other hub runs`);
  if (done.length === 0) return good(name, "none: the release before can serve this database");
  return good(name, `going back past ${done.join(", ")} takes a backup from before it`);
}

function versions({ version, processes }: Found): UpgradeCheck {
  const far = processes.filter((one) => one.live && !worksWith(version, one.version));
  const name = "versions";
  if (far.length === 0) {
    const live = processes.filter((one) => one.live).length;
    return good(name, `${version}; ${live} hub${live === 1 ? "" : "s"} over the database`);
  }
  const told = far.map((one) => `${one.spiffeId} runs ${one.version}`).join(", ");
  const detail = `this hub runs ${version}, and ${told}: more than one release apart`;
  return bad(name, detail, "upgrade one release at a time, the older hubs first");
}

/** Whether two releases may serve one database: the same one, or neighbours. */
export function worksWith(one: string, other: string): boolean {
  const [a, b] = [releaseOf(one), releaseOf(other)];
  if (a === undefined || b === undefined) return one === other;
  return a.major === b.major && Math.abs(a.minor - b.minor) <= 1;
}

function releaseOf(version: string): { major: number; minor: number } | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

function backup({ backupMs, nowMs }: Found): UpgradeCheck {
  const fix = "run `foedus hub backup --out FILE` on the hub's machine";
  if (backupMs === undefined) return bad("backup", "none was ever made", fix);
  const detail = `the newest is of ${utcText(backupMs)}`;
  return nowMs - backupMs <= backupAgeMs ? good("backup", detail) : bad("backup", detail, fix);
}

function disk({ databaseBytes, freeBytes }: Found): UpgradeCheck {
  const detail = `${inMib(freeBytes)} free, and the database holds ${inMib(databaseBytes)}`;
  const fix = "free space on the disk of the data folder, or write the backup to another one";
  return freeBytes >= databaseBytes ? good("disk", detail) : bad("disk", detail, fix);
}

function inMib(bytes: number): string {
  return `${(bytes / bytesPerMib).toFixed(1)} MiB`;
}

function config({ configProblem, deprecated }: Found): UpgradeCheck {
  if (configProblem !== undefined) {
    return bad("config", configProblem, "correct it: the hub would not start again as it is");
  }
  if (deprecated.length === 0) return good("config", "every field is known and has a future");
  const detail = `these fields will be gone: ${deprecated.join(", ")}`;
  return bad("config", detail, "see docs/reference/config.md for what takes their place");
}

function certificate({ name, endMs, noticeMs, fix }: Ending, nowMs: number): UpgradeCheck {
  const detail = `${endMs <= nowMs ? "ended" : "ends"} ${utcText(endMs)}`;
  return endMs - nowMs > noticeMs ? good(name, detail) : bad(name, detail, fix);
}

function good(name: string, detail: string): UpgradeCheck {
  return create(UpgradeCheckSchema, { name, ok: true, detail });
}

function bad(name: string, detail: string, fix: string): UpgradeCheck {
  return create(UpgradeCheckSchema, { name, ok: false, detail, fix });
}
