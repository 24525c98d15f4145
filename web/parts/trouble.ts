import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";

/** A failed call as the page tells it: what is wrong, why, and what mends it. */
export interface Trouble {
  readonly code: Code;
  /** Without the REASON_ prefix; empty when the hub gave none. */
  readonly reason: string;
  readonly text: string;
  readonly cause: string;
  readonly fix: string;
  readonly facts: readonly (readonly [string, string])[];
}

const refusals: ReadonlySet<Code> = new Set([
  Code.Unauthenticated,
  Code.PermissionDenied,
  Code.Unimplemented,
  Code.InvalidArgument,
  Code.NotFound,
]);
/** What a browser makes of a hub that is not there, or goes while it speaks. */
const absences: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.Unknown,
  Code.DeadlineExceeded,
  Code.DataLoss,
]);
const wordsOfTheirOwn = new Set(["cause", "fix"]);

/** Reads a google.rpc.ErrorInfo where there is one, and says something useful where there is not. */
export function troubleOf(error: unknown): Trouble {
  const failure = ConnectError.from(error);
  const detail = failure.findDetails(ErrorInfoSchema)[0];
  if (detail === undefined) return withoutDetail(failure);
  return {
    code: failure.code,
    reason: detail.reason,
    text: failure.rawMessage,
    cause: detail.metadata["cause"] ?? "",
    fix: detail.metadata["fix"] ?? "",
    facts: Object.entries(detail.metadata).filter(([name]) => !wordsOfTheirOwn.has(name)),
  };
}

/** Whether the hub does not know who is calling. */
export function isSignedOut(error: unknown): boolean {
  return ConnectError.from(error).code === Code.Unauthenticated;
}

/** Whether the hub will answer the same however often it is asked. */
export function isRefusal(error: unknown): boolean {
  return refusals.has(ConnectError.from(error).code);
}

/** Whether nobody answered, so that another try may help. */
export function isAbsence(error: unknown): boolean {
  return absences.has(ConnectError.from(error).code);
}

/** Whether the cursor lies outside the log: one has to begin anew. */
export function isCursorLost(error: unknown): boolean {
  return ConnectError.from(error).code === Code.OutOfRange;
}

function withoutDetail(failure: ConnectError): Trouble {
  const unreachable = isAbsence(failure);
  return {
    code: failure.code,
    reason: unreachable ? "HUB_UNREACHABLE" : "",
    text: unreachable ? "the hub does not answer" : failure.rawMessage,
    cause: unreachable ? "it is stopped or restarting, or the network is down" : "",
    fix: unreachable ? "npx foedus doctor" : "",
    facts: unreachable ? [["detail", failure.rawMessage]] : [],
  };
}
