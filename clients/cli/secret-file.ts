import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";

/** A new file that only this user can read. */
export interface SecretFile {
  write(text: string): void;
  /** Removes it again, since there is nothing to keep. */
  discard(): void;
}

const ownerOnly = 0o600;

/**
 * Makes the file before there is a secret, so that none is lost when it cannot be made. An existing
 * file stays as it is: it may be readable by others, or somebody's.
 *
 * @throws Fault FILE_UNUSABLE
 */
export function newSecretFile(file: string): SecretFile {
  const handle = orFault(file, () => openSync(file, "wx", ownerOnly));
  return {
    write(text) {
      orFault(file, () => writeSync(handle, text));
      closeSync(handle);
    },
    discard() {
      closeSync(handle);
      rmSync(file, { force: true });
    },
  };
}

function orFault<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const exists = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    const words = cause instanceof Error ? cause.message : String(cause);
    const detail = exists ? "it exists, and is not overwritten" : words;
    throw new Fault(Reason.FILE_UNUSABLE, { file, done: "written", detail }, { cause });
  }
}
