import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { isHandedUp, upperOf } from "@foedus/kernel/task/relay.ts";

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

/** What a task has to do with the hub above; undefined for one that is this hub's alone. */
export function partOf(task: Pick<Task, "submitter" | "attempt" | "endTime">): string | undefined {
  if (upperOf(task) !== undefined) return "Held for the parent";
  if (task.attempt === undefined || !isHandedUp(task.attempt)) return undefined;
  if (task.endTime !== undefined) return "Done by the parent";
  // What the parent gave back, or failed, waits here again.
  return task.attempt.endTime === undefined ? "Handed up to the parent" : undefined;
}
