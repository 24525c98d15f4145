import { ParentUse } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { CliContext } from "../context.ts";
import type { ParentWord } from "./read.ts";
import { setQueue } from "./settings.ts";

const uses: Readonly<Record<ParentWord, ParentUse>> = {
  "works-for": ParentUse.WORKS_FOR,
  "hands-up": ParentUse.HANDS_UP,
  both: ParentUse.BOTH,
  off: ParentUse.UNSPECIFIED,
};

const told: Readonly<Record<ParentUse, string>> = {
  [ParentUse.UNSPECIFIED]: "has nothing to do with the parent",
  [ParentUse.WORKS_FOR]: "works for the parent: workers here do its tasks of this queue, too",
  [ParentUse.HANDS_UP]: "hands up: what no worker here can do goes to the parent",
  [ParentUse.BOTH]: "works for the parent, and hands up what no worker here can do",
};

/** What a queue has to do with the parent, as it is shown. */
export function parentUseText(use: ParentUse): string {
  return told[use];
}

/** Says what a queue has to do with the one of the same name at the hub above. */
export async function setParentUse(
  context: CliContext,
  queue: string,
  word: ParentWord,
): Promise<void> {
  const parent = uses[word];
  await setQueue(context, { word: "parent", queue }, { parent }, () => [
    ` ${parentUseText(parent)}.`,
  ]);
}
