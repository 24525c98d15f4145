import datetime

from foedus.gen.sync.v1 import sync_pb2 as _sync_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Open(_message.Message):
    __slots__ = ("protocol_min", "protocol_max", "replica", "relays", "zones")
    PROTOCOL_MIN_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_MAX_FIELD_NUMBER: _ClassVar[int]
    REPLICA_FIELD_NUMBER: _ClassVar[int]
    RELAYS_FIELD_NUMBER: _ClassVar[int]
    ZONES_FIELD_NUMBER: _ClassVar[int]
    protocol_min: int
    protocol_max: int
    replica: str
    relays: bool
    zones: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, protocol_min: _Optional[int] = ..., protocol_max: _Optional[int] = ..., replica: _Optional[str] = ..., relays: _Optional[bool] = ..., zones: _Optional[_Iterable[str]] = ...) -> None: ...

class Opened(_message.Message):
    __slots__ = ("protocol", "session_id", "hub", "hub_name", "zones", "hub_time", "frame_bytes_max", "writes", "tenant", "owner")
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    HUB_FIELD_NUMBER: _ClassVar[int]
    HUB_NAME_FIELD_NUMBER: _ClassVar[int]
    ZONES_FIELD_NUMBER: _ClassVar[int]
    HUB_TIME_FIELD_NUMBER: _ClassVar[int]
    FRAME_BYTES_MAX_FIELD_NUMBER: _ClassVar[int]
    WRITES_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    protocol: int
    session_id: str
    hub: str
    hub_name: str
    zones: _containers.RepeatedScalarFieldContainer[str]
    hub_time: _timestamp_pb2.Timestamp
    frame_bytes_max: int
    writes: bool
    tenant: str
    owner: str
    def __init__(self, protocol: _Optional[int] = ..., session_id: _Optional[str] = ..., hub: _Optional[str] = ..., hub_name: _Optional[str] = ..., zones: _Optional[_Iterable[str]] = ..., hub_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., frame_bytes_max: _Optional[int] = ..., writes: _Optional[bool] = ..., tenant: _Optional[str] = ..., owner: _Optional[str] = ...) -> None: ...

class Membership(_message.Message):
    __slots__ = ("tenant", "node_id", "name", "public_key", "zones", "issue_time", "expire_time", "trust_domain", "replicas")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    ZONES_FIELD_NUMBER: _ClassVar[int]
    ISSUE_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    TRUST_DOMAIN_FIELD_NUMBER: _ClassVar[int]
    REPLICAS_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    node_id: str
    name: str
    public_key: bytes
    zones: _containers.RepeatedScalarFieldContainer[str]
    issue_time: _timestamp_pb2.Timestamp
    expire_time: _timestamp_pb2.Timestamp
    trust_domain: str
    replicas: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, tenant: _Optional[str] = ..., node_id: _Optional[str] = ..., name: _Optional[str] = ..., public_key: _Optional[bytes] = ..., zones: _Optional[_Iterable[str]] = ..., issue_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., trust_domain: _Optional[str] = ..., replicas: _Optional[_Iterable[str]] = ...) -> None: ...

class SignedMembership(_message.Message):
    __slots__ = ("membership", "signature")
    MEMBERSHIP_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    membership: bytes
    signature: bytes
    def __init__(self, membership: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class SyncPeer(_message.Message):
    __slots__ = ("address", "membership")
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    MEMBERSHIP_FIELD_NUMBER: _ClassVar[int]
    address: str
    membership: SignedMembership
    def __init__(self, address: _Optional[str] = ..., membership: _Optional[_Union[SignedMembership, _Mapping]] = ...) -> None: ...

class ExchangeRequest(_message.Message):
    __slots__ = ("membership", "standings", "carried", "address")
    MEMBERSHIP_FIELD_NUMBER: _ClassVar[int]
    STANDINGS_FIELD_NUMBER: _ClassVar[int]
    CARRIED_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    membership: SignedMembership
    standings: _containers.RepeatedCompositeFieldContainer[PeerStanding]
    carried: _containers.RepeatedCompositeFieldContainer[Carried]
    address: str
    def __init__(self, membership: _Optional[_Union[SignedMembership, _Mapping]] = ..., standings: _Optional[_Iterable[_Union[PeerStanding, _Mapping]]] = ..., carried: _Optional[_Iterable[_Union[Carried, _Mapping]]] = ..., address: _Optional[str] = ...) -> None: ...

class ExchangeResponse(_message.Message):
    __slots__ = ("membership", "standings", "carried")
    MEMBERSHIP_FIELD_NUMBER: _ClassVar[int]
    STANDINGS_FIELD_NUMBER: _ClassVar[int]
    CARRIED_FIELD_NUMBER: _ClassVar[int]
    membership: SignedMembership
    standings: _containers.RepeatedCompositeFieldContainer[PeerStanding]
    carried: _containers.RepeatedCompositeFieldContainer[Carried]
    def __init__(self, membership: _Optional[_Union[SignedMembership, _Mapping]] = ..., standings: _Optional[_Iterable[_Union[PeerStanding, _Mapping]]] = ..., carried: _Optional[_Iterable[_Union[Carried, _Mapping]]] = ...) -> None: ...

class PeerStanding(_message.Message):
    __slots__ = ("stream", "ctrs")
    class CtrsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    STREAM_FIELD_NUMBER: _ClassVar[int]
    CTRS_FIELD_NUMBER: _ClassVar[int]
    stream: _sync_pb2.Stream
    ctrs: _containers.ScalarMap[str, int]
    def __init__(self, stream: _Optional[_Union[_sync_pb2.Stream, _Mapping]] = ..., ctrs: _Optional[_Mapping[str, int]] = ...) -> None: ...

class Carried(_message.Message):
    __slots__ = ("segment", "author", "ctr_from", "ops")
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    CTR_FROM_FIELD_NUMBER: _ClassVar[int]
    OPS_FIELD_NUMBER: _ClassVar[int]
    segment: _sync_pb2.Segment
    author: SignedMembership
    ctr_from: int
    ops: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, segment: _Optional[_Union[_sync_pb2.Segment, _Mapping]] = ..., author: _Optional[_Union[SignedMembership, _Mapping]] = ..., ctr_from: _Optional[int] = ..., ops: _Optional[_Iterable[bytes]] = ...) -> None: ...
