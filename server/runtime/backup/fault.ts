import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { faultOf } from "../storage/fault.ts";

/** A backup that cannot be used; nothing was changed because of it. */
export function unreadable(file: string, problem: string, cause?: unknown): Fault {
  return new Fault(Reason.BACKUP_UNREADABLE, { file, problem }, { cause });
}

/** A place that holds something already. */
export function notEmpty(what: string): Fault {
  return new Fault(Reason.RESTORE_NOT_EMPTY, { what });
}

/** What an error means to whoever asked for a backup, when it is about a file of that folder. */
export function fileFault(error: unknown, folder: string): unknown {
  const isFile = error instanceof Error && "syscall" in error && "path" in error;
  const isDenied =
    isFile && "code" in error && /^(ENOENT|EACCES|EPERM|EROFS)$/.test(String(error.code));
  if (!isDenied) return faultOf(error);
  return new Fault(
    Reason.DATA_FOLDER_UNUSABLE,
    { folder, detail: error.message },
    { cause: error },
  );
}
