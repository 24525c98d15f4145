"""What is told, and what is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import grpc
from google.protobuf.message import Message

from foedus.error import FoedusError
from foedus.gen.event.v1 import event_pb2, event_service_pb2
from foedus.gen.identity.v1 import identity_service_pb2
from foedus.gen.options.v1 import options_pb2
from foedus.gen.page.v1 import page_pb2
from foedus.signing import is_proved

if TYPE_CHECKING:
    from foedus.link import Link

M = TypeVar("M", bound=Message)

_PAGE_SIZE = 1_000
_CALL_SECONDS = 15


@dataclass(frozen=True)
class Event:
    """An event of the log. Subscribe with its cursor as `after` to go on behind it."""

    cursor: int
    received_ms: int
    type: str
    source: str
    subject: str
    time_ms: int
    payload: bytes
    stored: event_pb2.StoredEvent

    def read(self, message: type[M]) -> M:
        """The payload as a message of its family."""
        if type_of(message()) != self.type:
            raise FoedusError("NOT_A_FAMILY", f"a {self.type} is no {message.__name__}")
        return message.FromString(self.payload)


@dataclass(frozen=True)
class Gap:
    """Events that are missing: the hub no longer keeps them, or was restored from a backup."""

    from_cursor: int
    to_cursor: int
    reason: str


@dataclass(frozen=True)
class Forgery:
    """An event whose signature or proof does not hold; only when events are verified."""

    cursor: int
    stored: event_pb2.StoredEvent


def type_of(message: Message) -> str:
    """The family of a payload, e.g. "telemetry_sync"."""
    options = message.DESCRIPTOR.GetOptions()
    if not options.HasExtension(options_pb2.family):
        name = message.DESCRIPTOR.full_name
        raise FoedusError("NOT_A_FAMILY", f"{name} has no family option")
    family = options.Extensions[options_pb2.family]
    if family.hub_only:
        raise FoedusError("NOT_A_FAMILY", f"only the hub tells {family.type}")
    return family.type


def sanitised(message: M) -> M:
    """A copy without the fields that the schema marks sensitive: they never leave a node."""
    copy = type(message)()
    copy.CopyFrom(message)
    _clear(copy)
    return copy


def _clear(message: Message) -> None:
    for field, value in message.ListFields():
        if field.GetOptions().Extensions[options_pb2.sensitive]:
            message.ClearField(field.name)
        elif field.message_type is None:
            continue
        elif field.message_type.GetOptions().map_entry:
            if field.message_type.fields_by_name["value"].message_type is not None:
                for one in value.values():
                    _clear(one)
        elif field.is_repeated:
            for one in value:
                _clear(one)
        else:
            _clear(value)


@dataclass(frozen=True)
class Wish:
    """What to hear, and from where on."""

    after: int | None
    types: Sequence[str]
    sources: Sequence[str]
    subjects: Sequence[str]
    until_head: bool
    verify: bool
    connected: Callable[[], None]


def subscribe(link: Link, wish: Wish) -> Iterator[Event | Gap | Forgery]:
    """Events in the order of the log, each once, whatever happens to the connection."""
    cursor, attempt = wish.after, 0
    keys = _Keys(link)
    while True:
        link.require_open()
        request = event_service_pb2.SubscribeRequest(
            after_cursor=cursor,
            types=wish.types,
            sources=wish.sources,
            subjects=wish.subjects,
            until_head=wish.until_head,
            with_proofs=wish.verify,
        )
        call = None
        try:
            call = link.event.Subscribe(request)
            for answer in call:
                attempt = 0
                item = answer.WhichOneof("item")
                if item == "delivery":
                    for stored in answer.delivery.events:
                        # Cursors are ours once the event was handed on, not before.
                        if cursor is None or stored.cursor > cursor:
                            heard = _heard(stored, keys if wish.verify else None)
                            cursor = stored.cursor
                            yield heard
                    cursor = answer.delivery.cursor
                elif item == "gap":
                    gap = answer.gap
                    older = cursor is not None and gap.from_cursor <= cursor
                    # A log that ends before our cursor is an older one: what follows is new to us.
                    cursor = gap.from_cursor - 1 if older else gap.to_cursor
                    yield Gap(gap.from_cursor, gap.to_cursor, gap.reason)
                elif item == "head":
                    cursor = answer.head.cursor
                    wish.connected()
                elif item == "reconnect":
                    link.ended.wait(answer.reconnect.after_ms / 1000)
                    break
            else:
                if wish.until_head:
                    return
        except (grpc.RpcError, ValueError) as thrown:
            link.judge(thrown)
        finally:
            if call is not None:
                call.cancel()
        attempt += 1
        link.wait(attempt)


def _heard(stored: event_pb2.StoredEvent, keys: _Keys | None) -> Event | Forgery:
    event = event_pb2.Event.FromString(stored.event)
    if keys is not None and not keys.proves(stored, event.source):
        return Forgery(stored.cursor, stored)
    return Event(
        cursor=stored.cursor,
        received_ms=stored.received_ms,
        type=event.type,
        source=event.source,
        subject=event.subject,
        time_ms=event.time_ms,
        payload=event.payload,
        stored=stored,
    )


class _Keys:
    """Keys by which events are verified: fetched once, and again for a source that is unknown."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._known: dict[str, set[bytes]] = {}

    def proves(self, stored: event_pb2.StoredEvent, source: str) -> bool:
        if source not in self._known:
            self._fetch(stored, source)
        return any(is_proved(stored, key) for key in self._known.get(source, ()))

    def _fetch(self, stored: event_pb2.StoredEvent, source: str) -> None:
        if source == self._link.member.admission.hub_spiffe_id:
            request = event_service_pb2.GetEventRequest(cursor=stored.cursor)
            call = lambda: self._link.event.GetEvent(request, timeout=_CALL_SECONDS)  # noqa: E731
            self._known[source] = {self._link.persist(call).public_key}
            return
        token = ""
        while True:
            page = page_pb2.Page(size=_PAGE_SIZE, token=token)
            request = identity_service_pb2.ListIdentitiesRequest(page=page)
            answer = self._link.persist(
                lambda request=request: self._link.identity.ListIdentities(
                    request, timeout=_CALL_SECONDS
                )
            )
            for one in answer.identities:
                self._known.setdefault(one.spiffe_id, set()).add(one.identity_key)
            token = answer.next_page_token
            if not token:
                return
