"""One stream between a worker and its hub; when it breaks, the next one takes its place."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Mapping

import grpc

from foedus.gen.task.v1 import task_work_pb2, work_service_pb2, work_service_pb2_grpc
from foedus.held import Held

#: Until the hub has said how often it wants a sign of life.
_BEAT_SECONDS = 10.0
_BEAT_SECONDS_MIN = 0.05
#: Words that come closer together go together: hubs count messages.
_SPACING_SECONDS = 0.015


class Shift:
    """What is said over it goes in order. Its worker's lock guards all but `answers`."""

    def __init__(
        self, who: task_work_pb2.Worker, carried: set[tuple[str, int]], now: float
    ) -> None:
        self._who = who
        self._said: queue.SimpleQueue[work_service_pb2.WorkRequest | None] = queue.SimpleQueue()
        self._call: grpc.Call | None = None
        self._is_over = False
        #: Holds of the stream before: the hub is to know of them before it sends anything new.
        self._carried = carried
        self._concurrency = who.concurrency
        self._room: int | None = None
        self._beat_every = _BEAT_SECONDS
        self._beat_at = now + _BEAT_SECONDS
        #: Nothing is said before.
        self.speaks_at = 0.0
        #: Whether the hub has said something.
        self.is_heard = False
        self._said.put(work_service_pb2.WorkRequest(worker=who))

    def open(self, stub: work_service_pb2_grpc.WorkServiceStub) -> None:
        """Begins to speak."""
        if not self._is_over:
            self._call = stub.Work(iter(self._said.get, None))

    def answers(self) -> Iterator[work_service_pb2.WorkResponse]:
        """What the hub says, until the stream ends."""
        for answer in self._call or ():
            self.is_heard = True
            yield answer

    def close(self) -> None:
        """Ends it at once."""
        self._is_over = True
        self._said.put(None)
        if self._call is not None:
            self._call.cancel()

    def beats_every(self, seconds: float, now: float) -> None:
        """How often the hub wants a sign of life."""
        self._beat_every = max(_BEAT_SECONDS_MIN, seconds)
        self._beat_at = min(self._beat_at, now + self._beat_every)

    def is_due(self, now: float) -> bool:
        """Whether it is time for a sign of life."""
        if now < self._beat_at:
            return False
        self._beat_at = now + self._beat_every
        return True

    @property
    def due_at(self) -> float:
        """When the next sign of life is due."""
        return self._beat_at

    def report(self, words: list[task_work_pb2.Report], now: float) -> None:
        """Words about tasks, each of which is answered."""
        self.speaks_at = now + _SPACING_SECONDS
        request = work_service_pb2.ReportTasksRequest(reports=words)
        self._said.put(work_service_pb2.WorkRequest(reports=request))

    def beat(self) -> None:
        """A sign of life of a worker that holds nothing."""
        self._said.put(work_service_pb2.WorkRequest(beat=True))

    def room(self, most: int, holds: Mapping[tuple[str, int], Held]) -> None:
        """So many tasks it takes at once in all; 0 for none."""
        most = max(0, most)
        self._carried = {key for key in self._carried if key in holds and not holds[key].is_known}
        if self._carried or most == self._room:
            return
        if most not in (0, self._concurrency):
            who = task_work_pb2.Worker()
            who.CopyFrom(self._who)
            self._concurrency = who.concurrency = most
            self._said.put(work_service_pb2.WorkRequest(worker=who))
        self._room = most
        # The hub takes off what we hold, and never goes beyond our concurrency.
        self._said.put(work_service_pb2.WorkRequest(room=most))
