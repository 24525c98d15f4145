from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.sync.v1 import sync_pb2 as _sync_pb2
from foedus.gen.sync.v1 import sync_status_pb2 as _sync_status_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GrantChanged(_message.Message):
    __slots__ = ("grant",)
    GRANT_FIELD_NUMBER: _ClassVar[int]
    grant: _sync_status_pb2.Grant
    def __init__(self, grant: _Optional[_Union[_sync_status_pb2.Grant, _Mapping]] = ...) -> None: ...

class CollectionDeclared(_message.Message):
    __slots__ = ("collection",)
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    collection: _sync_status_pb2.Collection
    def __init__(self, collection: _Optional[_Union[_sync_status_pb2.Collection, _Mapping]] = ...) -> None: ...

class ConflictResolved(_message.Message):
    __slots__ = ("stream", "name", "dot")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DOT_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    name: _sync_pb2.CellName
    dot: _sync_pb2.Dot
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., name: _Optional[_Union[_sync_pb2.CellName, _Mapping]] = ..., dot: _Optional[_Union[_sync_pb2.Dot, _Mapping]] = ...) -> None: ...

class StreamRepaired(_message.Message):
    __slots__ = ("stream", "epoch", "changed")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    epoch: str
    changed: bool
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., epoch: _Optional[str] = ..., changed: _Optional[bool] = ...) -> None: ...
