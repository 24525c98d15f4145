import type { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { explanationOf } from "@foedus/kernel/fault.ts";

/** How the command ends; docs/reference/exit-codes.md tells programs the same. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  unreachable: 5,
  conflict: 6,
  interrupted: 130,
} as const;

/** One of them. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byStatus: Readonly<Record<string, ExitCode>> = {
  INVALID_ARGUMENT: exitCodes.usage,
  NOT_FOUND: exitCodes.notFound,
  UNAUTHENTICATED: exitCodes.notAllowed,
  PERMISSION_DENIED: exitCodes.notAllowed,
  UNAVAILABLE: exitCodes.unreachable,
  DEADLINE_EXCEEDED: exitCodes.unreachable,
  ALREADY_EXISTS: exitCodes.conflict,
  FAILED_PRECONDITION: exitCodes.conflict,
  ABORTED: exitCodes.conflict,
  OUT_OF_RANGE: exitCodes.conflict,
};

/** The exit code of a failure: by the status code that its reason has in the schema. */
export function exitCodeOf(reason: Reason): ExitCode {
  return byStatus[explanationOf(reason).code] ?? exitCodes.failed;
}
