import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  PayloadSchema,
  type TaskSpec,
  TaskSpecSchema,
} from "@foedus/gen/foedus/task/v1/task_pb.js";

/** A task as somebody writes it into a form. */
export interface TaskDraft {
  readonly queue: string;
  readonly kind: string;
  readonly payload: string;
  readonly priority: string;
  /** Seconds from now; empty for at once. */
  readonly delay: string;
  readonly fairnessKey: string;
}

/** What a form begins with. */
export const emptyDraft: TaskDraft = {
  queue: "",
  kind: "",
  payload: "",
  priority: "5",
  delay: "",
  fairnessKey: "",
};

/** What a queue may be called. */
export const queuePattern = "[a-z0-9]([a-z0-9\\-]{0,61}[a-z0-9])?";

/** The most urgent first. */
export const priorities = Array.from({ length: 10 }, (_, at) => String(10 - at));

/** As large as a hub takes. */
const payloadMax = 262_144;
const secondMs = 1_000;

/** Why the payload cannot be sent as it is; empty when it can. */
export function payloadProblem(payload: string): string {
  if (payload.trim() === "") return "";
  if (new TextEncoder().encode(payload).length > payloadMax) {
    return "More than 256 KiB: put it into a file, and its place here.";
  }
  try {
    JSON.parse(payload);
    return "";
  } catch (error) {
    return `Not JSON: ${error instanceof Error ? error.message.slice(0, 120) : "it cannot be read"}`;
  }
}

/** The task that was written; a delay counts from `nowMs`. */
export function specOf(draft: TaskDraft, nowMs: number): TaskSpec {
  const { queue, kind, payload, priority, delay, fairnessKey } = draft;
  const body = new TextEncoder().encode(payload.trim());
  const delayMs = Number(delay) * secondMs;
  return create(TaskSpecSchema, {
    queue: queue.trim(),
    kind: kind.trim(),
    priority: Number(priority),
    fairnessKey: fairnessKey.trim(),
    ...(body.length > 0 && {
      payload: create(PayloadSchema, { contentType: "application/json", body }),
    }),
    ...(delayMs > 0 && { startTime: timestampFromMs(Math.round(nowMs + delayMs)) }),
  });
}
