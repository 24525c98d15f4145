"""Events that wait until the hub has stored them: signed once, sent until it has."""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field

import grpc
from google.protobuf.message import Message

from foedus.error import FoedusError, error_of
from foedus.events import sanitised, type_of
from foedus.folder import Folder
from foedus.gen.event.v1 import event_pb2, event_service_pb2
from foedus.link import CALL_SECONDS, Link
from foedus.signing import BATCH_BYTES_MAX, BATCH_EVENTS_MAX, sign_batch

_LINGER_SECONDS = 0.005
_TRIES_MAX = 3
_OUTDATED = {"EVENT_EPOCH_OLD", "EVENT_SEQUENCE_OLD"}


@dataclass
class _Draft:
    type: str
    subject: str
    payload: bytes
    time_ms: int
    settled: Future[str] = field(default_factory=Future)
    alone: bool = False
    tries: int = 0


class Outbox:
    """One stream of a node: one batch at a time is under way, so that the hub sees its order."""

    def __init__(self, link: Link, folder: Folder, stream: str, events_max: int) -> None:
        self._link = link
        self._folder = folder
        self._stream = stream
        self._events_max = events_max
        self._waiting: deque[_Draft] = deque()
        self._more = threading.Condition()
        self._busy = False
        self._epoch = 0
        self._sequence = 0
        self._sending = threading.Thread(target=self._run, daemon=True)
        self._sending.start()

    def add(self, payload: Message, subject: str) -> Future[str]:
        """Resolves with the event's id once the hub has stored it."""
        self._link.require_open()
        kind = type_of(payload)
        encoded = sanitised(payload).SerializeToString(deterministic=True)
        draft = _Draft(kind, subject, encoded, int(time.time() * 1000))
        with self._more:
            if len(self._waiting) >= self._events_max:
                raise FoedusError("OUTBOX_FULL", f"{self._events_max} events wait already")
            self._waiting.append(draft)
            self._more.notify_all()
        return draft.settled

    def drain(self, seconds: float) -> None:
        """Waits for what is on its way; what remains is told that the node was closed."""
        with self._more:
            self._more.wait_for(lambda: not self._waiting and not self._busy, seconds)

    def stop(self) -> None:
        """After the link has ended."""
        with self._more:
            self._more.notify_all()
        self._sending.join(CALL_SECONDS)

    def _run(self) -> None:
        while True:
            with self._more:
                self._more.wait_for(lambda: self._waiting or self._link.ended.is_set())
                if self._link.ended.is_set():
                    break
                self._busy = True
            self._link.ended.wait(_LINGER_SECONDS)
            batch = self._take()
            self._send(batch)
            with self._more:
                self._busy = False
                self._more.notify_all()
        closed = self._link.end_error or FoedusError("NODE_CLOSED", "the node was closed")
        for draft in self._waiting:
            draft.settled.set_exception(closed)
        self._waiting.clear()

    def _take(self) -> list[_Draft]:
        taken: list[_Draft] = []
        size = 0
        with self._more:
            while self._waiting and len(taken) < BATCH_EVENTS_MAX:
                draft = self._waiting[0]
                size += len(draft.payload)
                if taken and (draft.alone or size > BATCH_BYTES_MAX):
                    break
                taken.append(self._waiting.popleft())
                if draft.alone:
                    break
        return taken

    def _send(self, drafts: list[_Draft]) -> None:
        request, ids = self._seal(drafts)
        try:
            self._link.persist(lambda: self._link.event.Publish(request, timeout=CALL_SECONDS))
        except (grpc.RpcError, ValueError, FoedusError) as thrown:
            # What was sealed did not become part of the log: the next epoch counts anew.
            error = error_of(thrown)
            self._epoch = 0
            if not self._again(error, drafts):
                for draft in drafts:
                    draft.settled.set_exception(error)
            return
        for draft, place in zip(drafts, ids, strict=True):
            draft.settled.set_result(place)

    def _again(self, error: FoedusError, drafts: list[_Draft]) -> bool:
        """A batch is refused for one of its events: each then goes in a batch of its own."""
        for draft in drafts:
            draft.tries += 1
        tired = any(draft.tries > _TRIES_MAX for draft in drafts)
        hopeless = error.reason not in _OUTDATED and all(draft.alone for draft in drafts)
        if tired or hopeless or self._link.ended.is_set():
            return False
        if error.reason not in _OUTDATED:
            for draft in drafts:
                draft.alone = True
        with self._more:
            self._waiting.extendleft(reversed(drafts))
        return True

    def _seal(self, drafts: list[_Draft]) -> tuple[event_service_pb2.PublishRequest, list[str]]:
        if self._epoch == 0:
            self._epoch, self._sequence = self._folder.next_epoch(), 0
        events, ids = [], []
        for draft in drafts:
            self._sequence += 1
            event = event_pb2.Event(
                type=draft.type,
                source=self._link.member.admission.spiffe_id,
                subject=draft.subject,
                time_ms=draft.time_ms,
                stream=self._stream,
                epoch=self._epoch,
                sequence=self._sequence,
                payload=draft.payload,
            )
            events.append(event.SerializeToString(deterministic=True))
            ids.append(f"{self._stream}/{self._epoch}/{self._sequence}")
        batch = sign_batch(self._link.member.identity, events)
        return event_service_pb2.PublishRequest(batch=batch), ids
