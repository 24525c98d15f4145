import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { backup, restore, type BackupWish } from "../../../server/backup.ts";
import type { SealOptions } from "../commands/hub.ts";
import type { CliContext } from "../context.ts";
import { readSecret } from "../secret.ts";
import { counted } from "../words/plural.ts";

/** Backs the hub of the data folder up. */
export async function makeBackup(
  context: CliContext,
  options: SealOptions & { readonly out: string },
): Promise<void> {
  const wish = await wishOf(context, options.out, { ...options, twice: true });
  const { tables, rows, files } = await backup(wish);
  const { print } = context;
  if (print.output === "json") return print.json({ file: wish.file, tables, rows, files });
  const held = `${counted(rows, "row")} of ${counted(tables, "table")}, ${counted(files, "file")}`;
  print.line(`Backed up to ${wish.file}: ${held}.`);
  print.note("Whoever has this file and its passphrase can be this hub. Keep them apart.");
}

/** Makes the hub of a backup again. */
export async function restoreBackup(
  context: CliContext,
  file: string,
  options: SealOptions,
): Promise<void> {
  const { tables, rows, files } = await restore(
    await wishOf(context, file, { ...options, twice: false }),
  );
  const { print } = context;
  if (print.output === "json") return print.json({ file, tables, rows, files });
  const held = `${counted(rows, "row")} of ${counted(tables, "table")}, ${counted(files, "file")}`;
  print.line(`Restored ${held} into ${context.folder}.`);
  print.note("Start it: foedus hub serve. The hub it was made of must not run any more.");
}

async function wishOf(
  context: CliContext,
  file: string,
  { passphraseFile, config, twice }: SealOptions & { readonly twice: boolean },
): Promise<BackupWish> {
  const source = { file: passphraseFile, question: "Passphrase: ", twice };
  const passphrase = await readSecret(context, source);
  if (passphrase === "") {
    const problem = "a backup is sealed with a passphrase, and none was given";
    throw new Fault(Reason.COMMAND_INVALID, { problem, command: "foedus hub" });
  }
  const flags: Record<string, string> = context.named === undefined ? {} : { data: context.named };
  const sources = { flags, environment: context.environment, file: config };
  return { sources, file, passphrase, world: context.world };
}
