import type { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Badge } from "../../parts/badge.tsx";
import { stateLook } from "./state.ts";

/** How a task stands, as a word and a shape; quiet in a column of many. */
export function TaskStateBadge({ state, quiet = false }: { state: TaskState; quiet?: boolean }) {
  const { word, icon, tone } = stateLook(state);
  return (
    <Badge icon={icon} quiet={quiet} tone={tone}>
      {word}
    </Badge>
  );
}
