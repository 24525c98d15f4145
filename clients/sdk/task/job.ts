import type { Duty } from "./duty.ts";
import { TaskFailed } from "./failed.ts";
import { jsonOf } from "./payload.ts";
import type { Tasks } from "./tasks.ts";
import type { Job } from "./work.ts";

const none = new Uint8Array();

/** A task as whoever does it sees it. */
export function jobOf(duty: Duty, tasks: Pick<Tasks, "submit">): Job {
  const { task, hold, signal } = duty;
  const payload = task.spec?.payload?.body ?? none;
  return {
    task,
    kind: task.spec?.kind ?? "",
    payload,
    attempt: task.attempt?.number ?? 1,
    fence: hold.fence,
    signal,
    json: () => readJson(payload),
    timeLeftMs: () => duty.timeLeftMs(),
    progress: (said) => duty.progress(said),
    submit: (wish) => tasks.submit({ ...wish, parentId: hold.taskId }, { signal }),
  };
}

function readJson(payload: Uint8Array): unknown {
  try {
    return jsonOf(payload);
  } catch (cause) {
    const message = `the payload is no JSON: ${cause instanceof Error ? cause.message : ""}`;
    throw new TaskFailed("PAYLOAD_INVALID", message, { isFinal: true, cause });
  }
}
