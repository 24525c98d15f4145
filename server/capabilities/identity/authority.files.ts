import { existsSync, readFileSync, renameSync, statSync } from "node:fs";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { Authority } from "./authority.ts";
import { authorityFromPem, makeIntermediate, makeRoot } from "./authority.ts";
import { authorityFile, keepAuthority, sealRoot, sealedRootFile } from "./recovery.ts";

/** What a hub's CA is opened with. */
export interface OpenAuthority {
  readonly folder: string;
  readonly trustDomain: string;
  readonly world: World;
  readonly nowMs: number;
  /** The hash of the root that nodes already trust; undefined when nobody joined yet. */
  readonly trusted: string | undefined;
}

/** The CA, and at first start the code that must be told to the operator, once. */
export interface OpenedAuthority {
  readonly authority: Authority;
  readonly recoveryCode: string | undefined;
  /** Whether nodes trust a root whose code nobody was ever told: it cannot be renewed. */
  readonly codeLost: boolean;
  /** To be called when the operator was told the code. */
  told(): void;
}

/**
 * Opens the CA in the data folder, or makes one. Until its recovery code was told (a start can fail
 * in between) and while nobody has joined, the next start makes another.
 *
 * @throws Fault CA_MISMATCH when nodes trust another root, CA_UNREADABLE when a file is unusable.
 */
export async function openAuthority(options: OpenAuthority): Promise<OpenedAuthority> {
  const { folder, trusted } = options;
  const present = existsSync(authorityFile(folder));
  const usable = present && !(existsSync(untoldFile(folder)) && trusted === undefined);
  if (!usable && trusted !== undefined) throw mismatch(folder, trusted, "no CA");
  if (!usable) return await makeAuthority(options);
  const authority = await readAuthority(authorityFile(folder));
  if (trusted !== undefined && trusted !== authority.caHash) {
    throw mismatch(folder, trusted, authority.caHash);
  }
  const codeLost = existsSync(untoldFile(folder));
  return { authority, recoveryCode: undefined, codeLost, told: () => undefined };
}

async function makeAuthority(options: OpenAuthority): Promise<OpenedAuthority> {
  const { folder, trustDomain, world, nowMs } = options;
  const root = await makeRoot(trustDomain, nowMs, world.random);
  const authority = await makeIntermediate(root, nowMs, world.random);
  const untold = untoldFile(folder);
  const recoveryCode = await sealRoot(untold, root, world);
  await keepAuthority(folder, authority);
  return {
    authority,
    recoveryCode,
    codeLost: false,
    told: () => existsSync(untold) && renameSync(untold, sealedRootFile(folder)),
  };
}

async function readAuthority(file: string): Promise<Authority> {
  if ((statSync(file).mode & 0o077) !== 0) throw unreadable(file, "other users may read it");
  try {
    return await authorityFromPem(readFileSync(file, "utf8"));
  } catch (cause) {
    throw unreadable(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** The sealed root until its code was told. */
function untoldFile(folder: string): string {
  return `${sealedRootFile(folder)}.untold`;
}

function mismatch(folder: string, expected: string, found: string): Fault {
  return new Fault(Reason.CA_MISMATCH, { expected, folder, found });
}

function unreadable(file: string, detail: string, cause?: unknown): Fault {
  return new Fault(Reason.CA_UNREADABLE, { file, detail }, { cause });
}
