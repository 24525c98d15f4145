import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";

const diskFull = new Set(["53100", "ENOSPC", "EDQUOT", "EFBIG"]);
/** PostgreSQL has no code of its own for a file that may not grow: it only quotes the system. */
const noRoom = /No space left on device|File too large|Disk quota exceeded/;
const unreachable = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "08000",
  "08003",
  "08006",
]);
const lostConnection =
  /Connection terminated|timeout exceeded when trying to connect|not queryable/;

/** Whether a statement gave up because somebody else held what it wanted. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "55P03";
}

/** A text holds a NUL, which PostgreSQL has no room for: in a column, or in JSON. */
const notText = new Set(["22021", "22P05"]);
/** All that the standard calls a data exception: a value is at fault, whatever else there is. */
const ofValues = /^22[0-9A-Z]{3}$/;

/** Whether what was to be written is itself at fault: without it the rest would go through. */
export function isOfValues(error: unknown): boolean {
  if (error instanceof Fault) return error.reason === Reason.INVALID_REQUEST;
  return error instanceof Error && "code" in error && ofValues.test(String(error.code));
}

/** What a database error means to a caller; any other error comes back as it is. */
export function faultOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error;
  const code = "code" in error ? String(error.code) : "";
  const detail = error.message;
  if (diskFull.has(code) || noRoom.test(detail))
    return new Fault(Reason.DISK_FULL, { detail }, { cause: error });
  if (unreachable.has(code) || lostConnection.test(detail)) {
    return new Fault(Reason.DATABASE_UNREACHABLE, { detail }, { cause: error });
  }
  if (notText.has(code)) {
    const violation = "a text holds a NUL character";
    return new Fault(Reason.INVALID_REQUEST, { violation }, { cause: error });
  }
  return error;
}

/** Passes a database error on as what it means to a caller: `.catch(rethrowFault)`. */
export function rethrowFault(error: unknown): never {
  throw faultOf(error);
}
