import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import type { HubClient } from "../hub-client.ts";
import { allPages } from "../pages.ts";

/** The queues that a node works on, with what its workers hold, e.g. "scans (2 of 4)". */
export async function worksOn(hub: HubClient, nodeId: string): Promise<string> {
  const client = hub.as(WorkService);
  const workers = await allPages(
    (page) => client.listWorkers({ page }, hub.call),
    (page) => page.workers.filter((worker) => worker.nodeId === nodeId),
  );
  return workers
    .map(
      ({ worker, holds }) =>
        `${worker?.queue ?? ""} (${holds.length} of ${worker?.concurrency ?? 0})`,
    )
    .join(", ");
}
