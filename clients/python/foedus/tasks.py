"""Asking for work, and hearing what came of it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import grpc

from foedus.ends import Ends
from foedus.gen.task.v1 import task_pb2, task_service_pb2
from foedus.job import TaskFailed
from foedus.link import CALL_SECONDS

if TYPE_CHECKING:
    from foedus.link import Link

_ENDED = {
    task_pb2.TASK_STATE_COMPLETED,
    task_pb2.TASK_STATE_FAILED,
    task_pb2.TASK_STATE_CANCELED,
}


class Tasks:
    """Tasks, as those see them who want them done. Calls wait while the hub is away."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._ends = Ends(link)

    def submit(
        self, spec: task_pb2.TaskSpec, *, request_id: str | None = None
    ) -> task_service_pb2.SubmitTaskResponse:
        """Submits one task; the one that was there (`existed`), if its unique key was taken.

        `request_id` (a UUID) makes the same call again the same task, also after a restart.
        """
        request = task_service_pb2.SubmitTaskRequest(
            request_id=request_id or str(uuid.uuid4()), spec=spec
        )
        return self._link.persist(
            lambda: self._link.task.SubmitTask(request, timeout=CALL_SECONDS)
        )

    def submit_many(
        self, specs: Sequence[task_pb2.TaskSpec], *, request_id: str | None = None
    ) -> list[task_service_pb2.Submitted]:
        """Up to 1,000, all or none; "#2" in `depends_on` means the third of them."""
        request = task_service_pb2.SubmitTasksRequest(
            request_id=request_id or str(uuid.uuid4()), specs=specs
        )
        answer = self._link.persist(
            lambda: self._link.task.SubmitTasks(request, timeout=CALL_SECONDS)
        )
        return list(answer.submitted)

    def get(self, task_id: str) -> task_pb2.Task:
        """One task as it stands."""
        request = task_service_pb2.GetTaskRequest(task_id=task_id)
        return self._link.persist(
            lambda: self._link.task.GetTask(request, timeout=CALL_SECONDS)
        ).task

    def cancel(self, task_id: str, reason: str = "") -> task_pb2.Task:
        """Calls it off: at once if nobody holds it, else its worker is told."""
        request = task_service_pb2.CancelTaskRequest(
            request_id=str(uuid.uuid4()), task_id=task_id, reason=reason
        )
        return self._link.persist(
            lambda: self._link.task.CancelTask(request, timeout=CALL_SECONDS)
        ).task

    def retry(self, task_id: str) -> task_pb2.Task:
        """Takes it out of the dead letters: it is ready again, with fresh attempts."""
        request = task_service_pb2.RetryTaskRequest(request_id=str(uuid.uuid4()), task_id=task_id)
        return self._link.persist(
            lambda: self._link.task.RetryTask(request, timeout=CALL_SECONDS)
        ).task

    def watch(self, task_id: str, *, timeout: float | None = None) -> Iterator[task_pb2.Task]:
        """The task now and at each change until it has ended, whatever the connection does."""
        deadline = None if timeout is None else time.monotonic() + timeout
        revision, attempt = 0, 0
        while True:
            self._link.require_open()
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError(f"task {task_id} has not ended within {timeout} s")
            request = task_service_pb2.WatchTaskRequest(task_id=task_id, revision=revision)
            call = None
            try:
                call = self._link.task.WatchTask(request, timeout=left)
                for answer in call:
                    revision, attempt = answer.task.revision, 0
                    yield answer.task
                    if answer.task.state in _ENDED:
                        return
                # Nothing comes to an end without a last word: what we know is of another log.
                revision = 0
            except (grpc.RpcError, ValueError) as thrown:
                self._link.judge(thrown)
            finally:
                if call is not None:
                    call.cancel()
            attempt += 1
            self._link.wait(attempt)

    def result(self, task_id: str, *, timeout: float | None = None) -> task_pb2.Payload:
        """Waits for what it comes to; raises TaskFailed if it failed, or was called off.

        All threads that wait share one call, so wait for a thousand at once.
        """
        last = self._ends.of(task_id, timeout)
        if last.state == task_pb2.TASK_STATE_COMPLETED:
            return last.result
        if last.HasField("cancellation"):
            off = last.cancellation
            why = f": {off.reason}" if off.reason else ""
            raise TaskFailed(
                "CANCELED", f"{task_id} was called off by {off.caller}{why}", final=True
            )
        failure = last.failure
        raise TaskFailed(failure.reason or "CANCELED", failure.message, final=True)
