import { Fault } from "@foedus/kernel/fault.ts";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";

const noSpace = /No space left on device|ENOSPC|Disk quota exceeded|File too large|EFBIG/i;

/** PostgreSQL's own words, or the system's, as a fault that tells an operator what to do. */
export function cannotRun(detail: string): Fault {
  const reason = noSpace.test(detail) ? Reason.DISK_FULL : Reason.BUNDLED_POSTGRES_FAILED;
  return new Fault(reason, { detail });
}

/** The same for whatever an attempt threw; a fault passes as it is. */
export function cannotRunBecause(error: unknown): Fault {
  if (error instanceof Fault) return error;
  return cannotRun(error instanceof Error ? error.message : String(error));
}
