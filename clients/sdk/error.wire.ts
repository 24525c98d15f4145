import { Code, ConnectError } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";
import { Fault, faultDomain, reasonNamed } from "@foedus/kernel/fault.ts";
import { FoedusError } from "./error.ts";

/** Whatever a call threw, as a FoedusError; `address` is whom it was meant for. */
export function errorOf(thrown: unknown, address = "the hub's address"): FoedusError {
  for (const cause of causesOf(thrown)) {
    if (cause instanceof FoedusError) return cause;
    if (cause instanceof Fault)
      return new FoedusError(cause.reason, cause.facts, { cause: thrown });
    const told = cause instanceof ConnectError ? toldBy(cause) : undefined;
    if (told !== undefined) return told;
  }
  return untold(thrown, address);
}

/** What the hub itself said, in google.rpc.ErrorInfo. */
function toldBy(error: ConnectError): FoedusError | undefined {
  const found = error.findDetails(ErrorInfoSchema).find((one) => one.domain === faultDomain);
  if (found === undefined) return undefined;
  const { cause: because, fix, ...facts } = found.metadata;
  const known = reasonNamed(found.reason);
  const reason = known ?? Reason.UNSPECIFIED;
  const more = known === undefined ? { ...facts, reason: found.reason } : facts;
  return new FoedusError(reason, more, {
    message: error.rawMessage,
    code: error.code,
    cause: error,
    ...(fix === undefined ? {} : { fix }),
    ...(because === undefined ? {} : { because }),
  });
}

/** What the network or the carrier said. */
function untold(thrown: unknown, address: string): FoedusError {
  const detail = detailOf(thrown);
  if (!(thrown instanceof ConnectError)) {
    return new FoedusError(Reason.HUB_UNREACHABLE, { address, detail }, { cause: thrown });
  }
  if (thrown.code === Code.DeadlineExceeded) {
    return new FoedusError(Reason.DEADLINE_EXCEEDED, { timeout_ms: "its own" }, { cause: thrown });
  }
  if (broken.has(thrown.code)) {
    return new FoedusError(Reason.HUB_UNREACHABLE, { address, detail }, { cause: thrown });
  }
  const { code, rawMessage: message } = thrown;
  return new FoedusError(Reason.UNSPECIFIED, {}, { code, message, cause: thrown });
}

/** What Connect reports when a connection breaks, or never came to be. */
const broken = new Set([
  Code.Unavailable,
  Code.Aborted,
  Code.Internal,
  Code.Canceled,
  Code.Unknown,
]);

function* causesOf(thrown: unknown): Generator {
  const seen = new Set<unknown>();
  for (let at = thrown; at instanceof Error && !seen.has(at); at = at.cause) {
    seen.add(at);
    yield at;
  }
}

/** The innermost words: "connect ECONNREFUSED 127.0.0.1:7443" rather than what wraps them. */
function detailOf(thrown: unknown): string {
  const innermost = [...causesOf(thrown)].at(-1) ?? thrown;
  if (innermost instanceof ConnectError) return innermost.rawMessage;
  if (innermost instanceof AggregateError && innermost.message === "") {
    return detailOf(innermost.errors.at(-1));
  }
  return innermost instanceof Error ? innermost.message : String(innermost);
}
