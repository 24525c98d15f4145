"""A node that joined: it registers, stays alive, tells and hears."""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future

import grpc
from google.protobuf.message import Message

from foedus.closing import Closing
from foedus.error import FoedusError, error_of
from foedus.events import Event, Forgery, Gap, Wish, subscribe
from foedus.folder import Folder
from foedus.gen.node.v1 import node_pb2, node_service_pb2
from foedus.gen.task.v1 import task_work_pb2
from foedus.hands import Handler, Notice
from foedus.held import Patience
from foedus.link import CALL_SECONDS, Link
from foedus.outbox import Outbox
from foedus.signing import new_request_id
from foedus.tasks import Tasks
from foedus.work import Worker

_EVENTS_MAX = 4_096
_DRAIN_SECONDS = 5.0
_SOON_SECONDS = 0.2
_PATIENCE = Patience()


class Node(Closing):
    """An open node. Threads of its own keep its certificate, its lease and its outbox."""

    def __init__(
        self, folder: Folder, link: Link, healthy: Callable[[], Sequence[str]], events_max: int
    ) -> None:
        self._folder = folder
        self._link = link
        self._tasks = Tasks(link)
        self._healthy = healthy
        self._events_max = events_max
        self._outboxes: dict[str, Outbox] = {}
        self._profile: node_pb2.NodeProfile | None = None
        self._beating: threading.Thread | None = None
        self._workers: list[Worker] = []

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str],
        *,
        healthy: Callable[[], Sequence[str]] = tuple,
        events_max: int = _EVENTS_MAX,
    ) -> Node:
        """Opens a node that joined before. `healthy` gives the reasons why it is not, if any."""
        place = Folder(folder)
        place.hold()
        try:
            member = place.read_membership()
            if member is None:
                raise FoedusError("NOT_JOINED", f"no node joined from {place.path}")
            return cls(place, Link(place, member), healthy, events_max)
        except BaseException:
            place.release()
            raise

    @property
    def node_id(self) -> str:
        return self._link.member.admission.node_id

    @property
    def name(self) -> str:
        return self._link.member.admission.name

    @property
    def spiffe_id(self) -> str:
        return self._link.member.admission.spiffe_id

    @property
    def ended(self) -> threading.Event:
        """Set when the node was closed, revoked or retired."""
        return self._link.ended

    @property
    def channel(self) -> grpc.Channel:
        """The authenticated channel of now, for services that this package does not wrap."""
        return self._link.channel

    def register(self, profile: node_pb2.NodeProfile) -> node_pb2.Node:
        """Tells the hub what the node is; heartbeats begin."""
        self._profile = profile
        request = node_service_pb2.RegisterNodeRequest(
            request_id=new_request_id(), profile=profile
        )
        answer = self._link.persist(
            lambda: self._link.node.RegisterNode(request, timeout=CALL_SECONDS)
        )
        if self._beating is None:
            interval = answer.heartbeat_ms / 1000
            self._beating = threading.Thread(target=self._beat, args=(interval,), daemon=True)
            self._beating.start()
        return answer.node

    def publish(self, payload: Message, *, subject: str = "", stream: str = "main") -> str:
        """Tells one event; returns its id once the hub has stored it."""
        return self.publish_soon(payload, subject=subject, stream=stream).result()

    def publish_soon(
        self, payload: Message, *, subject: str = "", stream: str = "main"
    ) -> Future[str]:
        """The same without waiting: events that are told together are signed together."""
        if stream not in self._outboxes:
            box = Outbox(self._link, self._folder, stream, self._events_max)
            self._outboxes[stream] = box
        return self._outboxes[stream].add(payload, subject)

    def subscribe(
        self,
        *,
        after: int | None = None,
        types: Sequence[str] = (),
        sources: Sequence[str] = (),
        subjects: Sequence[str] = (),
        until_head: bool = False,
        verify: bool = True,
        connected: Callable[[], None] = lambda: None,
    ) -> Iterator[Event | Gap | Forgery]:
        """Events behind the cursor `after`; 0 is all that is kept, None only what comes now.

        Goes on behind the last event when the connection breaks. `connected` is called whenever
        everything told so far was heard.
        """
        wish = Wish(after, types, sources, subjects, until_head, verify, connected)
        return subscribe(self._link, wish)

    @property
    def tasks(self) -> Tasks:
        """Tasks to be done by others: submit them, and hear what came of them."""
        return self._tasks

    def work(
        self,
        queue: str,
        handler: Handler,
        *,
        concurrency: int = 1,
        kinds: Sequence[str] = (),
        capabilities: Sequence[str] = (),
        labels: Mapping[str, str] | None = None,
        models: Sequence[str] = (),
        name: str = "",
        notice: Notice = lambda did, job: None,
        patience: Patience = _PATIENCE,
    ) -> Worker:
        """Takes tasks off a queue and gives each to `handler`, so many at once, in threads.

        What it returns is the result; what it raises fails the attempt. `kinds` are those it does,
        empty for all; capabilities, labels and models are what tasks may ask for. `patience` says
        how long it waits for a hub that does not answer, and for a handler that does not stop.
        """
        self._workers = [worker for worker in self._workers if not worker.ended.is_set()]
        taken = {worker.name for worker in self._workers if worker.queue == queue}
        if name in taken:
            raise ValueError(f"this node has a worker {name} at {queue} already")
        names = (f"worker-{number}" for number in itertools.count(1))
        who = task_work_pb2.Worker(
            name=name or next(one for one in names if one not in taken),
            queue=queue,
            kinds=kinds,
            capabilities=capabilities,
            labels=labels or {},
            models=models,
            concurrency=concurrency,
        )
        worker = Worker(self._link, who, handler, notice, self.tasks.submit, patience)
        self._workers.append(worker)
        return worker

    def close(self) -> None:
        """Stops its workers, waits a moment for events on their way, and lets go of the folder."""
        for worker in self._workers:
            worker.close()
        for box in self._outboxes.values():
            box.drain(_DRAIN_SECONDS)
        self._link.close()
        for box in self._outboxes.values():
            box.stop()
        if self._beating is not None:
            self._beating.join(CALL_SECONDS)
        self._folder.release()

    def _beat(self, interval: float) -> None:
        """Sends heartbeats, each once, until the node ends."""
        epoch, sequence, trip_us = self._folder.next_epoch(), 0, None
        while not self._link.ended.is_set():
            sequence += 1
            reasons = list(self._healthy())[:8]
            request = node_service_pb2.HeartbeatRequest(
                epoch=epoch,
                sequence=sequence,
                sent_ms=int(time.time() * 1000),
                round_trip_us=trip_us,
                health=node_pb2.HEALTH_STATUS_DEGRADED
                if reasons
                else node_pb2.HEALTH_STATUS_HEALTHY,
                reasons=[reason[:200] for reason in reasons],
            )
            asked = time.monotonic()
            try:
                answer = self._link.node.Heartbeat(request, timeout=max(2.0, interval))
                first = trip_us is None
                trip_us = int((time.monotonic() - asked) * 1_000_000)
                interval = answer.next_ms / 1000
                # The second one tells the round trip of the first.
                self._link.ended.wait(_SOON_SECONDS if first else interval)
            except (grpc.RpcError, ValueError) as thrown:
                if self._link.ended.is_set():
                    return
                error = error_of(thrown)
                if error.reason in ("NODE_RETIRED", "NODE_REVOKED"):
                    return self._link.end(error)
                if error.reason == "NODE_NOT_REGISTERED" and self._profile is not None:
                    self._register_again(self._profile)
                if error.reason == "HEARTBEAT_EPOCH_OLD":
                    known = int(error.facts.get("known", "0"))
                    epoch, sequence = self._folder.next_epoch(known), 0
                self._link.ended.wait(min(interval, 1.0))

    def _register_again(self, profile: node_pb2.NodeProfile) -> None:
        """The hub lost us, e.g. with a restored backup."""
        try:
            self.register(profile)
        except FoedusError:
            return
