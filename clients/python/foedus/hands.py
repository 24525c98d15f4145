"""What a worker has in its hands: tasks, and the threads that do them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from foedus.gen.task.v1 import task_pb2, task_work_pb2
from foedus.held import Held, Patience
from foedus.job import Job, Submit, failure_of, result_of, uncaught

#: What the handler is given, and what it makes of it.
Handler = Callable[[Job], Any]

#: Hears what becomes of tasks: "took", and then "done", "failed", "stopped" or "lost". The worker
#: waits for it, so it must not.
Notice = Callable[[str, Job], None]

_LOST = (task_work_pb2.VERDICT_LOST, task_work_pb2.VERDICT_UNKNOWN)

_log = logging.getLogger("foedus")


class Hands:
    """All but the handlers themselves runs under the lock `turn`, which hears of each change."""

    def __init__(
        self,
        turn: threading.Condition,
        handler: Handler,
        notice: Notice,
        submit: Submit,
        patience: Patience,
        concurrency: int,
    ) -> None:
        self._turn = turn
        self._concurrency = concurrency
        self._handler = handler
        self._notice = notice
        self._submit = submit
        self._patience = patience
        self.holds: dict[tuple[str, int], Held] = {}
        #: Handlers that still run though their hold is over: they take room.
        self.strays = 0
        #: Tasks done, attempts that failed, and holds that were lost.
        self.completed = self.failed = self.lost = 0

    @property
    def running(self) -> int:
        """Tasks whose handlers run, and whose hold stands."""
        return sum(1 for held in self.holds.values() if held.runs)

    def take(self, assignment: task_work_pb2.Assignment, draining: bool) -> None:
        """A task came; what there is no place for goes back at once."""
        now = time.monotonic()
        job = Job(assignment, now, self._wake, self._submit)
        held = Held(assignment, job, now, self._patience)
        if held.key in self.holds:
            return
        is_full = self.running + self.strays >= self._concurrency
        self.holds[held.key] = held
        if draining or is_full:
            held.runs = False
            held.give_back()
        else:
            threading.Thread(target=self._do, args=(held,), daemon=True).start()

    def heard(self, receipt: task_work_pb2.Receipt) -> None:
        """The hub has answered a word about one of them."""
        held = self.holds.get((receipt.hold.task_id, receipt.hold.fence))
        if held is None:
            return
        if receipt.verdict in _LOST:
            return self._lose(held, receipt.detail or "the hold is over")
        if not held.heard(receipt):
            if receipt.cancel_requested:
                reason = receipt.cancel_reason or "it was called off"
                held.call_off(reason, time.monotonic())
            return
        del self.holds[held.key]
        self.strays += held.runs
        last = "" if held.last is None else held.last.WhichOneof("said")
        if held.is_lapsed:
            return
        if last == "result":
            self.completed += 1
            self._say("done", held.job)
        elif last == "failure" and not held.job.cancelled.is_set():
            self.failed += 1
            self._say("failed", held.job)
        else:
            self._say("stopped", held.job)

    def stop(self, stop: task_work_pb2.Stop) -> None:
        """The hub wants one to stop."""
        held = self.holds.get((stop.hold.task_id, stop.hold.fence))
        if held is not None:
            held.call_off(stop.reason, time.monotonic())

    def look(self, now: float) -> float:
        """Ends what is over by our own clock; when to look again."""
        for held in list(self.holds.values()):
            if held.runs and now >= held.until and held.lapse():
                self._lost(held, "its lease is over")
            elif held.runs and held.job.time_left() == 0 and not held.job.cancelled.is_set():
                held.job.stop("time", "its time is over")
                held.sign()
            else:
                held.give_up(now)
        return min((held.wakes(now) for held in self.holds.values()), default=float("inf"))

    def words(self, now: float) -> list[task_work_pb2.Report]:
        """What there is to say of them."""
        words = [held.word(now) for held in self.holds.values()]
        return [word for word in words if word is not None]

    def drain(self) -> None:
        """Tells all handlers that the worker stops."""
        for held in self.holds.values():
            if held.runs:
                held.job.stop("draining", "the worker stops")

    def give_back(self) -> None:
        """Whatever has not ended goes back undone."""
        for held in self.holds.values():
            held.give_back()

    def drop(self, reason: str) -> None:
        """Nobody will hear of them again."""
        for held in self.holds.values():
            held.job.stop("lost", reason)
        self.holds.clear()

    def _lose(self, held: Held, reason: str) -> None:
        """Somebody else has it, or will: nothing is said of it again."""
        del self.holds[held.key]
        self.strays += held.runs
        if not held.is_lapsed:
            self._lost(held, reason)

    def _lost(self, held: Held, reason: str) -> None:
        self.lost += 1
        held.job.stop("lost", reason)
        self._say("lost", held.job)

    def _do(self, held: Held) -> None:
        """Runs the handler, in a thread of its own."""
        self._say("took", held.job)
        outcome = self._outcome(held.job)
        with self._turn:
            if self.holds.get(held.key) is held:
                held.settle(outcome)
            else:
                self.strays -= 1
            self._turn.notify_all()

    def _outcome(self, job: Job) -> task_pb2.Payload | task_pb2.Failure | None:
        """Whatever the handler does: a thread that dies would leave its hold renewed for ever."""
        try:
            return result_of(self._handler(job))
        except BaseException as raised:
            error = raised
        try:
            outcome = failure_of(error, job)
        except BaseException:
            outcome = uncaught("what was raised cannot be told")
        if outcome is not None and outcome.reason == "UNCAUGHT":
            _log.error("task %s failed: its handler raised", job.id, exc_info=error)
        return outcome

    def _say(self, did: str, job: Job) -> None:
        try:
            self._notice(did, job)
        except Exception:
            _log.exception("a notice of task %s raised", job.id)

    def _wake(self) -> None:
        with self._turn:
            self._turn.notify_all()
