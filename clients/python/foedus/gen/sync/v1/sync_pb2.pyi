from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    KIND_UNSPECIFIED: _ClassVar[Kind]
    KIND_APPEND: _ClassVar[Kind]
    KIND_REG_LWW: _ClassVar[Kind]
    KIND_REG_MV: _ClassVar[Kind]
    KIND_ORMAP: _ClassVar[Kind]
    KIND_COUNTER: _ClassVar[Kind]
    KIND_MAXREG: _ClassVar[Kind]

class Refusal(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REFUSAL_UNSPECIFIED: _ClassVar[Refusal]
    REFUSAL_MALFORMED: _ClassVar[Refusal]
    REFUSAL_KIND_UNKNOWN: _ClassVar[Refusal]
    REFUSAL_KIND_CLASH: _ClassVar[Refusal]
    REFUSAL_TOO_LARGE: _ClassVar[Refusal]
    REFUSAL_CLOCK_AHEAD: _ClassVar[Refusal]
    REFUSAL_SIBLINGS_MAX: _ClassVar[Refusal]
    REFUSAL_ZONE: _ClassVar[Refusal]
    REFUSAL_REPLICA_EXPIRED: _ClassVar[Refusal]
    REFUSAL_STREAM_FULL: _ClassVar[Refusal]
    REFUSAL_NOT_OPEN: _ClassVar[Refusal]
    REFUSAL_SCHEMA: _ClassVar[Refusal]
    REFUSAL_NOT_DECLARED: _ClassVar[Refusal]
    REFUSAL_SIGNATURE: _ClassVar[Refusal]
    REFUSAL_READ_ONLY: _ClassVar[Refusal]
    REFUSAL_UNWRITTEN_MAX: _ClassVar[Refusal]
    REFUSAL_SUM_MAX: _ClassVar[Refusal]
    REFUSAL_REFUSED_MAX: _ClassVar[Refusal]

class Slot(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SLOT_UNSPECIFIED: _ClassVar[Slot]
    SLOT_EFFECT: _ClassVar[Slot]
    SLOT_ALIAS: _ClassVar[Slot]
    SLOT_REFUSED: _ClassVar[Slot]
KIND_UNSPECIFIED: Kind
KIND_APPEND: Kind
KIND_REG_LWW: Kind
KIND_REG_MV: Kind
KIND_ORMAP: Kind
KIND_COUNTER: Kind
KIND_MAXREG: Kind
REFUSAL_UNSPECIFIED: Refusal
REFUSAL_MALFORMED: Refusal
REFUSAL_KIND_UNKNOWN: Refusal
REFUSAL_KIND_CLASH: Refusal
REFUSAL_TOO_LARGE: Refusal
REFUSAL_CLOCK_AHEAD: Refusal
REFUSAL_SIBLINGS_MAX: Refusal
REFUSAL_ZONE: Refusal
REFUSAL_REPLICA_EXPIRED: Refusal
REFUSAL_STREAM_FULL: Refusal
REFUSAL_NOT_OPEN: Refusal
REFUSAL_SCHEMA: Refusal
REFUSAL_NOT_DECLARED: Refusal
REFUSAL_SIGNATURE: Refusal
REFUSAL_READ_ONLY: Refusal
REFUSAL_UNWRITTEN_MAX: Refusal
REFUSAL_SUM_MAX: Refusal
REFUSAL_REFUSED_MAX: Refusal
SLOT_UNSPECIFIED: Slot
SLOT_EFFECT: Slot
SLOT_ALIAS: Slot
SLOT_REFUSED: Slot

class Dot(_message.Message):
    __slots__ = ("replica", "ctr")
    REPLICA_FIELD_NUMBER: _ClassVar[int]
    CTR_FIELD_NUMBER: _ClassVar[int]
    replica: str
    ctr: int
    def __init__(self, replica: _Optional[str] = ..., ctr: _Optional[int] = ...) -> None: ...

class Stamp(_message.Message):
    __slots__ = ("hub", "ctr")
    HUB_FIELD_NUMBER: _ClassVar[int]
    CTR_FIELD_NUMBER: _ClassVar[int]
    hub: str
    ctr: int
    def __init__(self, hub: _Optional[str] = ..., ctr: _Optional[int] = ...) -> None: ...

class Op(_message.Message):
    __slots__ = ("record", "field", "kind", "removes", "supersedes", "hlc_ms", "schema_revision", "amount", "body")
    RECORD_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REMOVES_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDES_FIELD_NUMBER: _ClassVar[int]
    HLC_MS_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_REVISION_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    record: str
    field: str
    kind: Kind
    removes: bool
    supersedes: _containers.RepeatedCompositeFieldContainer[Dot]
    hlc_ms: float
    schema_revision: int
    amount: float
    body: bytes
    def __init__(self, record: _Optional[str] = ..., field: _Optional[str] = ..., kind: _Optional[_Union[Kind, str]] = ..., removes: _Optional[bool] = ..., supersedes: _Optional[_Iterable[_Union[Dot, _Mapping]]] = ..., hlc_ms: _Optional[float] = ..., schema_revision: _Optional[int] = ..., amount: _Optional[float] = ..., body: _Optional[bytes] = ...) -> None: ...

class Stream(_message.Message):
    __slots__ = ("collection", "zone", "lane", "partition")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    LANE_FIELD_NUMBER: _ClassVar[int]
    PARTITION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    zone: str
    lane: int
    partition: str
    def __init__(self, collection: _Optional[str] = ..., zone: _Optional[str] = ..., lane: _Optional[int] = ..., partition: _Optional[str] = ...) -> None: ...

class Entry(_message.Message):
    __slots__ = ("seq", "stamp", "dot", "slot", "refusal", "unseen", "op")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    STAMP_FIELD_NUMBER: _ClassVar[int]
    DOT_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    UNSEEN_FIELD_NUMBER: _ClassVar[int]
    OP_FIELD_NUMBER: _ClassVar[int]
    seq: int
    stamp: Stamp
    dot: Dot
    slot: Slot
    refusal: Refusal
    unseen: _containers.RepeatedCompositeFieldContainer[Dot]
    op: bytes
    def __init__(self, seq: _Optional[int] = ..., stamp: _Optional[_Union[Stamp, _Mapping]] = ..., dot: _Optional[_Union[Dot, _Mapping]] = ..., slot: _Optional[_Union[Slot, str]] = ..., refusal: _Optional[_Union[Refusal, str]] = ..., unseen: _Optional[_Iterable[_Union[Dot, _Mapping]]] = ..., op: _Optional[bytes] = ...) -> None: ...

class Sibling(_message.Message):
    __slots__ = ("dot", "op")
    DOT_FIELD_NUMBER: _ClassVar[int]
    OP_FIELD_NUMBER: _ClassVar[int]
    dot: Dot
    op: bytes
    def __init__(self, dot: _Optional[_Union[Dot, _Mapping]] = ..., op: _Optional[bytes] = ...) -> None: ...

class CellName(_message.Message):
    __slots__ = ("record", "field")
    RECORD_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    record: str
    field: str
    def __init__(self, record: _Optional[str] = ..., field: _Optional[str] = ...) -> None: ...

class Cell(_message.Message):
    __slots__ = ("record", "field", "siblings", "pending", "sum", "max")
    RECORD_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    SIBLINGS_FIELD_NUMBER: _ClassVar[int]
    PENDING_FIELD_NUMBER: _ClassVar[int]
    SUM_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    record: str
    field: str
    siblings: _containers.RepeatedCompositeFieldContainer[Sibling]
    pending: _containers.RepeatedCompositeFieldContainer[Dot]
    sum: int
    max: float
    def __init__(self, record: _Optional[str] = ..., field: _Optional[str] = ..., siblings: _Optional[_Iterable[_Union[Sibling, _Mapping]]] = ..., pending: _Optional[_Iterable[_Union[Dot, _Mapping]]] = ..., sum: _Optional[int] = ..., max: _Optional[float] = ...) -> None: ...

class Refused(_message.Message):
    __slots__ = ("ctr", "refusal")
    CTR_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    ctr: int
    refusal: Refusal
    def __init__(self, ctr: _Optional[int] = ..., refusal: _Optional[_Union[Refusal, str]] = ...) -> None: ...

class Mark(_message.Message):
    __slots__ = ("replica", "ctr", "refused")
    REPLICA_FIELD_NUMBER: _ClassVar[int]
    CTR_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    replica: str
    ctr: int
    refused: _containers.RepeatedCompositeFieldContainer[Refused]
    def __init__(self, replica: _Optional[str] = ..., ctr: _Optional[int] = ..., refused: _Optional[_Iterable[_Union[Refused, _Mapping]]] = ...) -> None: ...

class Cursor(_message.Message):
    __slots__ = ("epoch", "seq")
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    epoch: str
    seq: int
    def __init__(self, epoch: _Optional[str] = ..., seq: _Optional[int] = ...) -> None: ...

class Segment(_message.Message):
    __slots__ = ("header", "signature")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    header: bytes
    signature: bytes
    def __init__(self, header: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class SegmentHeader(_message.Message):
    __slots__ = ("tenant", "stream", "replica", "node_id", "ctr_from", "leaves")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    REPLICA_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    CTR_FROM_FIELD_NUMBER: _ClassVar[int]
    LEAVES_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    stream: Stream
    replica: str
    node_id: str
    ctr_from: int
    leaves: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, tenant: _Optional[str] = ..., stream: _Optional[_Union[Stream, _Mapping]] = ..., replica: _Optional[str] = ..., node_id: _Optional[str] = ..., ctr_from: _Optional[int] = ..., leaves: _Optional[_Iterable[bytes]] = ...) -> None: ...
