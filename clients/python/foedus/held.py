"""What a worker holds, and what the hub is still to hear of it. Its worker's lock guards it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from foedus.gen.task.v1 import task_pb2, task_work_pb2
from foedus.job import Job

#: Progress of one task is told no more often than this.
PROGRESS_SECONDS = 0.2

#: How many words go together, and how many bytes of them.
REPORTS_MAX = 256
REPORTS_BYTES_MAX = 524_288


class Held:
    """One hold: its lease by our own clock, one word on its way at most, and the last word."""

    def __init__(self, assignment: task_work_pb2.Assignment, job: Job, now: float) -> None:
        self.job = job
        self.hold = assignment.hold
        #: Until when it holds for certain, by the monotonic clock.
        self.until = now + assignment.lease.ToMilliseconds() / 1000
        #: Whether a handler is at it.
        self.runs = True
        #: The result, the failure, or that it is given back: said until the hub answers.
        self.last: task_work_pb2.Report | None = None
        #: Whether the stream of now has answered a word about it, or brought it.
        self.is_known = True
        #: When the word was sent that is on its way.
        self._asked: float | None = None
        self._says_last = False
        self._due = False
        self._not_before = 0.0

    @property
    def key(self) -> tuple[str, int]:
        return (self.hold.task_id, self.hold.fence)

    def settle(self, outcome: task_pb2.Payload | task_pb2.Failure | None) -> None:
        """The handler ended; None gives the task back undone."""
        self.runs = False
        if outcome is None:
            self.give_back()
        if self.last is not None:
            return
        last = task_work_pb2.Report(hold=self.hold, spent=self.job.spent)
        if isinstance(outcome, task_pb2.Payload):
            last.result.CopyFrom(outcome)
        else:
            last.failure.CopyFrom(outcome)
        self.last = last

    def give_back(self) -> None:
        """Undone, whatever its handler still does."""
        if self.last is None:
            self.last = task_work_pb2.Report(hold=self.hold, returned=True)

    def sign(self) -> None:
        """It is to give a sign of life with the next words."""
        self._due = True

    def reconnect(self) -> None:
        """What was on its way may be lost with its stream, and the new one is to know of it."""
        self.is_known = False
        self._asked, self._due, self._not_before = None, True, 0.0

    def word(self, now: float) -> task_work_pb2.Report | None:
        """What there is to say now; one word at a time, and the last one last."""
        if self._asked is not None:
            return None
        if self.last is not None:
            self._asked, self._says_last = now, True
            return self.last
        progress = self.job.take_progress() if now >= self._not_before else None
        if progress is None and not self._due:
            return None
        self._asked, self._says_last, self._due = now, False, False
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
            self.until = max(self.until, asked + receipt.lease.ToMilliseconds() / 1000)
        return False

    def wakes(self, now: float) -> float:
        """When there is something to do about it next, if nothing happens before."""
        times = [float("inf")]
        if self.runs:
            times.append(self.until)
            left = self.job.time_left()
            if left is not None and not self.job.cancelled.is_set():
                times.append(now + left)
            if self._not_before > now:
                times.append(self._not_before)
        return min(times)


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
