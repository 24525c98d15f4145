import datetime

from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.page.v1 import page_pb2 as _page_pb2
from foedus.gen.sync.v1 import sync_pb2 as _sync_pb2
from foedus.gen.sync.v1 import sync_frame_pb2 as _sync_frame_pb2
from foedus.gen.sync.v1 import sync_session_pb2 as _sync_session_pb2
from foedus.gen.sync.v1 import sync_status_pb2 as _sync_status_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SessionRequest(_message.Message):
    __slots__ = ("open", "frame")
    OPEN_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    open: _sync_session_pb2.Open
    frame: _sync_frame_pb2.Frame
    def __init__(self, open: _Optional[_Union[_sync_session_pb2.Open, _Mapping]] = ..., frame: _Optional[_Union[_sync_frame_pb2.Frame, _Mapping]] = ...) -> None: ...

class SessionResponse(_message.Message):
    __slots__ = ("opened", "frame")
    OPENED_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    opened: _sync_session_pb2.Opened
    frame: _sync_frame_pb2.Frame
    def __init__(self, opened: _Optional[_Union[_sync_session_pb2.Opened, _Mapping]] = ..., frame: _Optional[_Union[_sync_frame_pb2.Frame, _Mapping]] = ...) -> None: ...

class PullRequest(_message.Message):
    __slots__ = ("open", "frames", "once")
    OPEN_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    ONCE_FIELD_NUMBER: _ClassVar[int]
    open: _sync_session_pb2.Open
    frames: _containers.RepeatedCompositeFieldContainer[_sync_frame_pb2.Frame]
    once: bool
    def __init__(self, open: _Optional[_Union[_sync_session_pb2.Open, _Mapping]] = ..., frames: _Optional[_Iterable[_Union[_sync_frame_pb2.Frame, _Mapping]]] = ..., once: _Optional[bool] = ...) -> None: ...

class PullResponse(_message.Message):
    __slots__ = ("opened", "frame")
    OPENED_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    opened: _sync_session_pb2.Opened
    frame: _sync_frame_pb2.Frame
    def __init__(self, opened: _Optional[_Union[_sync_session_pb2.Opened, _Mapping]] = ..., frame: _Optional[_Union[_sync_frame_pb2.Frame, _Mapping]] = ...) -> None: ...

class PushRequest(_message.Message):
    __slots__ = ("session_id", "open", "frames")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    open: _sync_session_pb2.Open
    frames: _containers.RepeatedCompositeFieldContainer[_sync_frame_pb2.Frame]
    def __init__(self, session_id: _Optional[str] = ..., open: _Optional[_Union[_sync_session_pb2.Open, _Mapping]] = ..., frames: _Optional[_Iterable[_Union[_sync_frame_pb2.Frame, _Mapping]]] = ...) -> None: ...

class PushResponse(_message.Message):
    __slots__ = ("opened", "frames")
    OPENED_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    opened: _sync_session_pb2.Opened
    frames: _containers.RepeatedCompositeFieldContainer[_sync_frame_pb2.Frame]
    def __init__(self, opened: _Optional[_Union[_sync_session_pb2.Opened, _Mapping]] = ..., frames: _Optional[_Iterable[_Union[_sync_frame_pb2.Frame, _Mapping]]] = ...) -> None: ...

class FetchRequest(_message.Message):
    __slots__ = ("stream", "records")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    records: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., records: _Optional[_Iterable[str]] = ...) -> None: ...

class FetchResponse(_message.Message):
    __slots__ = ("cells", "cursor", "vector")
    class VectorEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    CELLS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    cells: _containers.RepeatedCompositeFieldContainer[_sync_pb2.Cell]
    cursor: _sync_pb2.Cursor
    vector: _containers.ScalarMap[str, int]
    def __init__(self, cells: _Optional[_Iterable[_Union[_sync_pb2.Cell, _Mapping]]] = ..., cursor: _Optional[_Union[_sync_pb2.Cursor, _Mapping]] = ..., vector: _Optional[_Mapping[str, int]] = ...) -> None: ...

class MeetPeersRequest(_message.Message):
    __slots__ = ("address",)
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    address: str
    def __init__(self, address: _Optional[str] = ...) -> None: ...

class MeetPeersResponse(_message.Message):
    __slots__ = ("membership", "peers", "hub_keys", "lease")
    MEMBERSHIP_FIELD_NUMBER: _ClassVar[int]
    PEERS_FIELD_NUMBER: _ClassVar[int]
    HUB_KEYS_FIELD_NUMBER: _ClassVar[int]
    LEASE_FIELD_NUMBER: _ClassVar[int]
    membership: _sync_session_pb2.SignedMembership
    peers: _containers.RepeatedCompositeFieldContainer[_sync_session_pb2.SyncPeer]
    hub_keys: _containers.RepeatedScalarFieldContainer[bytes]
    lease: _duration_pb2.Duration
    def __init__(self, membership: _Optional[_Union[_sync_session_pb2.SignedMembership, _Mapping]] = ..., peers: _Optional[_Iterable[_Union[_sync_session_pb2.SyncPeer, _Mapping]]] = ..., hub_keys: _Optional[_Iterable[bytes]] = ..., lease: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class ListPeersRequest(_message.Message):
    __slots__ = ("page",)
    PAGE_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ...) -> None: ...

class ListPeersResponse(_message.Message):
    __slots__ = ("peers", "next_page_token")
    PEERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    peers: _containers.RepeatedCompositeFieldContainer[_sync_status_pb2.ListedPeer]
    next_page_token: str
    def __init__(self, peers: _Optional[_Iterable[_Union[_sync_status_pb2.ListedPeer, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
