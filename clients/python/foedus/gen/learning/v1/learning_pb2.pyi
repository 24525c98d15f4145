import datetime

from foedus.gen.event.v1 import event_event_pb2 as _event_event_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class InputKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INPUT_KIND_UNSPECIFIED: _ClassVar[InputKind]
    INPUT_KIND_HEARTBEATS_KEPT: _ClassVar[InputKind]
    INPUT_KIND_SIGNATURES_VALID: _ClassVar[InputKind]
    INPUT_KIND_SKEW_IN_BOUNDS: _ClassVar[InputKind]
    INPUT_KIND_SUMMARIES_FRESH: _ClassVar[InputKind]
    INPUT_KIND_CHECKS_PASSED: _ClassVar[InputKind]

class TrustLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRUST_LEVEL_UNSPECIFIED: _ClassVar[TrustLevel]
    TRUST_LEVEL_UNKNOWN: _ClassVar[TrustLevel]
    TRUST_LEVEL_BASIC: _ClassVar[TrustLevel]
    TRUST_LEVEL_VERIFIED: _ClassVar[TrustLevel]
    TRUST_LEVEL_TRUSTED: _ClassVar[TrustLevel]
    TRUST_LEVEL_PARTNER: _ClassVar[TrustLevel]
INPUT_KIND_UNSPECIFIED: InputKind
INPUT_KIND_HEARTBEATS_KEPT: InputKind
INPUT_KIND_SIGNATURES_VALID: InputKind
INPUT_KIND_SKEW_IN_BOUNDS: InputKind
INPUT_KIND_SUMMARIES_FRESH: InputKind
INPUT_KIND_CHECKS_PASSED: InputKind
TRUST_LEVEL_UNSPECIFIED: TrustLevel
TRUST_LEVEL_UNKNOWN: TrustLevel
TRUST_LEVEL_BASIC: TrustLevel
TRUST_LEVEL_VERIFIED: TrustLevel
TRUST_LEVEL_TRUSTED: TrustLevel
TRUST_LEVEL_PARTNER: TrustLevel

class TrustInput(_message.Message):
    __slots__ = ("kind", "weight", "value", "samples", "detail", "evidence_cursors")
    KIND_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_CURSORS_FIELD_NUMBER: _ClassVar[int]
    kind: InputKind
    weight: float
    value: float
    samples: int
    detail: str
    evidence_cursors: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, kind: _Optional[_Union[InputKind, str]] = ..., weight: _Optional[float] = ..., value: _Optional[float] = ..., samples: _Optional[int] = ..., detail: _Optional[str] = ..., evidence_cursors: _Optional[_Iterable[int]] = ...) -> None: ...

class NodeTrust(_message.Message):
    __slots__ = ("node_id", "node_name", "score", "inputs", "claimed_score", "claim_cursor", "level", "reputation", "because", "latency_ms")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_NAME_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_SCORE_FIELD_NUMBER: _ClassVar[int]
    CLAIM_CURSOR_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    REPUTATION_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    node_name: str
    score: float
    inputs: _containers.RepeatedCompositeFieldContainer[TrustInput]
    claimed_score: float
    claim_cursor: int
    level: TrustLevel
    reputation: float
    because: _containers.RepeatedScalarFieldContainer[str]
    latency_ms: float
    def __init__(self, node_id: _Optional[str] = ..., node_name: _Optional[str] = ..., score: _Optional[float] = ..., inputs: _Optional[_Iterable[_Union[TrustInput, _Mapping]]] = ..., claimed_score: _Optional[float] = ..., claim_cursor: _Optional[int] = ..., level: _Optional[_Union[TrustLevel, str]] = ..., reputation: _Optional[float] = ..., because: _Optional[_Iterable[str]] = ..., latency_ms: _Optional[float] = ...) -> None: ...

class AgreedPriority(_message.Message):
    __slots__ = ("topic", "weight", "confidence", "contributions")
    class Contribution(_message.Message):
        __slots__ = ("node_id", "node_name", "weight", "confidence", "share", "cursor")
        NODE_ID_FIELD_NUMBER: _ClassVar[int]
        NODE_NAME_FIELD_NUMBER: _ClassVar[int]
        WEIGHT_FIELD_NUMBER: _ClassVar[int]
        CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
        SHARE_FIELD_NUMBER: _ClassVar[int]
        CURSOR_FIELD_NUMBER: _ClassVar[int]
        node_id: str
        node_name: str
        weight: float
        confidence: float
        share: float
        cursor: int
        def __init__(self, node_id: _Optional[str] = ..., node_name: _Optional[str] = ..., weight: _Optional[float] = ..., confidence: _Optional[float] = ..., share: _Optional[float] = ..., cursor: _Optional[int] = ...) -> None: ...
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    CONTRIBUTIONS_FIELD_NUMBER: _ClassVar[int]
    topic: str
    weight: float
    confidence: float
    contributions: _containers.RepeatedCompositeFieldContainer[AgreedPriority.Contribution]
    def __init__(self, topic: _Optional[str] = ..., weight: _Optional[float] = ..., confidence: _Optional[float] = ..., contributions: _Optional[_Iterable[_Union[AgreedPriority.Contribution, _Mapping]]] = ...) -> None: ...

class Cycle(_message.Message):
    __slots__ = ("id", "start_time", "end_time", "head_cursor", "aggregate", "priorities", "asked_by", "summary", "took_ms")
    ID_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    HEAD_CURSOR_FIELD_NUMBER: _ClassVar[int]
    AGGREGATE_FIELD_NUMBER: _ClassVar[int]
    PRIORITIES_FIELD_NUMBER: _ClassVar[int]
    ASKED_BY_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    TOOK_MS_FIELD_NUMBER: _ClassVar[int]
    id: str
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    head_cursor: int
    aggregate: _event_event_pb2.TrustAggregate
    priorities: _containers.RepeatedCompositeFieldContainer[AgreedPriority]
    asked_by: str
    summary: str
    took_ms: float
    def __init__(self, id: _Optional[str] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., head_cursor: _Optional[int] = ..., aggregate: _Optional[_Union[_event_event_pb2.TrustAggregate, _Mapping]] = ..., priorities: _Optional[_Iterable[_Union[AgreedPriority, _Mapping]]] = ..., asked_by: _Optional[str] = ..., summary: _Optional[str] = ..., took_ms: _Optional[float] = ...) -> None: ...
