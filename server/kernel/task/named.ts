import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Worker } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { Fault } from "../fault.ts";

/** Fences beyond this are nobody's: no table holds one. */
const fenceMax = 2_147_483_647;

/** Whether there can be a task of that name: no table has room for a NUL. */
export function isTaskName(id: string): boolean {
  return !id.includes("\0");
}

/** Whether there can be such a hold at all. */
export function isHoldName({ id, fence }: { readonly id: string; readonly fence: number }) {
  return fence <= fenceMax && isTaskName(id);
}

/**
 * Refuses words that no table holds, before they come among those of others.
 *
 * @throws Fault INVALID_REQUEST, which says where.
 */
export function demandSpecNames(spec: TaskSpec): void {
  demand("spec.kind", spec.kind);
  demand("spec.fairness_key", spec.fairnessKey);
  demand("spec.unique_key", spec.uniqueKey);
  demand("spec.parent_id", spec.parentId);
  demand("spec.depends_on", ...spec.dependsOn);
  demandWords("spec.labels", spec.labels);
  if (spec.needs === undefined) return;
  const { nodeId, capabilities, labels, model } = spec.needs;
  demand("spec.needs", nodeId, model, ...capabilities);
  demandWords("spec.needs.labels", labels);
}

/**
 * The same of what a worker says of itself.
 *
 * @throws Fault INVALID_REQUEST, which says where.
 */
export function demandWorkerNames({ name, kinds, capabilities, models, labels }: Worker): void {
  demand("worker.name", name);
  demand("worker.kinds", ...kinds);
  demand("worker.capabilities", ...capabilities);
  demand("worker.models", ...models);
  demandWords("worker.labels", labels);
}

function demandWords(field: string, words: Readonly<Record<string, string>>): void {
  for (const name in words) demand(field, name, words[name] ?? "");
}

function demand(field: string, ...texts: string[]): void {
  if (texts.every(isTaskName)) return;
  throw new Fault(Reason.INVALID_REQUEST, { violation: `${field}: has a NUL character`, field });
}
