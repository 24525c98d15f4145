import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { NodeState, type Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { CandidateSchema, type Candidate } from "@foedus/gen/foedus/task/v1/task_explain_pb.js";
import { WorkerSchema, type WorkerStatus } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { obstaclesOf } from "@foedus/kernel/task/fits.ts";
import { utcText } from "@foedus/kernel/time.ts";

const candidatesMax = 20;

/** Who could take a task, those who fit first; `named` is the node it asks for, if it is known. */
export function candidatesOf(
  { kind, needs }: Pick<TaskSpec, "kind" | "needs">,
  workers: readonly WorkerStatus[],
  named: Node | undefined,
): Candidate[] {
  const found = workers.map((status) => {
    const { nodeId, nodeLabels: labels, worker = create(WorkerSchema) } = status;
    const lacking = obstaclesOf(kind, needs, worker, { nodeId, labels });
    const obstacles = [...lacking, ...keptBy(status)];
    const fits = lacking.length === 0;
    return create(CandidateSchema, { nodeId, worker: worker.name, fits, obstacles });
  });
  const wanted = needs?.nodeId ?? "";
  if (wanted !== "" && !found.some(({ nodeId }) => nodeId === wanted)) {
    found.push(create(CandidateSchema, { nodeId: wanted, obstacles: [absence(named)] }));
  }
  return found.toSorted((one, other) => rank(one) - rank(other)).slice(0, candidatesMax);
}

const unfit = 1_000;

function rank({ fits, worker, obstacles }: Candidate): number {
  // A node that is asked for by name says more than workers elsewhere.
  if (worker === "") return unfit;
  return (fits ? 0 : unfit) + obstacles.length;
}

/** What keeps a worker that fits. */
function keptBy({ draining, holds, room }: WorkerStatus): string[] {
  if (draining) return ["takes no new tasks"];
  if (room > 0) return [];
  const { length } = holds;
  if (length === 0) return ["has not asked for tasks yet"];
  return [`is at its ${length === 1 ? "one task" : `${length} tasks`}`];
}

const away: ReadonlyMap<NodeState, string> = new Map([
  [NodeState.OFFLINE, "has been offline"],
  [NodeState.MAINTENANCE, "has been in maintenance"],
  [NodeState.RETIRED, "was taken out"],
]);

/** Why a node has no worker here. */
function absence(node: Node | undefined): string {
  if (node === undefined) return "is no node of this hub";
  const { state, stateTime } = node;
  const word = away.get(state);
  if (word === undefined) return "runs no worker of this queue now";
  const time = stateTime === undefined ? "" : utcText(timestampMs(stateTime));
  if (time === "") return word;
  return state === NodeState.RETIRED ? `${word} at ${time}` : `${word} since ${time}`;
}
