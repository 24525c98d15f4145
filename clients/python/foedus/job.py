"""A task in the hands of a handler, and how an attempt fails."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable
from typing import Any, Literal

from foedus.gen.task.v1 import task_pb2, task_service_pb2, task_work_pb2
from foedus.redact import redacted

#: How a part of a task is submitted.
Submit = Callable[[task_pb2.TaskSpec], task_service_pb2.SubmitTaskResponse]

#: What is larger belongs into a file of which the payload names the place.
PAYLOAD_BYTES_MAX = 262_144

#: Why a handler is to stop: the task was called off, somebody else has it or will, its time is
#: over, or the worker stops.
Cause = Literal["canceled", "lost", "time", "draining"]

_REASON_MAX = 64
_MESSAGE_MAX = 2_000
_PROGRESS_MESSAGE_MAX = 500
_TYPE_MAX = 120
#: A year: whoever says more means never.
_RETRY_SECONDS_MAX = 31_536_000
#: The hub counts so far, and refuses more.
_SPENT_MAX = 2**53 - 1


class TaskFailed(Exception):
    """Raised by a handler: the attempt failed, for a reason that a retry policy can name.

    `final` says that another attempt is of no use, `retry_after` (seconds) not to try sooner. Also
    what `tasks.result` raises for a task that failed for good, or was called off.
    """

    def __init__(
        self,
        reason: str,
        message: str = "",
        *,
        final: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{message} ({reason})" if message else reason)
        self.reason = reason
        self.message = message
        self.final = final
        self.retry_after = retry_after


class TaskStopped(Exception):
    """A handler that was told to stop, and did: `job.raise_if_cancelled` raises it."""


def payload_of(value: Any) -> task_pb2.Payload:
    """Bytes as they are, None as nothing, and everything else as JSON."""
    if isinstance(value, task_pb2.Payload):
        return value
    if value is None:
        return task_pb2.Payload()
    if isinstance(value, bytes | bytearray | memoryview):
        return task_pb2.Payload(content_type="application/octet-stream", body=bytes(value))
    body = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return task_pb2.Payload(content_type="application/json", body=body.encode())


def task_spec(
    queue: str, kind: str, payload: Any = None, *, delay: float | None = None, **more: Any
) -> task_pb2.TaskSpec:
    """A TaskSpec, with its payload as `payload_of` reads it, `delay` seconds from now."""
    spec = task_pb2.TaskSpec(queue=queue, kind=kind, payload=payload_of(payload), **more)
    if delay is not None:
        spec.start_time.FromMilliseconds(round((time.time() + delay) * 1000))
    return spec


def result_of(value: Any) -> task_pb2.Payload:
    """What a handler returned; what no payload can hold fails the attempt for good."""
    try:
        found = payload_of(value)
    except (TypeError, ValueError, RecursionError) as error:
        told = f"the result is neither bytes nor JSON: {error}"
        raise TaskFailed("RESULT_INVALID", told, final=True) from error
    if len(found.content_type) > _TYPE_MAX or "\0" in found.content_type:
        told = f"the result is a Payload without a type of at most {_TYPE_MAX} letters"
        raise TaskFailed("RESULT_INVALID", told, final=True)
    if len(found.body) > PAYLOAD_BYTES_MAX:
        raise TaskFailed(
            "RESULT_TOO_LARGE",
            f"the result has {len(found.body)} bytes, the limit is {PAYLOAD_BYTES_MAX}: "
            "put it into a file and return its place",
            final=True,
        )
    return found


def failure_of(error: BaseException, job: Job) -> task_pb2.Failure | None:
    """What the hub is told of what a handler raised; None gives the task back undone."""
    if isinstance(error, TaskFailed):
        failure = task_pb2.Failure(
            reason=_clipped(error.reason, _REASON_MAX) or "UNCAUGHT",
            message=_told(error.message),
            is_final=bool(error.final),
        )
        wait = _finite(error.retry_after)
        if wait is not None:
            within = min(_RETRY_SECONDS_MAX, max(0.0, wait))
            failure.retry_after.FromMilliseconds(round(within * 1000))
        return failure
    if job.cancelled.is_set():
        if job.cancel_cause == "draining":
            return None
        is_final = job.cancel_cause == "canceled"
        told = _told(job.cancel_reason)
        return task_pb2.Failure(reason="STOPPED", message=told, is_final=is_final)
    return uncaught(f"{type(error).__name__}: {error}")


def uncaught(message: str) -> task_pb2.Failure:
    """The failure of whoever failed without a reason."""
    return task_pb2.Failure(reason="UNCAUGHT", message=_told(message))


def _told(message: object) -> str:
    """What may leave of a message that nobody wrote for others: without addresses and secrets."""
    return _clipped(redacted(str(message)), _MESSAGE_MAX)


def _clipped(text: object, most: int) -> str:
    """As much of it as the hub takes, and no NUL; what is no text is told as such."""
    return str(text).replace("\0", "")[:most].encode("utf-8", "replace").decode()


def _finite(value: object) -> float | None:
    """A figure that can be reckoned with; None for anything else."""
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _countable(spent: object) -> int:
    """A cost as far as the hub counts; nothing for what is no figure."""
    if isinstance(spent, int):
        return min(_SPENT_MAX, max(0, spent))
    return min(_SPENT_MAX, max(0, round(_finite(spent) or 0)))


class Job:
    """A task that this worker holds."""

    def __init__(
        self,
        assignment: task_work_pb2.Assignment,
        now: float,
        tell: Callable[[], None],
        submit: Submit,
    ) -> None:
        #: The task, with everything that was asked for.
        self.task = assignment.task
        #: By what right it is held; grows with each holder.
        self.fence = assignment.hold.fence
        #: Set when the handler is to stop: the task was called off, its time is over, its lease
        #: was lost, or the worker stops.
        self.cancelled = threading.Event()
        #: Why it is to stop; empty while it is not.
        self.cancel_reason = ""
        self.cancel_cause: Cause | None = None
        #: What the attempt has cost so far, in the unit of the task's budget.
        self.spent = 0
        self._newest: task_pb2.Progress | None = None
        self._tell = tell
        self._submit = submit
        self._deadline: float | None = None
        if assignment.HasField("time_left"):
            self._deadline = now + assignment.time_left.ToMilliseconds() / 1000

    @property
    def id(self) -> str:
        return self.task.id

    @property
    def kind(self) -> str:
        """What is to be done."""
        return self.task.spec.kind

    @property
    def payload(self) -> bytes:
        """What it is to be done with."""
        return self.task.spec.payload.body

    @property
    def attempt(self) -> int:
        """From 1."""
        return self.task.attempt.number

    def json(self) -> Any:
        """The payload, read as JSON; None for an empty one."""
        if not self.payload:
            return None
        try:
            return json.loads(self.payload)
        except ValueError as error:
            raise TaskFailed("PAYLOAD_INVALID", f"no JSON: {error}", final=True) from error

    def time_left(self) -> float | None:
        """Seconds until nobody needs it any more; None for no limit."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def progress(
        self, fraction: float | None = None, message: str = "", spent: int | None = None
    ) -> None:
        """Says how far it has come; the newest word is sent soon, and renews the lease."""
        if spent is not None:
            self.spent = _countable(spent)
        said = _clipped(message, _PROGRESS_MESSAGE_MAX)
        newest = task_pb2.Progress(message=said, spent=self.spent)
        part = _finite(fraction)
        if part is not None:
            newest.fraction = min(1.0, max(0.0, part))
        self._newest = newest
        self._tell()

    def submit(self, spec: task_pb2.TaskSpec) -> task_service_pb2.SubmitTaskResponse:
        """Submits a part of this task: within its deadline, its budget and its hop limit."""
        child = task_pb2.TaskSpec()
        child.CopyFrom(spec)
        child.parent_id = self.id
        return self._submit(child)

    def raise_if_cancelled(self) -> None:
        """For long loops: ends the attempt when the handler is to stop."""
        if self.cancelled.is_set():
            raise TaskStopped(self.cancel_reason)

    def cost(self) -> int:
        """What it has cost so far, as the hub is told; the worker's."""
        return _countable(self.spent)

    def take_progress(self) -> task_pb2.Progress | None:
        """The newest word that was not sent yet; the worker's."""
        newest, self._newest = self._newest, None
        return newest

    def stop(self, cause: Cause, reason: str) -> None:
        """Tells the handler to stop, once; the worker's."""
        if not self.cancelled.is_set():
            self.cancel_cause, self.cancel_reason = cause, reason
            self.cancelled.set()
