from foedus.gen.sync.v1 import sync_pb2 as _sync_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Seen(_message.Message):
    __slots__ = ("ctrs",)
    class CtrsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    CTRS_FIELD_NUMBER: _ClassVar[int]
    ctrs: _containers.ScalarMap[str, int]
    def __init__(self, ctrs: _Optional[_Mapping[str, int]] = ...) -> None: ...

class Run(_message.Message):
    __slots__ = ("replicas", "authors", "ctrs", "slots", "ops", "late")
    REPLICAS_FIELD_NUMBER: _ClassVar[int]
    AUTHORS_FIELD_NUMBER: _ClassVar[int]
    CTRS_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    OPS_FIELD_NUMBER: _ClassVar[int]
    LATE_FIELD_NUMBER: _ClassVar[int]
    replicas: _containers.RepeatedScalarFieldContainer[str]
    authors: _containers.RepeatedScalarFieldContainer[int]
    ctrs: _containers.RepeatedScalarFieldContainer[int]
    slots: _containers.RepeatedScalarFieldContainer[int]
    ops: _containers.RepeatedScalarFieldContainer[bytes]
    late: _containers.RepeatedCompositeFieldContainer[Late]
    def __init__(self, replicas: _Optional[_Iterable[str]] = ..., authors: _Optional[_Iterable[int]] = ..., ctrs: _Optional[_Iterable[int]] = ..., slots: _Optional[_Iterable[int]] = ..., ops: _Optional[_Iterable[bytes]] = ..., late: _Optional[_Iterable[_Union[Late, _Mapping]]] = ...) -> None: ...

class Late(_message.Message):
    __slots__ = ("index", "dots")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    DOTS_FIELD_NUMBER: _ClassVar[int]
    index: int
    dots: _containers.RepeatedCompositeFieldContainer[_sync_pb2.Dot]
    def __init__(self, index: _Optional[int] = ..., dots: _Optional[_Iterable[_Union[_sync_pb2.Dot, _Mapping]]] = ...) -> None: ...
