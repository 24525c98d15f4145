import { readFileSync } from "node:fs";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { CliContext } from "./context.ts";
import { Ended } from "./end.ts";
import { exitCodes } from "./exit.ts";

/** Where a secret may come from; never from the command line, which others can read. */
export interface SecretSource {
  /** The option that names a file, and what it names; undefined when it was not given. */
  readonly file: string | undefined;
  /** What a person is asked. */
  readonly question: string;
  /** Whether a person says it twice: a slip would lock the door for good. */
  readonly twice?: boolean;
}

/** The secret of a file, of standard input, or of whoever sits at the terminal; may be empty. */
export async function readSecret(context: CliContext, source: SecretSource): Promise<string> {
  const { file, question, twice = false } = source;
  if (file !== undefined) return readSecretFile(file);
  const { terminal } = context;
  if (!terminal.isAttended) return (await terminal.readInput()).trim();
  const text = (await terminal.askSecret(question)).trim();
  if (!twice || (await terminal.askSecret("Once more: ")).trim() === text) return text;
  throw new Ended(exitCodes.failed, "The two are not the same. Nothing was done.");
}

function readSecretFile(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(Reason.FILE_UNUSABLE, { file, done: "read", detail }, { cause });
  }
}
