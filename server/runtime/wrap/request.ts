import type { DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { violationOf } from "../violation.ts";

/** Refuses a message that breaks a rule of the schema. */
export function refuseInvalid<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
): void {
  const broken = violationOf(schema, message);
  if (broken === undefined) return;
  const { field, problem } = broken;
  const violation = field === "" ? problem : `${field}: ${problem}`;
  throw new Fault(Reason.INVALID_REQUEST, { violation, field });
}

/** The request_id of a decision; empty when the message has none. */
export function requestIdOf(message: Message): string {
  const id: unknown = Reflect.get(message, "requestId");
  return typeof id === "string" ? id : "";
}
