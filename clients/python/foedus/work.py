"""A worker: takes tasks off a queue over one stream, and does them in threads of its own."""

from __future__ import annotations

import logging
import random
import threading
import time
from dataclasses import dataclass

import grpc

from foedus.closing import Closing
from foedus.error import FoedusError
from foedus.gen.task.v1 import task_work_pb2, work_service_pb2
from foedus.hands import Handler, Hands, Notice
from foedus.held import Patience, bundles
from foedus.job import Submit
from foedus.link import Link, backoff
from foedus.shift import Shift

_DRAIN_SECONDS = 30.0
#: For handlers that were told to stop, and for the hub's answers after that.
_GRACE_SECONDS = 1.0
_ANSWER_SECONDS = 5.0
_JOIN_SECONDS = 15.0
_LOOK_SECONDS_MAX = 60.0
#: A stream that ends sooner counts as a failed attempt.
_STEADY_SECONDS = 2.0
#: How long to wait where trying again is of little use until somebody acts.
_HOPELESS_SECONDS = 15.0

_log = logging.getLogger("foedus")


@dataclass(frozen=True)
class WorkerStatus:
    """How a worker is doing."""

    #: Whether it hears the hub.
    connected: bool
    #: Tasks whose handlers run.
    running: int
    #: Tasks that have ended here, of which the hub has not said that it knows.
    unsaid: int
    #: Tasks done, attempts that failed, and holds that were lost, since it was opened.
    completed: int
    failed: int
    lost: int
    draining: bool


class Worker(Closing):
    """Works until it is drained or closed, or its node ends. Made by `node.work`."""

    def __init__(
        self,
        link: Link,
        who: task_work_pb2.Worker,
        handler: Handler,
        notice: Notice,
        submit: Submit,
        patience: Patience,
    ) -> None:
        self._link = link
        self._who = who
        #: Guards all that follows, and is told whenever there is something to do. Notices come
        #: under it, so it can be taken again.
        self._turn = threading.Condition(threading.RLock())
        self._hands = Hands(self._turn, handler, notice, submit, patience, who.concurrency)
        self._shift: Shift | None = None
        self._draining = False
        #: Set when it has ended; `error` says why, if it was not told to.
        self.ended = threading.Event()
        self.error: FoedusError | None = None
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._keeping = threading.Thread(target=self._keep, daemon=True)
        self._listening.start()
        self._keeping.start()

    @property
    def name(self) -> str:
        return self._who.name

    @property
    def queue(self) -> str:
        return self._who.queue

    def status(self) -> WorkerStatus:
        """How it is doing now."""
        with self._turn:
            hands = self._hands
            return WorkerStatus(
                connected=self._shift is not None and self._shift.is_heard,
                running=hands.running,
                unsaid=len(hands.holds) - hands.running,
                completed=hands.completed,
                failed=hands.failed,
                lost=hands.lost,
                draining=self._draining,
            )

    def wait(self, timeout: float | None = None) -> bool:
        """Waits until it has ended; raises why, if it was not told to."""
        over = self.ended.wait(timeout)
        if over and self.error is not None:
            raise self.error
        return over

    def drain(self, timeout: float = _DRAIN_SECONDS) -> bool:
        """Takes nothing new, finishes what it has, and ends.

        What takes longer is told to stop and given back undone. Whether everything was finished.
        """
        with self._turn:
            self._draining = True
            self._turn.notify_all()
            whole = self._turn.wait_for(self._is_idle, timeout)
            if not whole:
                self._hands.drain()
                self._turn.wait_for(self._is_quiet, _GRACE_SECONDS)
                self._hands.give_back()
                self._turn.notify_all()
                if self._shift is not None and self._shift.is_heard:
                    self._turn.wait_for(self._is_idle, _ANSWER_SECONDS)
        self._end(None)
        self._listening.join(_JOIN_SECONDS)
        self._keeping.join(_JOIN_SECONDS)
        return whole and self.error is None

    def close(self) -> None:
        """What it has is told to stop at once, and after a second given back undone.

        Then it ends as soon as the hub has answered, which it waits for up to five seconds.
        """
        self.drain(0)

    def _is_idle(self) -> bool:
        return self.ended.is_set() or not self._hands.holds

    def _is_quiet(self) -> bool:
        return self.ended.is_set() or self._hands.running == 0

    def _end(self, error: FoedusError | None) -> None:
        with self._turn:
            if self.ended.is_set():
                return
            self.error = error
            self.ended.set()
            self._hands.drop("the worker stops" if error is None else error.message)
            if self._shift is not None:
                self._shift.close()
            self._turn.notify_all()

    def _listen(self) -> None:
        """Opens one stream after the other, each taking along what the worker holds."""
        attempt = 0
        try:
            while not self.ended.is_set():
                began, channel = time.monotonic(), self._link.channel
                is_hopeless = self._listen_once()
                has_moved = self._link.channel is not channel
                is_steady = time.monotonic() - began > _STEADY_SECONDS
                attempt = 1 if is_steady or has_moved else attempt + 1
                self.ended.wait(_HOPELESS_SECONDS if is_hopeless else backoff(attempt))
                self._link.require_open()
        except FoedusError as error:
            if error.reason != "NODE_CLOSED":
                _log.error("worker %s of queue %s ends: %s", self.name, self.queue, error)
            self._end(error)
        except BaseException as bug:
            _log.exception("worker %s of queue %s ends", self.name, self.queue)
            self._end(FoedusError("INTERNAL", str(bug)))

    def _listen_once(self) -> bool:
        """One stream until its end; whether the next one will not do better soon."""
        shift = self._open()
        try:
            shift.open(self._link.work)
            for answer in shift.answers():
                if answer.WhichOneof("said") == "reconnect":
                    shift.close()
                    # Not all who were sent away come back at once.
                    away = answer.reconnect.ToMilliseconds() / 1000
                    self.ended.wait(away * random.uniform(1, 1.5))
                    break
                self._hear(shift, answer)
        except (grpc.RpcError, ValueError) as thrown:
            return not self.ended.is_set() and self._is_hopeless(thrown)
        finally:
            with self._turn:
                self._shift = None
            shift.close()
        return False

    def _is_hopeless(self, thrown: Exception) -> bool:
        """A worker that no hub would take ends; one that is not let in now may be later."""
        try:
            self._link.judge(thrown)
        except FoedusError as error:
            # What is refused of one task is no reason to leave all others.
            is_refused = error.code == grpc.StatusCode.INVALID_ARGUMENT and error.facts.get(
                "field", ""
            ).startswith("worker")
            if is_refused or self._link.ended.is_set():
                raise
            _log.warning("worker %s of queue %s waits: %s", self.name, self.queue, error)
            return True
        return False

    def _open(self) -> Shift:
        with self._turn:
            for held in self._hands.holds.values():
                held.reconnect()
            shift = Shift(self._who, set(self._hands.holds), time.monotonic())
            if self.ended.is_set():
                # Or nobody would: whoever ended it saw no stream.
                shift.close()
            else:
                self._shift = shift
            self._turn.notify_all()
        return shift

    def _hear(self, shift: Shift, answer: work_service_pb2.WorkResponse) -> None:
        said = answer.WhichOneof("said")
        with self._turn:
            if said == "beat_every":
                every = answer.beat_every.ToMilliseconds() / 1000
                shift.beats_every(every, time.monotonic())
            elif said == "assignment" and not self.ended.is_set():
                self._hands.take(answer.assignment, self._draining)
            elif said == "receipt":
                self._hands.heard(answer.receipt)
            elif said == "stop":
                self._hands.stop(answer.stop)
            self._turn.notify_all()

    def _keep(self) -> None:
        try:
            self._keep_on()
        except BaseException as bug:
            _log.exception("worker %s of queue %s ends", self.name, self.queue)
            self._end(FoedusError("INTERNAL", str(bug)))

    def _keep_on(self) -> None:
        """Watches the clock, and says what there is to say."""
        with self._turn:
            while not self.ended.is_set():
                now = time.monotonic()
                before = len(self._hands.holds)
                wakes = self._hands.look(now)
                if self._shift is not None:
                    wakes = min(wakes, self._speak(self._shift, now))
                if len(self._hands.holds) != before:
                    self._turn.notify_all()
                self._turn.wait(min(max(0.0, wakes - now), _LOOK_SECONDS_MAX))

    def _speak(self, shift: Shift, now: float) -> float:
        """Says over the stream what there is to say; when the next sign of life is due."""
        hands = self._hands
        if now < shift.speaks_at:
            return shift.speaks_at
        if shift.is_due(now):
            if not hands.holds:
                shift.beat()
            for held in hands.holds.values():
                held.sign()
        for bundle in bundles(hands.words(now)):
            shift.report(bundle, now)
        if any(held.is_unheard(now) for held in hands.holds.values()):
            shift.close()
        shift.room(0 if self._draining else self._who.concurrency - hands.strays, hands.holds)
        return shift.due_at
