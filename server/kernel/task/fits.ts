import type { Needs } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { Worker } from "@foedus/gen/foedus/task/v1/task_work_pb.js";

/** The node a worker runs on: its id is proved, its profile's words are what it said of itself. */
export interface WorkerNode {
  readonly nodeId: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Who works, as far as tasks ask for it. */
export type Offer = Pick<Worker, "kinds" | "capabilities" | "labels" | "models">;

/** What keeps a worker from tasks of this kind and these needs, in words; nothing when it fits. */
export function obstaclesOf(
  kind: string,
  needs: Needs | undefined,
  worker: Offer,
  node: WorkerNode,
): string[] {
  const { nodeId = "", model = "", capabilities = [], labels = {} } = needs ?? {};
  const lacking = capabilities.filter((each) => !worker.capabilities.includes(each));
  return [
    ...(worker.kinds.length === 0 || worker.kinds.includes(kind) ? [] : [`does no ${kind}`]),
    ...(nodeId === "" || nodeId === node.nodeId ? [] : [`is not node ${nodeId}`]),
    ...lacking.map((each) => `offers no ${each}`),
    ...Object.entries(labels).flatMap(([name, value]) => labelObstacle(name, value, worker, node)),
    ...(model === "" || worker.models.includes(model) ? [] : [`cannot run the model ${model}`]),
  ];
}

/** Whether a worker can do such tasks. */
export function fits(
  kind: string,
  needs: Needs | undefined,
  worker: Offer,
  node: WorkerNode,
): boolean {
  return obstaclesOf(kind, needs, worker, node).length === 0;
}

/** The worker's own word counts, and so does its node's. */
function labelObstacle(name: string, value: string, worker: Offer, node: WorkerNode): string[] {
  const own = Object.hasOwn(worker.labels, name) ? worker.labels[name] : undefined;
  const profile = Object.hasOwn(node.labels, name) ? node.labels[name] : undefined;
  if (own === value || profile === value) return [];
  const said = own ?? profile;
  return [said === undefined ? `says no ${name}` : `has ${name} ${said}, not ${value}`];
}
