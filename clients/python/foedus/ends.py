"""The ends of tasks, however many are waited for, by one call for all."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import grpc
from google.protobuf import duration_pb2

from foedus.error import FoedusError
from foedus.gen.task.v1 import task_pb2, task_service_pb2

if TYPE_CHECKING:
    from foedus.link import Link

#: How long one call waits; a hub that allows less answers sooner.
_PATIENCE_SECONDS = 50
#: Of more tasks than a call carries, each has its turn so often.
_TURN_SECONDS = 1
#: A hub that says nothing for so much longer is gone.
_SILENCE_SECONDS = 15
#: What the hub takes in one call.
_IDS_MAX = 1_000
_ID_LENGTH_MAX = 64
#: So many calls come at once, and then one after another.
_BURST = 32
_EVERY_SECONDS = 0.25
#: A closed node is noticed so soon.
_LOOK_SECONDS = 1.0


class _Wanted:
    def __init__(self) -> None:
        self.over = threading.Event()
        self.waiters = 0
        self.task: task_pb2.Task | None = None
        self.error: Exception | None = None

    def end(self, task: task_pb2.Task | None, error: Exception | None = None) -> None:
        self.task, self.error = task, error
        self.over.set()


class Ends:
    """One thread asks as long as anybody waits; who comes later is asked for together with all."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._lock = threading.Lock()
        self._wanted: dict[str, _Wanted] = {}
        self._call: grpc.Future | None = None
        self._asks = False
        self._due = 0.0

    def of(self, task_id: str, timeout: float | None) -> task_pb2.Task:
        """A task once it has ended."""
        if len(task_id) > _ID_LENGTH_MAX:
            # It would spoil the call of all others.
            raise FoedusError("INVALID_REQUEST", f"task_id: over {_ID_LENGTH_MAX} letters")
        deadline = None if timeout is None else time.monotonic() + timeout
        wanted = self._want(task_id)
        try:
            while not wanted.over.is_set():
                self._link.require_open()
                left = _LOOK_SECONDS if deadline is None else deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"task {task_id} has not ended within {timeout} s")
                wanted.over.wait(min(left, _LOOK_SECONDS))
        finally:
            self._leave(task_id, wanted)
        if wanted.error is not None:
            raise wanted.error
        assert wanted.task is not None
        return wanted.task

    def _want(self, task_id: str) -> _Wanted:
        with self._lock:
            wanted = self._wanted.get(task_id)
            if wanted is None:
                wanted = self._wanted[task_id] = _Wanted()
                self._stop_call()
            wanted.waiters += 1
            if not self._asks:
                self._asks = True
                threading.Thread(target=self._ask, daemon=True).start()
            return wanted

    def _leave(self, task_id: str, wanted: _Wanted) -> None:
        with self._lock:
            wanted.waiters -= 1
            if wanted.waiters == 0 and self._wanted.get(task_id) is wanted:
                del self._wanted[task_id]
                if not self._wanted:
                    self._stop_call()

    def _stop_call(self) -> None:
        """The next one asks for what is wanted by then."""
        if self._call is not None:
            self._call.cancel()

    def _ask(self) -> None:
        attempt = 0
        while self._pace():
            try:
                answer = self._one_call()
                attempt = 0
                if answer is not None:
                    self._settle(answer)
            except grpc.FutureCancelledError:
                pass
            except (grpc.RpcError, ValueError) as thrown:
                attempt += 1
                self._failed(thrown, attempt)
            except Exception as error:
                self._fail(error)

    def _pace(self) -> bool:
        """Waits until it may ask; false when nobody wants anything any more."""
        now = time.monotonic()
        late = self._due - _BURST * _EVERY_SECONDS - now
        if late > 0:
            self._link.ended.wait(late)
        self._due = max(self._due, now) + _EVERY_SECONDS
        with self._lock:
            self._asks = bool(self._wanted)
            return self._asks

    def _one_call(self) -> task_service_pb2.WaitTasksResponse | None:
        self._link.require_open()
        with self._lock:
            ids = list(self._wanted)[:_IDS_MAX]
            if not ids:
                return None
            seconds = _TURN_SECONDS if len(self._wanted) > _IDS_MAX else _PATIENCE_SECONDS
            request = task_service_pb2.WaitTasksRequest(
                task_ids=ids, wait=duration_pb2.Duration(seconds=seconds)
            )
            call = self._call = self._link.task.WaitTasks.future(
                request, timeout=seconds + _SILENCE_SECONDS
            )
        try:
            return call.result()
        finally:
            with self._lock:
                self._call = None
                # Behind all others: where there are too many for one call, everyone has a turn.
                for task_id in ids:
                    if task_id in self._wanted:
                        self._wanted[task_id] = self._wanted.pop(task_id)

    def _settle(self, answer: task_service_pb2.WaitTasksResponse) -> None:
        with self._lock:
            for task in answer.tasks:
                if (wanted := self._wanted.pop(task.id, None)) is not None:
                    wanted.end(task)
            for task_id in answer.unknown_ids:
                if (wanted := self._wanted.pop(task_id, None)) is not None:
                    told = f"there is no task {task_id} here"
                    wanted.end(None, FoedusError("NOT_FOUND", told))

    def _failed(self, thrown: Exception, attempt: int) -> None:
        """Passing failures are waited out; any other would come again."""
        try:
            self._link.judge(thrown)
        except Exception as error:
            self._fail(error)
        else:
            self._link.wait(attempt)

    def _fail(self, error: Exception) -> None:
        with self._lock:
            for wanted in self._wanted.values():
                wanted.end(None, error)
            self._wanted.clear()
