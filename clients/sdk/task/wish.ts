import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { TaskSpecSchema, type TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { toPayload } from "./payload.ts";

type SpecInit = Exclude<MessageInitShape<typeof TaskSpecSchema>, TaskSpec>;

/** What somebody wants done: a TaskSpec, with words for what is common. */
export interface TaskWish extends Omit<SpecInit, "payload"> {
  readonly queue: string;
  readonly kind: string;
  /** What it is to be done with: bytes, a Payload, or anything else as JSON. */
  readonly payload?: unknown;
  /** Not before so much later; `startTime` says an instant. */
  readonly delayMs?: number;
}

/** The wish in the words of the schema; `nowMs` is the hub's time. */
export function specOf({ payload, delayMs, ...wish }: TaskWish, nowMs: number): TaskSpec {
  return create(TaskSpecSchema, {
    ...wish,
    ...(payload === undefined ? {} : { payload: toPayload(payload) }),
    ...(delayMs === undefined ? {} : { startTime: timestampFromMs(nowMs + delayMs) }),
  });
}
