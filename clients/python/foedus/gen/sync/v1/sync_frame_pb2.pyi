from foedus.gen.sync.v1 import sync_pb2 as _sync_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Resume(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESUME_UNSPECIFIED: _ClassVar[Resume]
    RESUME_INCREMENTAL: _ClassVar[Resume]
    RESUME_SNAPSHOT: _ClassVar[Resume]
    RESUME_WAIT: _ClassVar[Resume]
    RESUME_REFUSED: _ClassVar[Resume]

class Durability(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DURABILITY_UNSPECIFIED: _ClassVar[Durability]
    DURABILITY_FSYNC: _ClassVar[Durability]
    DURABILITY_PARENT: _ClassVar[Durability]
RESUME_UNSPECIFIED: Resume
RESUME_INCREMENTAL: Resume
RESUME_SNAPSHOT: Resume
RESUME_WAIT: Resume
RESUME_REFUSED: Resume
DURABILITY_UNSPECIFIED: Durability
DURABILITY_FSYNC: Durability
DURABILITY_PARENT: Durability

class Hello(_message.Message):
    __slots__ = ("stream", "replica", "cursor", "vector", "credit_bytes", "behind", "schema_revision")
    class VectorEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    STREAM_FIELD_NUMBER: _ClassVar[int]
    REPLICA_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    CREDIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    BEHIND_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_REVISION_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    replica: str
    cursor: _sync_pb2.Cursor
    vector: _containers.ScalarMap[str, int]
    credit_bytes: int
    behind: bool
    schema_revision: int
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., replica: _Optional[str] = ..., cursor: _Optional[_Union[_sync_pb2.Cursor, _Mapping]] = ..., vector: _Optional[_Mapping[str, int]] = ..., credit_bytes: _Optional[int] = ..., behind: _Optional[bool] = ..., schema_revision: _Optional[int] = ...) -> None: ...

class Resumed(_message.Message):
    __slots__ = ("stream", "mode", "refusal", "cursor", "vector", "mark", "settled_ctr", "credit_bytes", "behind")
    class VectorEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    STREAM_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    MARK_FIELD_NUMBER: _ClassVar[int]
    SETTLED_CTR_FIELD_NUMBER: _ClassVar[int]
    CREDIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    BEHIND_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    mode: Resume
    refusal: _sync_pb2.Refusal
    cursor: _sync_pb2.Cursor
    vector: _containers.ScalarMap[str, int]
    mark: _sync_pb2.Mark
    settled_ctr: int
    credit_bytes: int
    behind: bool
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., mode: _Optional[_Union[Resume, str]] = ..., refusal: _Optional[_Union[_sync_pb2.Refusal, str]] = ..., cursor: _Optional[_Union[_sync_pb2.Cursor, _Mapping]] = ..., vector: _Optional[_Mapping[str, int]] = ..., mark: _Optional[_Union[_sync_pb2.Mark, _Mapping]] = ..., settled_ctr: _Optional[int] = ..., credit_bytes: _Optional[int] = ..., behind: _Optional[bool] = ...) -> None: ...

class Push(_message.Message):
    __slots__ = ("stream", "replica", "ctr_from", "ops", "segments")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    REPLICA_FIELD_NUMBER: _ClassVar[int]
    CTR_FROM_FIELD_NUMBER: _ClassVar[int]
    OPS_FIELD_NUMBER: _ClassVar[int]
    SEGMENTS_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    replica: str
    ctr_from: int
    ops: _containers.RepeatedScalarFieldContainer[bytes]
    segments: _containers.RepeatedCompositeFieldContainer[_sync_pb2.Segment]
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., replica: _Optional[str] = ..., ctr_from: _Optional[int] = ..., ops: _Optional[_Iterable[bytes]] = ..., segments: _Optional[_Iterable[_Union[_sync_pb2.Segment, _Mapping]]] = ...) -> None: ...

class PushAck(_message.Message):
    __slots__ = ("stream", "mark", "durability", "gap", "refusal", "conflicts")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    MARK_FIELD_NUMBER: _ClassVar[int]
    DURABILITY_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    CONFLICTS_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    mark: _sync_pb2.Mark
    durability: Durability
    gap: bool
    refusal: _sync_pb2.Refusal
    conflicts: _containers.RepeatedCompositeFieldContainer[_sync_pb2.CellName]
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., mark: _Optional[_Union[_sync_pb2.Mark, _Mapping]] = ..., durability: _Optional[_Union[Durability, str]] = ..., gap: _Optional[bool] = ..., refusal: _Optional[_Union[_sync_pb2.Refusal, str]] = ..., conflicts: _Optional[_Iterable[_Union[_sync_pb2.CellName, _Mapping]]] = ...) -> None: ...

class Batch(_message.Message):
    __slots__ = ("stream", "id", "epoch", "seq_from", "seq_to", "entries", "vector")
    class VectorEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    STREAM_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SEQ_FROM_FIELD_NUMBER: _ClassVar[int]
    SEQ_TO_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    id: int
    epoch: str
    seq_from: int
    seq_to: int
    entries: _containers.RepeatedCompositeFieldContainer[_sync_pb2.Entry]
    vector: _containers.ScalarMap[str, int]
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., id: _Optional[int] = ..., epoch: _Optional[str] = ..., seq_from: _Optional[int] = ..., seq_to: _Optional[int] = ..., entries: _Optional[_Iterable[_Union[_sync_pb2.Entry, _Mapping]]] = ..., vector: _Optional[_Mapping[str, int]] = ...) -> None: ...

class SnapshotPart(_message.Message):
    __slots__ = ("stream", "id", "cursor", "read_seq", "vector", "cells", "marks", "last")
    class VectorEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    STREAM_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    READ_SEQ_FIELD_NUMBER: _ClassVar[int]
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    MARKS_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    id: int
    cursor: _sync_pb2.Cursor
    read_seq: int
    vector: _containers.ScalarMap[str, int]
    cells: _containers.RepeatedCompositeFieldContainer[_sync_pb2.Cell]
    marks: _containers.RepeatedCompositeFieldContainer[_sync_pb2.Mark]
    last: bool
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., id: _Optional[int] = ..., cursor: _Optional[_Union[_sync_pb2.Cursor, _Mapping]] = ..., read_seq: _Optional[int] = ..., vector: _Optional[_Mapping[str, int]] = ..., cells: _Optional[_Iterable[_Union[_sync_pb2.Cell, _Mapping]]] = ..., marks: _Optional[_Iterable[_Union[_sync_pb2.Mark, _Mapping]]] = ..., last: _Optional[bool] = ...) -> None: ...

class BatchAck(_message.Message):
    __slots__ = ("stream", "id")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    id: int
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., id: _Optional[int] = ...) -> None: ...

class Checkpoint(_message.Message):
    __slots__ = ("stream", "cursor", "cells", "digest")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    cursor: _sync_pb2.Cursor
    cells: int
    digest: float
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., cursor: _Optional[_Union[_sync_pb2.Cursor, _Mapping]] = ..., cells: _Optional[int] = ..., digest: _Optional[float] = ...) -> None: ...

class Settled(_message.Message):
    __slots__ = ("stream", "ctr")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    CTR_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    ctr: int
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., ctr: _Optional[int] = ...) -> None: ...

class Bye(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class PackedBatch(_message.Message):
    __slots__ = ("stream", "id", "epoch", "seq_from", "seq_to", "vector", "names", "seqs", "stamp_hubs", "stamp_ctrs", "replicas", "ctrs", "slots", "ops", "unseen")
    class VectorEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    STREAM_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SEQ_FROM_FIELD_NUMBER: _ClassVar[int]
    SEQ_TO_FIELD_NUMBER: _ClassVar[int]
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    SEQS_FIELD_NUMBER: _ClassVar[int]
    STAMP_HUBS_FIELD_NUMBER: _ClassVar[int]
    STAMP_CTRS_FIELD_NUMBER: _ClassVar[int]
    REPLICAS_FIELD_NUMBER: _ClassVar[int]
    CTRS_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    OPS_FIELD_NUMBER: _ClassVar[int]
    UNSEEN_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    id: int
    epoch: str
    seq_from: int
    seq_to: int
    vector: _containers.ScalarMap[str, int]
    names: _containers.RepeatedScalarFieldContainer[str]
    seqs: _containers.RepeatedScalarFieldContainer[int]
    stamp_hubs: _containers.RepeatedScalarFieldContainer[int]
    stamp_ctrs: _containers.RepeatedScalarFieldContainer[int]
    replicas: _containers.RepeatedScalarFieldContainer[int]
    ctrs: _containers.RepeatedScalarFieldContainer[int]
    slots: _containers.RepeatedScalarFieldContainer[int]
    ops: _containers.RepeatedScalarFieldContainer[bytes]
    unseen: _containers.RepeatedCompositeFieldContainer[Unseen]
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., id: _Optional[int] = ..., epoch: _Optional[str] = ..., seq_from: _Optional[int] = ..., seq_to: _Optional[int] = ..., vector: _Optional[_Mapping[str, int]] = ..., names: _Optional[_Iterable[str]] = ..., seqs: _Optional[_Iterable[int]] = ..., stamp_hubs: _Optional[_Iterable[int]] = ..., stamp_ctrs: _Optional[_Iterable[int]] = ..., replicas: _Optional[_Iterable[int]] = ..., ctrs: _Optional[_Iterable[int]] = ..., slots: _Optional[_Iterable[int]] = ..., ops: _Optional[_Iterable[bytes]] = ..., unseen: _Optional[_Iterable[_Union[Unseen, _Mapping]]] = ...) -> None: ...

class Unseen(_message.Message):
    __slots__ = ("index", "dots")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    DOTS_FIELD_NUMBER: _ClassVar[int]
    index: int
    dots: _containers.RepeatedCompositeFieldContainer[_sync_pb2.Dot]
    def __init__(self, index: _Optional[int] = ..., dots: _Optional[_Iterable[_Union[_sync_pb2.Dot, _Mapping]]] = ...) -> None: ...

class Frame(_message.Message):
    __slots__ = ("hello", "resumed", "push", "push_ack", "batch", "snapshot_part", "batch_ack", "checkpoint", "settled", "bye", "packed")
    HELLO_FIELD_NUMBER: _ClassVar[int]
    RESUMED_FIELD_NUMBER: _ClassVar[int]
    PUSH_FIELD_NUMBER: _ClassVar[int]
    PUSH_ACK_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_PART_FIELD_NUMBER: _ClassVar[int]
    BATCH_ACK_FIELD_NUMBER: _ClassVar[int]
    CHECKPOINT_FIELD_NUMBER: _ClassVar[int]
    SETTLED_FIELD_NUMBER: _ClassVar[int]
    BYE_FIELD_NUMBER: _ClassVar[int]
    PACKED_FIELD_NUMBER: _ClassVar[int]
    hello: Hello
    resumed: Resumed
    push: Push
    push_ack: PushAck
    batch: Batch
    snapshot_part: SnapshotPart
    batch_ack: BatchAck
    checkpoint: Checkpoint
    settled: Settled
    bye: Bye
    packed: PackedBatch
    def __init__(self, hello: _Optional[_Union[Hello, _Mapping]] = ..., resumed: _Optional[_Union[Resumed, _Mapping]] = ..., push: _Optional[_Union[Push, _Mapping]] = ..., push_ack: _Optional[_Union[PushAck, _Mapping]] = ..., batch: _Optional[_Union[Batch, _Mapping]] = ..., snapshot_part: _Optional[_Union[SnapshotPart, _Mapping]] = ..., batch_ack: _Optional[_Union[BatchAck, _Mapping]] = ..., checkpoint: _Optional[_Union[Checkpoint, _Mapping]] = ..., settled: _Optional[_Union[Settled, _Mapping]] = ..., bye: _Optional[_Union[Bye, _Mapping]] = ..., packed: _Optional[_Union[PackedBatch, _Mapping]] = ...) -> None: ...
