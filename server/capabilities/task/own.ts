import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { create } from "@bufbuild/protobuf";
import { TaskSchema, TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";

const agentPart = /\/agent\/[^/]+$/u;

/**
 * Calling off and trying again is for whoever submitted a task, for others of the same node, and
 * for admins.
 *
 * @throws Fault NOT_YOURS.
 */
export function demandOwn(caller: Caller, task: { readonly id: string; submitter: string }): void {
  if (caller.role >= Role.ADMIN || homeOf(caller.id) === homeOf(task.submitter)) return;
  throw new Fault(Reason.NOT_YOURS, { object: `task ${task.id}` });
}

/** An agent stands for its node here. */
function homeOf(callerId: string): string {
  return callerId.replace(agentPart, "");
}

/** What a caller sees of a task: who may only look sees neither payload nor result. */
export function shownTo(caller: Caller, task: Task): Task {
  return caller.role >= Role.MEMBER ? task : bare(task);
}

/** A task without payload and result. */
export function bare(task: Task): Task {
  const { spec } = task;
  const light = spec && create(TaskSpecSchema, { ...spec, payload: undefined });
  return create(TaskSchema, { ...task, spec: light, result: undefined });
}

/** The node a caller works from; undefined for people and for the hub itself. */
export function nodeIdOf(caller: Caller): string | undefined {
  return caller.kind === "node" || caller.kind === "agent" ? caller.nodeId : undefined;
}
