import datetime

from foedus.gen.sync.v1 import sync_pb2 as _sync_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PeerKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PEER_KIND_UNSPECIFIED: _ClassVar[PeerKind]
    PEER_KIND_REPLICA: _ClassVar[PeerKind]
    PEER_KIND_CHILD: _ClassVar[PeerKind]
    PEER_KIND_PARENT: _ClassVar[PeerKind]
PEER_KIND_UNSPECIFIED: PeerKind
PEER_KIND_REPLICA: PeerKind
PEER_KIND_CHILD: PeerKind
PEER_KIND_PARENT: PeerKind

class Follower(_message.Message):
    __slots__ = ("id", "name", "kind", "connected", "seq", "lag_ops", "lag_ms", "flight_bytes", "lease_expire_time", "refusal")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONNECTED_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    LAG_OPS_FIELD_NUMBER: _ClassVar[int]
    LAG_MS_FIELD_NUMBER: _ClassVar[int]
    FLIGHT_BYTES_FIELD_NUMBER: _ClassVar[int]
    LEASE_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    kind: PeerKind
    connected: bool
    seq: int
    lag_ops: int
    lag_ms: int
    flight_bytes: int
    lease_expire_time: _timestamp_pb2.Timestamp
    refusal: _sync_pb2.Refusal
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., kind: _Optional[_Union[PeerKind, str]] = ..., connected: _Optional[bool] = ..., seq: _Optional[int] = ..., lag_ops: _Optional[int] = ..., lag_ms: _Optional[int] = ..., flight_bytes: _Optional[int] = ..., lease_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., refusal: _Optional[_Union[_sync_pb2.Refusal, str]] = ...) -> None: ...

class StreamStatus(_message.Message):
    __slots__ = ("stream", "epoch", "head", "horizon", "vector", "cells", "digest", "conflicts", "replicas", "change_time", "followers", "follower_count")
    class VectorEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    STREAM_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    HORIZON_FIELD_NUMBER: _ClassVar[int]
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    CONFLICTS_FIELD_NUMBER: _ClassVar[int]
    REPLICAS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    FOLLOWERS_FIELD_NUMBER: _ClassVar[int]
    FOLLOWER_COUNT_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    epoch: str
    head: int
    horizon: int
    vector: _containers.ScalarMap[str, int]
    cells: int
    digest: float
    conflicts: int
    replicas: int
    change_time: _timestamp_pb2.Timestamp
    followers: _containers.RepeatedCompositeFieldContainer[Follower]
    follower_count: int
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., epoch: _Optional[str] = ..., head: _Optional[int] = ..., horizon: _Optional[int] = ..., vector: _Optional[_Mapping[str, int]] = ..., cells: _Optional[int] = ..., digest: _Optional[float] = ..., conflicts: _Optional[int] = ..., replicas: _Optional[int] = ..., change_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., followers: _Optional[_Iterable[_Union[Follower, _Mapping]]] = ..., follower_count: _Optional[int] = ...) -> None: ...

class Contender(_message.Message):
    __slots__ = ("sibling", "author_id", "author", "write_time", "shown")
    SIBLING_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_ID_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    WRITE_TIME_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    sibling: _sync_pb2.Sibling
    author_id: str
    author: str
    write_time: _timestamp_pb2.Timestamp
    shown: bool
    def __init__(self, sibling: _Optional[_Union[_sync_pb2.Sibling, _Mapping]] = ..., author_id: _Optional[str] = ..., author: _Optional[str] = ..., write_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., shown: _Optional[bool] = ...) -> None: ...

class Conflict(_message.Message):
    __slots__ = ("stream", "name", "kind", "contenders", "why")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONTENDERS_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    name: _sync_pb2.CellName
    kind: _sync_pb2.Kind
    contenders: _containers.RepeatedCompositeFieldContainer[Contender]
    why: str
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., name: _Optional[_Union[_sync_pb2.CellName, _Mapping]] = ..., kind: _Optional[_Union[_sync_pb2.Kind, str]] = ..., contenders: _Optional[_Iterable[_Union[Contender, _Mapping]]] = ..., why: _Optional[str] = ...) -> None: ...

class Grant(_message.Message):
    __slots__ = ("node_id", "node", "zones", "relays")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    ZONES_FIELD_NUMBER: _ClassVar[int]
    RELAYS_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    node: str
    zones: _containers.RepeatedScalarFieldContainer[str]
    relays: bool
    def __init__(self, node_id: _Optional[str] = ..., node: _Optional[str] = ..., zones: _Optional[_Iterable[str]] = ..., relays: _Optional[bool] = ...) -> None: ...

class ListedPeer(_message.Message):
    __slots__ = ("node_id", "node", "address", "zones", "meet_time", "lease_expire_time", "membership_expire_time", "told")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    ZONES_FIELD_NUMBER: _ClassVar[int]
    MEET_TIME_FIELD_NUMBER: _ClassVar[int]
    LEASE_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    MEMBERSHIP_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    TOLD_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    node: str
    address: str
    zones: _containers.RepeatedScalarFieldContainer[str]
    meet_time: _timestamp_pb2.Timestamp
    lease_expire_time: _timestamp_pb2.Timestamp
    membership_expire_time: _timestamp_pb2.Timestamp
    told: bool
    def __init__(self, node_id: _Optional[str] = ..., node: _Optional[str] = ..., address: _Optional[str] = ..., zones: _Optional[_Iterable[str]] = ..., meet_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., lease_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., membership_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., told: _Optional[bool] = ...) -> None: ...

class Collection(_message.Message):
    __slots__ = ("name", "zone", "lane", "partitions", "revision_min", "revision_max")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    LANE_FIELD_NUMBER: _ClassVar[int]
    PARTITIONS_FIELD_NUMBER: _ClassVar[int]
    REVISION_MIN_FIELD_NUMBER: _ClassVar[int]
    REVISION_MAX_FIELD_NUMBER: _ClassVar[int]
    name: str
    zone: str
    lane: int
    partitions: _containers.RepeatedScalarFieldContainer[str]
    revision_min: int
    revision_max: int
    def __init__(self, name: _Optional[str] = ..., zone: _Optional[str] = ..., lane: _Optional[int] = ..., partitions: _Optional[_Iterable[str]] = ..., revision_min: _Optional[int] = ..., revision_max: _Optional[int] = ...) -> None: ...

class DigestBucket(_message.Message):
    __slots__ = ("bucket", "cells", "digest")
    BUCKET_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    bucket: int
    cells: int
    digest: float
    def __init__(self, bucket: _Optional[int] = ..., cells: _Optional[int] = ..., digest: _Optional[float] = ...) -> None: ...
