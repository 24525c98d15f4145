import { createClient } from "@connectrpc/connect";
import { useTransport } from "@connectrpc/connect-query";
import type { Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Command } from "../../parts/copy.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { countText } from "../../parts/measure.ts";
import { Meter } from "../../parts/meter.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { askTasksAgain } from "./acts.ts";
import { countOf } from "./task-row.tsx";

/** Says what trying again does, and does it for one dead letter or for many, one by one. */
export function RetryDialog(props: {
  tasks: readonly Task[];
  /** Retries all of them, where these are not. */
  command?: string | undefined;
  onClose: () => void;
}) {
  const { tasks, command, onClose } = props;
  // Those that were shown when it was asked for; the list behind goes on.
  const [wanted] = useState(() => tasks.map(({ id }) => ({ id, requestId: newRequestId() })));
  const { run, done, error, isRunning } = useRetry(wanted, onClose);
  const what = wanted.length === 1 ? "the dead letter" : countOf(wanted.length, "dead letter");
  return (
    <Dialog onClose={onClose} title={`Retry ${what}`}>
      <div className="flex flex-col gap-4 text-left text-sm not-italic">
        <p className="text-muted">
          {wanted.length === 1 ? "It is" : "They are"} ready again at once, with fresh attempts.
          Whatever made {wanted.length === 1 ? "it" : "them"} fail should be mended first.
        </p>
        {command !== undefined && (
          <div className="flex flex-col gap-2">
            <p>
              These are the newest {countText(wanted.length)}, as far as the list was read: there
              are more. All dead letters of a queue:
            </p>
            <Command text={command} />
          </div>
        )}
        {(isRunning || done > 0) && wanted.length > 1 && (
          <p className="flex items-center gap-3" role="status">
            <Meter className="flex-1" part={done / wanted.length} />
            <span className="figures text-xs">
              {countText(done)} of {countText(wanted.length)}
            </span>
          </p>
        )}
        {error !== undefined && <TroubleNote error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{isRunning ? "Stop here" : "Leave it"}</Button>
          <Button busy={isRunning} icon="again" onClick={() => void run()} tone="strong">
            Retry {wanted.length === 1 ? "it" : command === undefined ? "all of them" : "these"}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function useRetry(
  wanted: readonly { readonly id: string; readonly requestId: string }[],
  onDone: () => void,
) {
  const client = useQueryClient();
  const transport = useTransport();
  const [done, setDone] = useState(0);
  const [error, setError] = useState<unknown>();
  const [isRunning, setRunning] = useState(false);
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => {
    const controller = new AbortController();
    leaving.current = controller;
    return () => {
      controller.abort();
      void askTasksAgain(client);
    };
  }, [client]);
  async function run() {
    setRunning(true);
    setError(undefined);
    const tasks = createClient(TaskService, transport);
    const signal = leaving.current?.signal;
    try {
      for (const [at, { id: taskId, requestId }] of wanted.entries()) {
        if (at < done) continue;
        if (signal?.aborted) return;
        await tasks.retryTask({ requestId, taskId }, signal ? { signal } : {});
        setDone(at + 1);
      }
      onDone();
    } catch (trouble) {
      if (!signal?.aborted) setError(trouble);
    } finally {
      setRunning(false);
    }
  }
  return { run, done, error, isRunning };
}
