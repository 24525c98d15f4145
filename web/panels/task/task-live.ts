import { createClient, type Transport } from "@connectrpc/connect";
import { useTransport } from "@connectrpc/connect-query";
import { type Task, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService, type WatchTaskResponse } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { useState } from "react";
import { after, clock } from "../../parts/clock.ts";
import { createLive, type Live } from "../../parts/live.ts";
import { useHold } from "../../parts/use-live.ts";
import { hasEnded } from "./state.ts";

/** A task as it was told last; undefined before that. */
export interface Watched {
  readonly task: Task | undefined;
}

/** A task that rests tells nothing: asked again after so long, a lost connection is noticed. */
const quietMs = 30_000;
/** Somebody may take a dead letter out again. */
const endedMs = 5_000;

/** Follows one task as long as the component is shown. */
export function useTaskLive(taskId: string): Live<Watched> {
  const transport = useTransport();
  const [live] = useState(() =>
    createLive<Watched, WatchTaskResponse>({
      first: { task: undefined },
      open: (_, signal) => hearTask(transport, taskId, signal),
      reduce: (watched, { task }) => (task === undefined ? watched : { task }),
      reconnect: () => undefined,
      forget: (watched) => watched,
    }),
  );
  useHold(live);
  return live;
}

/** Begins with how it stands, so that a stream that is open is known to be. */
async function* hearTask(
  transport: Transport,
  taskId: string,
  signal: AbortSignal,
): AsyncIterable<WatchTaskResponse> {
  const client = createClient(TaskService, transport);
  let revision = 0n;
  let state = TaskState.UNSPECIFIED;
  while (!signal.aborted) {
    const quiet = new AbortController();
    const cancel = after(quietMs, () => quiet.abort());
    const either = AbortSignal.any([signal, quiet.signal]);
    try {
      for await (const response of client.watchTask({ taskId, revision }, { signal: either })) {
        revision = response.task?.revision ?? revision;
        state = response.task?.state ?? state;
        yield response;
      }
      // A hub that stops ends its streams: then it is away.
      if (!hasEnded(state)) return;
    } catch (error) {
      if (!quiet.signal.aborted) throw error;
    } finally {
      cancel();
    }
    if (hasEnded(state)) await clock.wait(endedMs, signal);
  }
}
