from foedus.gen.event.v1 import event_event_pb2 as _event_event_pb2
from foedus.gen.learning.v1 import learning_pb2 as _learning_pb2
from foedus.gen.node.v1 import node_pb2 as _node_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Witness(_message.Message):
    __slots__ = ("state", "state_ms", "state_cursor", "held_ms", "telemetry", "telemetry_cursor", "summary_ms", "summary_cursor", "summary_type", "holding", "lines")
    class Holding(_message.Message):
        __slots__ = ("digest", "files", "lines")
        DIGEST_FIELD_NUMBER: _ClassVar[int]
        FILES_FIELD_NUMBER: _ClassVar[int]
        LINES_FIELD_NUMBER: _ClassVar[int]
        digest: str
        files: int
        lines: int
        def __init__(self, digest: _Optional[str] = ..., files: _Optional[int] = ..., lines: _Optional[int] = ...) -> None: ...
    class Line(_message.Message):
        __slots__ = ("stream", "epoch", "sequence")
        STREAM_FIELD_NUMBER: _ClassVar[int]
        EPOCH_FIELD_NUMBER: _ClassVar[int]
        SEQUENCE_FIELD_NUMBER: _ClassVar[int]
        stream: str
        epoch: int
        sequence: int
        def __init__(self, stream: _Optional[str] = ..., epoch: _Optional[int] = ..., sequence: _Optional[int] = ...) -> None: ...
    STATE_FIELD_NUMBER: _ClassVar[int]
    STATE_MS_FIELD_NUMBER: _ClassVar[int]
    STATE_CURSOR_FIELD_NUMBER: _ClassVar[int]
    HELD_MS_FIELD_NUMBER: _ClassVar[int]
    TELEMETRY_FIELD_NUMBER: _ClassVar[int]
    TELEMETRY_CURSOR_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_MS_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_CURSOR_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_TYPE_FIELD_NUMBER: _ClassVar[int]
    HOLDING_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    state: _node_pb2.NodeState
    state_ms: int
    state_cursor: int
    held_ms: int
    telemetry: _event_event_pb2.TelemetrySync
    telemetry_cursor: int
    summary_ms: int
    summary_cursor: int
    summary_type: str
    holding: Witness.Holding
    lines: _containers.RepeatedCompositeFieldContainer[Witness.Line]
    def __init__(self, state: _Optional[_Union[_node_pb2.NodeState, str]] = ..., state_ms: _Optional[int] = ..., state_cursor: _Optional[int] = ..., held_ms: _Optional[int] = ..., telemetry: _Optional[_Union[_event_event_pb2.TelemetrySync, _Mapping]] = ..., telemetry_cursor: _Optional[int] = ..., summary_ms: _Optional[int] = ..., summary_cursor: _Optional[int] = ..., summary_type: _Optional[str] = ..., holding: _Optional[_Union[Witness.Holding, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[Witness.Line, _Mapping]]] = ...) -> None: ...

class GivenLevel(_message.Message):
    __slots__ = ("level", "reason", "given_by", "give_ms")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    GIVEN_BY_FIELD_NUMBER: _ClassVar[int]
    GIVE_MS_FIELD_NUMBER: _ClassVar[int]
    level: _learning_pb2.TrustLevel
    reason: str
    given_by: str
    give_ms: int
    def __init__(self, level: _Optional[_Union[_learning_pb2.TrustLevel, str]] = ..., reason: _Optional[str] = ..., given_by: _Optional[str] = ..., give_ms: _Optional[int] = ...) -> None: ...
