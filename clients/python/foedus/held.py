"""What a worker holds, and what the hub is still to hear of it. Its worker's lock guards it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from foedus.gen.task.v1 import task_pb2, task_work_pb2
from foedus.job import Job

#: Progress of one task is told no more often than this.
PROGRESS_SECONDS = 0.2

#: Signs of life in a lease, so that two may be lost.
SIGNS_IN_LEASE = 3

#: Whose time is over asks as often whether the hub has seen it, too.
LATE_SIGN_SECONDS = 1.0

#: A hold is let go of so much of its lease before it lapses, and no more than that many seconds.
MARGIN_SHARE = 0.1
MARGIN_SECONDS_MAX = 1.0

#: How many words go together, and how many bytes of them.
REPORTS_MAX = 256
REPORTS_BYTES_MAX = 524_288


@dataclass(frozen=True)
class Patience:
    """How many seconds a worker waits for others."""

    #: The hub answers a word so soon, or the stream is worth nothing.
    answer: float = 30.0
    #: What is called off stops so soon, or is reported without its handler.
    heed: float = 10.0


class Held:
    """One hold: its lease by our own clock, one word on its way at most, and the last word."""

    def __init__(
        self, assignment: task_work_pb2.Assignment, job: Job, now: float, patience: Patience
    ) -> None:
        self.job = job
        self._patience = patience
        self.hold = assignment.hold
        #: How long a sign of life is good for, and until when it holds by the monotonic clock.
        self._span = assignment.lease.ToMilliseconds() / 1000
        self.until = now + self._span - self._margin
        #: Whether a handler is at it.
        self.runs = True
        #: The result, the failure, or that it is given back: said until the hub answers.
        self.last: task_work_pb2.Report | None = None
        #: Whether its lease was over by our own clock, before somebody else said so.
        self.is_lapsed = False
        #: Whether the stream of now has answered a word about it, or brought it.
        self.is_known = True
        #: When the word was sent that is on its way.
        self._asked: float | None = None
        self._says_last = False
        self._sign_at = now + self._span / SIGNS_IN_LEASE
        self._not_before = 0.0
        self._heed_at = float("inf")

    @property
    def _margin(self) -> float:
        return min(MARGIN_SECONDS_MAX, self._span * MARGIN_SHARE)

    @property
    def key(self) -> tuple[str, int]:
        return (self.hold.task_id, self.hold.fence)

    def settle(self, outcome: task_pb2.Payload | task_pb2.Failure | None) -> None:
        """The handler ended; None gives the task back undone."""
        self.runs = False
        if self.job.cancel_cause == "time":
            # The hub sees that its time is over, too, and has the right words for it.
            return self.sign()
        if outcome is None:
            self.give_back()
        if self.last is not None:
            return
        last = task_work_pb2.Report(hold=self.hold, spent=self.job.cost())
        if isinstance(outcome, task_pb2.Payload):
            last.result.CopyFrom(outcome)
        else:
            last.failure.CopyFrom(outcome)
        self.last = last

    def give_back(self) -> None:
        """Undone, whatever its handler still does."""
        if self.last is None:
            cost = self.job.cost()
            self.last = task_work_pb2.Report(hold=self.hold, returned=True, spent=cost)

    def lapse(self) -> bool:
        """Its lease is over: it goes back, if the hub still hears that. False when it has."""
        if self.is_lapsed or self.last is not None:
            return False
        self.is_lapsed = True
        self.give_back()
        return True

    def call_off(self, reason: str, now: float) -> None:
        """The hub wants it to stop; who does not heed that is given up in a while."""
        if not self.job.cancelled.is_set():
            self._heed_at = now + self._patience.heed
        self.job.stop("canceled", reason)

    def give_up(self, now: float) -> None:
        """Called off, and its handler goes on all the same."""
        if self.runs and self.last is None and now >= self._heed_at:
            failure = task_pb2.Failure(reason="STOPPED", message="called off, and it goes on", is_final=True)
            self.last = task_work_pb2.Report(hold=self.hold, failure=failure, spent=self.job.cost())

    def sign(self) -> None:
        """It is to give a sign of life with the next words."""
        self._sign_at = 0.0

    def is_unheard(self, now: float) -> bool:
        """Whether the hub has not answered for too long."""
        return self._asked is not None and now - self._asked > self._patience.answer

    def reconnect(self) -> None:
        """What was on its way may be lost with its stream, and the new one is to know of it."""
        self.is_known = False
        self._asked, self._sign_at, self._not_before = None, 0.0, 0.0

    def word(self, now: float) -> task_work_pb2.Report | None:
        """What there is to say now; one word at a time, and the last one last."""
        if self._asked is not None:
            return None
        if self.last is not None:
            self._asked, self._says_last = now, True
            return self.last
        progress = self.job.take_progress() if now >= self._not_before else None
        if progress is None and now < self._sign_at:
            return None
        self._asked, self._says_last = now, False
        often = self._span / SIGNS_IN_LEASE
        late = self.job.cancel_cause == "time"
        self._sign_at = now + (min(often, LATE_SIGN_SECONDS) if late else often)
        word = task_work_pb2.Report(hold=self.hold)
        if progress is not None:
            self._not_before = now + PROGRESS_SECONDS
            word.progress.CopyFrom(progress)
        return word

    def heard(self, receipt: task_work_pb2.Receipt) -> bool:
        """Takes an answer that the hold stands; whether it was the one to the last word."""
        asked, self._asked = self._asked, None
        self.is_known = True
        if self._says_last:
            return True
        if asked is not None and receipt.HasField("lease"):
            # It lasts from when the hub stored it, which was after we asked.
            self._span = receipt.lease.ToMilliseconds() / 1000
            self.until = max(self.until, asked + self._span - self._margin)
        return False

    def wakes(self, now: float) -> float:
        """When there is something to do about it next, if nothing happens before."""
        if self._asked is not None:
            times = [self._asked + self._patience.answer]
        else:
            times = [self._sign_at, self._not_before]
        if self.runs:
            times += [self.until, self._heed_at, now + (self.job.time_left() or float("inf"))]
        return min((each for each in times if each > now), default=float("inf"))


def bundles(
    words: Iterable[task_work_pb2.Report],
) -> Iterator[list[task_work_pb2.Report]]:
    """Words that go together: few messages, and none too large for the hub."""
    bundle: list[task_work_pb2.Report] = []
    size = 0
    for word in words:
        own = word.ByteSize()
        if bundle and (len(bundle) >= REPORTS_MAX or size + own > REPORTS_BYTES_MAX):
            yield bundle
            bundle, size = [], 0
        bundle.append(word)
        size += own
    if bundle:
        yield bundle
