from foedus.gen.event.v1 import event_pb2 as _event_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.page.v1 import page_pb2 as _page_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PublishRequest(_message.Message):
    __slots__ = ("batch",)
    BATCH_FIELD_NUMBER: _ClassVar[int]
    batch: _event_pb2.Batch
    def __init__(self, batch: _Optional[_Union[_event_pb2.Batch, _Mapping]] = ...) -> None: ...

class PublishResponse(_message.Message):
    __slots__ = ("accepted", "duplicates", "last_cursor")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    DUPLICATES_FIELD_NUMBER: _ClassVar[int]
    LAST_CURSOR_FIELD_NUMBER: _ClassVar[int]
    accepted: int
    duplicates: int
    last_cursor: int
    def __init__(self, accepted: _Optional[int] = ..., duplicates: _Optional[int] = ..., last_cursor: _Optional[int] = ...) -> None: ...

class PublishStreamRequest(_message.Message):
    __slots__ = ("batch",)
    BATCH_FIELD_NUMBER: _ClassVar[int]
    batch: _event_pb2.Batch
    def __init__(self, batch: _Optional[_Union[_event_pb2.Batch, _Mapping]] = ...) -> None: ...

class PublishStreamResponse(_message.Message):
    __slots__ = ("accepted", "duplicates", "last_cursor")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    DUPLICATES_FIELD_NUMBER: _ClassVar[int]
    LAST_CURSOR_FIELD_NUMBER: _ClassVar[int]
    accepted: int
    duplicates: int
    last_cursor: int
    def __init__(self, accepted: _Optional[int] = ..., duplicates: _Optional[int] = ..., last_cursor: _Optional[int] = ...) -> None: ...

class PublishForeignRequest(_message.Message):
    __slots__ = ("batch", "proof")
    BATCH_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    batch: _event_pb2.Batch
    proof: _event_pb2.InclusionProof
    def __init__(self, batch: _Optional[_Union[_event_pb2.Batch, _Mapping]] = ..., proof: _Optional[_Union[_event_pb2.InclusionProof, _Mapping]] = ...) -> None: ...

class PublishForeignResponse(_message.Message):
    __slots__ = ("accepted", "duplicates")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    DUPLICATES_FIELD_NUMBER: _ClassVar[int]
    accepted: int
    duplicates: int
    def __init__(self, accepted: _Optional[int] = ..., duplicates: _Optional[int] = ...) -> None: ...

class RequestSummariesRequest(_message.Message):
    __slots__ = ("request_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RequestSummariesResponse(_message.Message):
    __slots__ = ("nodes",)
    NODES_FIELD_NUMBER: _ClassVar[int]
    nodes: int
    def __init__(self, nodes: _Optional[int] = ...) -> None: ...

class SubscribeRequest(_message.Message):
    __slots__ = ("after_cursor", "types", "sources", "subjects", "until_head", "with_proofs", "except_types")
    AFTER_CURSOR_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    SUBJECTS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_HEAD_FIELD_NUMBER: _ClassVar[int]
    WITH_PROOFS_FIELD_NUMBER: _ClassVar[int]
    EXCEPT_TYPES_FIELD_NUMBER: _ClassVar[int]
    after_cursor: int
    types: _containers.RepeatedScalarFieldContainer[str]
    sources: _containers.RepeatedScalarFieldContainer[str]
    subjects: _containers.RepeatedScalarFieldContainer[str]
    until_head: bool
    with_proofs: bool
    except_types: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, after_cursor: _Optional[int] = ..., types: _Optional[_Iterable[str]] = ..., sources: _Optional[_Iterable[str]] = ..., subjects: _Optional[_Iterable[str]] = ..., until_head: _Optional[bool] = ..., with_proofs: _Optional[bool] = ..., except_types: _Optional[_Iterable[str]] = ...) -> None: ...

class SubscribeResponse(_message.Message):
    __slots__ = ("delivery", "gap", "head", "reconnect")
    class Delivery(_message.Message):
        __slots__ = ("events", "cursor")
        EVENTS_FIELD_NUMBER: _ClassVar[int]
        CURSOR_FIELD_NUMBER: _ClassVar[int]
        events: _containers.RepeatedCompositeFieldContainer[_event_pb2.StoredEvent]
        cursor: int
        def __init__(self, events: _Optional[_Iterable[_Union[_event_pb2.StoredEvent, _Mapping]]] = ..., cursor: _Optional[int] = ...) -> None: ...
    class Gap(_message.Message):
        __slots__ = ("from_cursor", "to_cursor", "reason")
        FROM_CURSOR_FIELD_NUMBER: _ClassVar[int]
        TO_CURSOR_FIELD_NUMBER: _ClassVar[int]
        REASON_FIELD_NUMBER: _ClassVar[int]
        from_cursor: int
        to_cursor: int
        reason: str
        def __init__(self, from_cursor: _Optional[int] = ..., to_cursor: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...
    class Head(_message.Message):
        __slots__ = ("cursor",)
        CURSOR_FIELD_NUMBER: _ClassVar[int]
        cursor: int
        def __init__(self, cursor: _Optional[int] = ...) -> None: ...
    class Reconnect(_message.Message):
        __slots__ = ("after_ms",)
        AFTER_MS_FIELD_NUMBER: _ClassVar[int]
        after_ms: int
        def __init__(self, after_ms: _Optional[int] = ...) -> None: ...
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    RECONNECT_FIELD_NUMBER: _ClassVar[int]
    delivery: SubscribeResponse.Delivery
    gap: SubscribeResponse.Gap
    head: SubscribeResponse.Head
    reconnect: SubscribeResponse.Reconnect
    def __init__(self, delivery: _Optional[_Union[SubscribeResponse.Delivery, _Mapping]] = ..., gap: _Optional[_Union[SubscribeResponse.Gap, _Mapping]] = ..., head: _Optional[_Union[SubscribeResponse.Head, _Mapping]] = ..., reconnect: _Optional[_Union[SubscribeResponse.Reconnect, _Mapping]] = ...) -> None: ...

class GetEventRequest(_message.Message):
    __slots__ = ("cursor",)
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    cursor: int
    def __init__(self, cursor: _Optional[int] = ...) -> None: ...

class GetEventResponse(_message.Message):
    __slots__ = ("event", "public_key", "node_name", "verified")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    NODE_NAME_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_FIELD_NUMBER: _ClassVar[int]
    event: _event_pb2.StoredEvent
    public_key: bytes
    node_name: str
    verified: bool
    def __init__(self, event: _Optional[_Union[_event_pb2.StoredEvent, _Mapping]] = ..., public_key: _Optional[bytes] = ..., node_name: _Optional[str] = ..., verified: _Optional[bool] = ...) -> None: ...

class ListLatestRequest(_message.Message):
    __slots__ = ("page", "types", "sources")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    types: _containers.RepeatedScalarFieldContainer[str]
    sources: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ..., types: _Optional[_Iterable[str]] = ..., sources: _Optional[_Iterable[str]] = ...) -> None: ...

class ListLatestResponse(_message.Message):
    __slots__ = ("events", "next_page_token")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[_event_pb2.StoredEvent]
    next_page_token: str
    def __init__(self, events: _Optional[_Iterable[_Union[_event_pb2.StoredEvent, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
