import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Failure } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { FailureSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault, reasonName, type Facts } from "../fault.ts";

const ofHub = [
  Reason.TASK_LEASE_LOST,
  Reason.TASK_TIMED_OUT,
  Reason.TASK_DEADLINE_PASSED,
  Reason.TASK_DEPENDENCY_FAILED,
] as const;

/** A failure that the hub finds itself, in the words of the closed list of reasons. */
export function hubFailure(reason: (typeof ofHub)[number], facts: Facts): Failure {
  const { message } = new Fault(reason, facts);
  return create(FailureSchema, { reason: reasonName(reason), message });
}

const names = new Set<string>(ofHub.map(reasonName));

/** Whether the hub found it. */
export function isOfHub({ reason }: Failure): boolean {
  return names.has(reason);
}
