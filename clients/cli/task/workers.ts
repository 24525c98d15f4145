import { create } from "@bufbuild/protobuf";
import type { WorkerStatus } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import {
  ListWorkersResponseSchema,
  WorkService,
} from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import type { CliContext } from "../context.ts";
import { allPages } from "../pages.ts";
import { dim, good, strong, warn, type Piece } from "../paint.ts";
import { openNames, type NodeNames } from "./names.ts";
import { whenText } from "./words.ts";

const head = "WORKER NODE QUEUE DOES OFFERS HOLDS DONE FAILED SEEN STATE".split(" ");

/** Who works, and what they hold. */
export async function listWorkers(
  context: CliContext,
  { queue = "" }: { readonly queue?: string },
): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const client = hub.as(WorkService);
  const workers = await allPages(
    (page) => client.listWorkers({ queue, page }, hub.call),
    (page) => page.workers,
  );
  const answer = create(ListWorkersResponseSchema, { workers });
  await print.answer(ListWorkersResponseSchema, answer, async () => {
    if (workers.length === 0) {
      const where = queue === "" ? "" : ` on ${queue}`;
      print.line(`Nobody works${where} now.`);
      const name = queue === "" ? "QUEUE" : queue;
      return print.line(
        `To run a worker: npx foedus task work ${name} --data ./my-node -- COMMAND`,
      );
    }
    const nowMs = hub.nowMs();
    const names = openNames(hub);
    await names.learn(workers.map(({ nodeId }) => nodeId));
    await print.table(
      head,
      workers.map((one) => rowOf(one, names, nowMs)),
    );
    tellHolds(context, workers, names);
  });
}

function rowOf(status: WorkerStatus, names: NodeNames, nowMs: number): Piece[] {
  const { worker, nodeId, holds, completed, failed, draining } = status;
  const { name = "", queue = "", kinds = [], concurrency = 0 } = worker ?? {};
  return [
    strong(name),
    names.nameOf(nodeId),
    queue,
    kinds.length === 0 ? dim("all kinds") : kinds.join(", "),
    offerText(status),
    `${holds.length} of ${concurrency}`,
    String(completed),
    failed === 0n ? "0" : warn(String(failed)),
    whenText(status.lastSeenTime, nowMs),
    draining ? warn("takes no more") : good("there"),
  ];
}

function offerText({ worker }: WorkerStatus): Piece {
  const { capabilities = [], labels = {}, models = [] } = worker ?? {};
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const all = [...capabilities, ...pairs, ...models.map((model) => `model ${model}`)];
  return all.length === 0 ? dim("nothing else") : all.join(", ");
}

const holdsShown = 20;

/** What each of them has in hand. */
function tellHolds(
  { print }: CliContext,
  workers: readonly WorkerStatus[],
  names: NodeNames,
): void {
  const held = workers.flatMap(({ worker, holds, nodeId }) =>
    holds.map(({ taskId }) => `${taskId}  ${worker?.name ?? ""} of ${names.nameOf(nodeId)}`),
  );
  if (held.length === 0) return;
  print.line();
  print.line(dim("HOLDS"));
  for (const line of held.slice(0, holdsShown)) print.line(line);
  const more = held.length - holdsShown;
  if (more > 0) print.note(dim(`and ${more} more: foedus task list --state working`));
}
