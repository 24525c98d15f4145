import { Code, ConnectError } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { Log } from "../log.ts";
import { traceparent } from "../spans.ts";

/** What became of a failed call: a fault that is told, or nothing because the caller has gone. */
export type Failure = Fault | "gone";

/**
 * The fault to tell for whatever was thrown. What is a bug is told as an incident, its cause only
 * logged.
 */
export function failureOf(
  error: unknown,
  kit: { readonly world: World; readonly log: Log },
  method: string,
): Failure {
  if (error instanceof Fault) return error;
  if (error instanceof ConnectError) {
    const fault = faultOfConnect(error);
    if (fault !== undefined) return fault;
  }
  if (isAbort(error)) return "gone";
  const incident = newId("inc", kit.world);
  kit.log.error("incident", { incident, method, trace: traceparent(), error });
  return new Fault(Reason.INTERNAL, { incident }, { cause: error });
}

/** What Connect raises by itself: unreadable bytes, sizes, deadlines, clients that hang up. */
export function faultOfConnect(error: ConnectError): Failure | undefined {
  const violation = error.rawMessage;
  switch (error.code) {
    case Code.Canceled:
    case Code.Aborted:
      return "gone";
    case Code.DeadlineExceeded:
      return new Fault(Reason.DEADLINE_EXCEEDED, { timeout_ms: "its own" }, { cause: error });
    case Code.ResourceExhausted:
      return new Fault(Reason.LIMIT_EXCEEDED, sizeIn(violation));
    case Code.InvalidArgument:
      return new Fault(Reason.INVALID_REQUEST, { violation }, { cause: error });
    case Code.Internal:
      if (!violation.startsWith("parse binary")) return undefined;
      return new Fault(Reason.INVALID_REQUEST, { violation: "it is not protobuf" });
    default:
      return undefined;
  }
}

/** Which side of the call was too large, and what it may have. */
function sizeIn(message: string): { what: string; limit: string } {
  const [, side, bytes] = /(read|write)MaxBytes (\d+)/.exec(message) ?? [];
  return {
    what: side === "write" ? "the answer" : "the message",
    limit: `${bytes ?? "its"} bytes`,
  };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
