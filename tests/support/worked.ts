// The hub's end of workers' streams, in a test's hands.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { TaskSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import {
  AssignmentSchema,
  HoldSchema,
  type Verdict,
} from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type {
  WorkRequest,
  WorkResponseSchema,
} from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { BoundedQueue } from "@foedus/kernel/queue.ts";

/** What a hub says to a worker. */
export type HubSaid = MessageInitShape<typeof WorkResponseSchema>["said"];

interface WorkStream {
  readonly heard: WorkRequest["said"][];
  readonly out: BoundedQueue<HubSaid>;
}

const itemsMax = 100;

/** Serves `work`: what is heard is kept, and what is said is what the test says. */
export function workEnd() {
  const streams: WorkStream[] = [];
  async function* work(
    requests: AsyncIterable<WorkRequest>,
    { signal }: { readonly signal: AbortSignal },
  ) {
    const stream = { heard: [] as WorkRequest["said"][], out: new BoundedQueue<HubSaid>(itemsMax) };
    streams.push(stream);
    signal.addEventListener("abort", () => stream.out.end());
    void (async () => {
      for await (const { said } of requests) stream.heard.push(said);
    })().catch(() => undefined);
    for await (const said of stream.out) yield { said };
  }
  return {
    streams,
    work,
    /** Over the newest stream. */
    say: (said: HubSaid) => void streams.at(-1)?.out.offer(said),
    /** What the worker said over it: "reports task_1:result", "room 2". */
    heard: () => (streams.at(-1)?.heard ?? []).map(textOf),
  };
}

function textOf(said: WorkRequest["said"]): string {
  if (said.case === "room") return `room ${said.value}`;
  if (said.case !== "reports") return said.case ?? "";
  return said.value.reports.map((one) => `${one.hold?.taskId}:${one.said.case ?? "sign"}`).join();
}

const longMs = 30_000;

/** A task for the worker, under its first fence. */
export function assigned(taskId: string, leaseMs = longMs, kind = "k"): HubSaid {
  const payload = { body: new TextEncoder().encode("1") };
  const task = create(TaskSchema, { id: taskId, spec: { queue: "q", kind, payload } });
  const hold = create(HoldSchema, { taskId, fence: 1n });
  const value = create(AssignmentSchema, { task, hold, lease: durationFromMs(leaseMs) });
  return { case: "assignment", value };
}

/** An answer to a word about such a task. */
export function receipt(taskId: string, verdict: Verdict, leaseMs = longMs): HubSaid {
  const lease = durationFromMs(leaseMs);
  return { case: "receipt", value: { hold: { taskId, fence: 1n }, verdict, lease } };
}
