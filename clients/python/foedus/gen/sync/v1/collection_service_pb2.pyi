from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.page.v1 import page_pb2 as _page_pb2
from foedus.gen.sync.v1 import sync_pb2 as _sync_pb2
from foedus.gen.sync.v1 import sync_status_pb2 as _sync_status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListStreamsRequest(_message.Message):
    __slots__ = ("collection", "page")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    collection: str
    page: _page_pb2.Page
    def __init__(self, collection: _Optional[str] = ..., page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ...) -> None: ...

class ListStreamsResponse(_message.Message):
    __slots__ = ("streams", "next_page_token", "zones")
    STREAMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ZONES_FIELD_NUMBER: _ClassVar[int]
    streams: _containers.RepeatedCompositeFieldContainer[_sync_status_pb2.StreamStatus]
    next_page_token: str
    zones: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, streams: _Optional[_Iterable[_Union[_sync_status_pb2.StreamStatus, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., zones: _Optional[_Iterable[str]] = ...) -> None: ...

class WatchStreamsRequest(_message.Message):
    __slots__ = ("collection",)
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    def __init__(self, collection: _Optional[str] = ...) -> None: ...

class WatchStreamsResponse(_message.Message):
    __slots__ = ("streams", "complete")
    STREAMS_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    streams: _containers.RepeatedCompositeFieldContainer[_sync_status_pb2.StreamStatus]
    complete: bool
    def __init__(self, streams: _Optional[_Iterable[_Union[_sync_status_pb2.StreamStatus, _Mapping]]] = ..., complete: _Optional[bool] = ...) -> None: ...

class ListConflictsRequest(_message.Message):
    __slots__ = ("stream", "page", "name")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    page: _page_pb2.Page
    name: _sync_pb2.CellName
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ..., name: _Optional[_Union[_sync_pb2.CellName, _Mapping]] = ...) -> None: ...

class ListConflictsResponse(_message.Message):
    __slots__ = ("conflicts", "next_page_token")
    CONFLICTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conflicts: _containers.RepeatedCompositeFieldContainer[_sync_status_pb2.Conflict]
    next_page_token: str
    def __init__(self, conflicts: _Optional[_Iterable[_Union[_sync_status_pb2.Conflict, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ResolveConflictRequest(_message.Message):
    __slots__ = ("request_id", "stream", "name", "keep", "body", "seen")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KEEP_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    SEEN_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    stream: _sync_pb2.Stream
    name: _sync_pb2.CellName
    keep: _sync_pb2.Dot
    body: bytes
    seen: _containers.RepeatedCompositeFieldContainer[_sync_pb2.Dot]
    def __init__(self, request_id: _Optional[str] = ..., stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., name: _Optional[_Union[_sync_pb2.CellName, _Mapping]] = ..., keep: _Optional[_Union[_sync_pb2.Dot, _Mapping]] = ..., body: _Optional[bytes] = ..., seen: _Optional[_Iterable[_Union[_sync_pb2.Dot, _Mapping]]] = ...) -> None: ...

class ResolveConflictResponse(_message.Message):
    __slots__ = ("cell",)
    CELL_FIELD_NUMBER: _ClassVar[int]
    cell: _sync_pb2.Cell
    def __init__(self, cell: _Optional[_Union[_sync_pb2.Cell, _Mapping]] = ...) -> None: ...

class GetDigestRequest(_message.Message):
    __slots__ = ("stream", "recount", "bucket")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    RECOUNT_FIELD_NUMBER: _ClassVar[int]
    BUCKET_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    recount: bool
    bucket: int
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., recount: _Optional[bool] = ..., bucket: _Optional[int] = ...) -> None: ...

class GetDigestResponse(_message.Message):
    __slots__ = ("status", "buckets", "sound", "cells", "fingerprints")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BUCKETS_FIELD_NUMBER: _ClassVar[int]
    SOUND_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINTS_FIELD_NUMBER: _ClassVar[int]
    status: _sync_status_pb2.StreamStatus
    buckets: _containers.RepeatedCompositeFieldContainer[_sync_status_pb2.DigestBucket]
    sound: bool
    cells: _containers.RepeatedCompositeFieldContainer[_sync_pb2.CellName]
    fingerprints: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, status: _Optional[_Union[_sync_status_pb2.StreamStatus, _Mapping]] = ..., buckets: _Optional[_Iterable[_Union[_sync_status_pb2.DigestBucket, _Mapping]]] = ..., sound: _Optional[bool] = ..., cells: _Optional[_Iterable[_Union[_sync_pb2.CellName, _Mapping]]] = ..., fingerprints: _Optional[_Iterable[float]] = ...) -> None: ...

class RepairStreamRequest(_message.Message):
    __slots__ = ("request_id", "stream")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    stream: _sync_pb2.Stream
    def __init__(self, request_id: _Optional[str] = ..., stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ...) -> None: ...

class RepairStreamResponse(_message.Message):
    __slots__ = ("status", "changed")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    status: _sync_status_pb2.StreamStatus
    changed: bool
    def __init__(self, status: _Optional[_Union[_sync_status_pb2.StreamStatus, _Mapping]] = ..., changed: _Optional[bool] = ...) -> None: ...

class SetGrantRequest(_message.Message):
    __slots__ = ("request_id", "node", "zones", "relays")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    ZONES_FIELD_NUMBER: _ClassVar[int]
    RELAYS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    node: str
    zones: _containers.RepeatedScalarFieldContainer[str]
    relays: bool
    def __init__(self, request_id: _Optional[str] = ..., node: _Optional[str] = ..., zones: _Optional[_Iterable[str]] = ..., relays: _Optional[bool] = ...) -> None: ...

class SetGrantResponse(_message.Message):
    __slots__ = ("grant",)
    GRANT_FIELD_NUMBER: _ClassVar[int]
    grant: _sync_status_pb2.Grant
    def __init__(self, grant: _Optional[_Union[_sync_status_pb2.Grant, _Mapping]] = ...) -> None: ...

class ListGrantsRequest(_message.Message):
    __slots__ = ("page",)
    PAGE_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ...) -> None: ...

class ListGrantsResponse(_message.Message):
    __slots__ = ("grants", "next_page_token", "zones")
    GRANTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ZONES_FIELD_NUMBER: _ClassVar[int]
    grants: _containers.RepeatedCompositeFieldContainer[_sync_status_pb2.Grant]
    next_page_token: str
    zones: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, grants: _Optional[_Iterable[_Union[_sync_status_pb2.Grant, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., zones: _Optional[_Iterable[str]] = ...) -> None: ...

class DeclareCollectionRequest(_message.Message):
    __slots__ = ("request_id", "collection")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    collection: _sync_status_pb2.Collection
    def __init__(self, request_id: _Optional[str] = ..., collection: _Optional[_Union[_sync_status_pb2.Collection, _Mapping]] = ...) -> None: ...

class DeclareCollectionResponse(_message.Message):
    __slots__ = ("collection",)
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    collection: _sync_status_pb2.Collection
    def __init__(self, collection: _Optional[_Union[_sync_status_pb2.Collection, _Mapping]] = ...) -> None: ...

class ListCollectionsRequest(_message.Message):
    __slots__ = ("page",)
    PAGE_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ...) -> None: ...

class ListCollectionsResponse(_message.Message):
    __slots__ = ("collections", "next_page_token")
    COLLECTIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    collections: _containers.RepeatedCompositeFieldContainer[_sync_status_pb2.Collection]
    next_page_token: str
    def __init__(self, collections: _Optional[_Iterable[_Union[_sync_status_pb2.Collection, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
