import { timestampMs } from "@bufbuild/protobuf/wkt";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import type { TaskStep } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import type { Held } from "./tasks.lanes.ts";

/** Who a node is, and when it died, if it did. */
export interface Known {
  readonly names: ReadonlyMap<string, string>;
  readonly diedMs: ReadonlyMap<string, number>;
}

/** How the hub tells of a hold that its worker never heard of, too. */
const givenBack = "given back undone";

/** The holds of one task, from the steps that the hub keeps of it. */
export function holdsOf(label: string, steps: readonly TaskStep[], known: Known): Held[] {
  const held: Held[] = [];
  let open: { readonly worker: string; readonly fromMs: number } | undefined;
  for (const { state, caller, time, message } of steps) {
    const atMs = time === undefined ? 0 : timestampMs(time);
    if (open !== undefined) {
      const died = known.diedMs.get(open.worker);
      const isDone = state === TaskState.COMPLETED;
      const wasCut = !isDone && died !== undefined && died < atMs;
      const end = { untilMs: atMs, isDone };
      if (wasCut && message === givenBack) held.push({ label, ...open, ...end, isUnread: true });
      else held.push({ label, ...open, ...end, ...(wasCut ? { diedMs: died } : {}) });
      open = undefined;
    }
    if (state !== TaskState.WORKING) continue;
    open = { worker: known.names.get(caller) ?? caller, fromMs: atMs };
  }
  return held;
}

/** How often a task was completed: once, if all is well. */
export function completionsOf(steps: readonly TaskStep[]): number {
  return steps.filter(({ state }) => state === TaskState.COMPLETED).length;
}
