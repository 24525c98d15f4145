import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  HelpSchema,
  RetryInfoSchema,
} from "@foedus/gen/google/rpc/error_details_pb.js";
import type { Fault } from "@foedus/kernel/fault.ts";
import { explanationOf, faultDomain, fixOf, reasonName } from "@foedus/kernel/fault.ts";

type Detail = NonNullable<ConstructorParameters<typeof ConnectError>[3]>[number];

/** Where the generated reference explains every reason. */
const reference = "docs/reference/reasons.md";

/** A fault as it goes over the wire: google.rpc's details beside code and message. */
export function toConnectError(fault: Fault): ConnectError {
  return new ConnectError(fault.message, codeOf(fault), undefined, detailsOf(fault), fault);
}

/**
 * Gives an error that Connect itself raised our reason, in place, since it is being sent already.
 */
export function dress(error: ConnectError, fault: Fault): void {
  const code = codeOf(fault);
  const { message } = new ConnectError(fault.message, code);
  Object.assign(error, { code, message, rawMessage: fault.message, details: detailsOf(fault) });
}

/** Whether the error carries details of ours. */
export function isDressed(error: ConnectError): boolean {
  return error.details.length > 0;
}

/** How the fault's code is spelled in meters and logs. */
export function codeOf(fault: Fault): Code {
  const { code } = explanationOf(fault.reason);
  const found = codes.get(code);
  if (found === undefined) throw new Error(`${reasonName(fault.reason)} has no code "${code}"`);
  return found;
}

/** "FAILED_PRECONDITION" -> Code.FailedPrecondition. */
const codes: ReadonlyMap<string, Code> = new Map(
  Object.entries(Code).flatMap(([name, code]) => {
    if (typeof code !== "number") return [];
    return [[name.replaceAll(/(?<=[a-z])([A-Z])/g, "_$1").toUpperCase(), code] as const];
  }),
);

function detailsOf(fault: Fault): Detail[] {
  const { cause } = explanationOf(fault.reason);
  const fix = fixOf(fault);
  const reason = reasonName(fault.reason);
  const metadata = { ...fault.facts, cause, fix };
  const url = `${reference}#${reason.toLowerCase()}`;
  const { retry_ms: retryMs, field, violation } = fault.facts;
  const details: Detail[] = [
    { desc: ErrorInfoSchema, value: { reason, domain: faultDomain, metadata } },
    { desc: HelpSchema, value: { links: [{ description: fix, url }] } },
  ];
  if (retryMs !== undefined) {
    const value = { retryDelay: durationFromMs(Number(retryMs)) };
    details.push({ desc: RetryInfoSchema, value });
  }
  if (fault.reason === Reason.INVALID_REQUEST) {
    const value = { fieldViolations: [{ field: field ?? "", description: violation ?? "" }] };
    details.push({ desc: BadRequestSchema, value });
  }
  return details;
}
