import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";

/** What a queue may have to do with its parent's, in the command's words. */
export type ParentWord = "off" | "works-for" | "hands-up" | "both";

interface UseLook {
  readonly use: ParentUse;
  /** On the queue's page. */
  readonly button: string;
  /** Beside the other choices. */
  readonly choice: string;
  /** What it means. */
  readonly text: string;
}

/** Each use of the parent, and how it is told. */
export const parentUses: Readonly<Record<ParentWord, UseLook>> = {
  off: {
    use: ParentUse.UNSPECIFIED,
    button: "Parent: not used",
    choice: "Off",
    text: "This queue has nothing to do with the parent's.",
  },
  "works-for": {
    use: ParentUse.WORKS_FOR,
    button: "Works for the parent",
    choice: "Works for it",
    text: "Workers here do the parent's tasks of this queue too, while they have room.",
  },
  "hands-up": {
    use: ParentUse.HANDS_UP,
    button: "Hands up",
    choice: "Hands up",
    text: "What no worker here can do goes to the parent.",
  },
  both: {
    use: ParentUse.BOTH,
    button: "Works for the parent, hands up",
    choice: "Both",
    text: "Workers here do the parent's tasks too, and what none of them can do goes up to it.",
  },
};

/** The word for a use; of one that this page does not know, that it is none. */
export function parentWordOf(use: ParentUse = ParentUse.UNSPECIFIED): ParentWord {
  const words = Object.keys(parentUses) as ParentWord[];
  return words.find((word) => parentUses[word].use === use) ?? "off";
}

/** How the hub names what it does for the one above it, and who does it there (decision 0074). */
const submitterAbove = "parent/";
const workerAbove = "parent";
const hubId = "hub_";

/** What a task has to do with the hub above; undefined for one that is this hub's alone. */
export function partOf(task: Pick<Task, "submitter" | "attempt" | "endTime">): string | undefined {
  const { submitter, attempt, endTime } = task;
  if (submitter.startsWith(submitterAbove)) return "Held for the parent";
  // A node may call a worker "parent", too; only a hub's id begins so.
  if (attempt?.worker !== workerAbove || !attempt.nodeId.startsWith(hubId)) return undefined;
  if (endTime !== undefined) return "Done by the parent";
  // What the parent gave back, or failed, waits here again.
  return attempt.endTime === undefined ? "Handed up to the parent" : undefined;
}
