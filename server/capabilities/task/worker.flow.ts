import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { WorkerStatusSchema, type WorkerStatus } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { Mate } from "./crew.flow.ts";

/** A worker as others see it. */
export function statusOf(mate: Mate): WorkerStatus {
  const { worker, node, sinceMs, seenMs, holds, isDraining, completed, failed } = mate;
  return create(WorkerStatusSchema, {
    worker,
    nodeId: node.nodeId,
    nodeName: node.name,
    since: timestampFromMs(sinceMs),
    lastSeenTime: timestampFromMs(seenMs),
    holds: [...holds].map(([taskId, { fence }]) => ({ taskId, fence: BigInt(fence) })),
    draining: isDraining,
    completed: BigInt(completed),
    failed: BigInt(failed),
    room: mate.free(),
    nodeLabels: { ...node.labels },
  });
}

/** Queue, node and name of a worker: the order of lists. */
export function standOf({ worker, nodeId }: WorkerStatus): string[] {
  return [worker?.queue ?? "", nodeId, worker?.name ?? ""];
}
