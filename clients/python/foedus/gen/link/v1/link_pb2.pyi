import datetime

from foedus.gen.identity.v1 import identity_pb2 as _identity_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BreakerState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BREAKER_STATE_UNSPECIFIED: _ClassVar[BreakerState]
    BREAKER_STATE_CLOSED: _ClassVar[BreakerState]
    BREAKER_STATE_OPEN: _ClassVar[BreakerState]
    BREAKER_STATE_HALF_OPEN: _ClassVar[BreakerState]

class PeerState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PEER_STATE_UNSPECIFIED: _ClassVar[PeerState]
    PEER_STATE_TRUSTED: _ClassVar[PeerState]
    PEER_STATE_STALE: _ClassVar[PeerState]
BREAKER_STATE_UNSPECIFIED: BreakerState
BREAKER_STATE_CLOSED: BreakerState
BREAKER_STATE_OPEN: BreakerState
BREAKER_STATE_HALF_OPEN: BreakerState
PEER_STATE_UNSPECIFIED: PeerState
PEER_STATE_TRUSTED: PeerState
PEER_STATE_STALE: PeerState

class LinkOffer(_message.Message):
    __slots__ = ("protocol_min", "protocol_max", "software", "capabilities")
    PROTOCOL_MIN_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_MAX_FIELD_NUMBER: _ClassVar[int]
    SOFTWARE_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    protocol_min: int
    protocol_max: int
    software: str
    capabilities: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, protocol_min: _Optional[int] = ..., protocol_max: _Optional[int] = ..., software: _Optional[str] = ..., capabilities: _Optional[_Iterable[str]] = ...) -> None: ...

class LinkTerms(_message.Message):
    __slots__ = ("protocol", "capabilities", "hub_software")
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    HUB_SOFTWARE_FIELD_NUMBER: _ClassVar[int]
    protocol: int
    capabilities: _containers.RepeatedScalarFieldContainer[str]
    hub_software: str
    def __init__(self, protocol: _Optional[int] = ..., capabilities: _Optional[_Iterable[str]] = ..., hub_software: _Optional[str] = ...) -> None: ...

class LinkCounts(_message.Message):
    __slots__ = ("messages_sent", "messages_received", "bytes_sent", "bytes_received", "errors", "consecutive_failures", "breaker_opens", "heals")
    MESSAGES_SENT_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_RECEIVED_FIELD_NUMBER: _ClassVar[int]
    BYTES_SENT_FIELD_NUMBER: _ClassVar[int]
    BYTES_RECEIVED_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    CONSECUTIVE_FAILURES_FIELD_NUMBER: _ClassVar[int]
    BREAKER_OPENS_FIELD_NUMBER: _ClassVar[int]
    HEALS_FIELD_NUMBER: _ClassVar[int]
    messages_sent: int
    messages_received: int
    bytes_sent: int
    bytes_received: int
    errors: int
    consecutive_failures: int
    breaker_opens: int
    heals: int
    def __init__(self, messages_sent: _Optional[int] = ..., messages_received: _Optional[int] = ..., bytes_sent: _Optional[int] = ..., bytes_received: _Optional[int] = ..., errors: _Optional[int] = ..., consecutive_failures: _Optional[int] = ..., breaker_opens: _Optional[int] = ..., heals: _Optional[int] = ...) -> None: ...

class Link(_message.Message):
    __slots__ = ("node_id", "node_name", "terms", "software", "open_time", "live", "connections", "counts", "breaker", "round_trip_us", "round_trip_mean_us", "round_trip_trend_us", "report_time")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_NAME_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    SOFTWARE_FIELD_NUMBER: _ClassVar[int]
    OPEN_TIME_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    BREAKER_FIELD_NUMBER: _ClassVar[int]
    ROUND_TRIP_US_FIELD_NUMBER: _ClassVar[int]
    ROUND_TRIP_MEAN_US_FIELD_NUMBER: _ClassVar[int]
    ROUND_TRIP_TREND_US_FIELD_NUMBER: _ClassVar[int]
    REPORT_TIME_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    node_name: str
    terms: LinkTerms
    software: str
    open_time: _timestamp_pb2.Timestamp
    live: bool
    connections: int
    counts: LinkCounts
    breaker: BreakerState
    round_trip_us: int
    round_trip_mean_us: int
    round_trip_trend_us: int
    report_time: _timestamp_pb2.Timestamp
    def __init__(self, node_id: _Optional[str] = ..., node_name: _Optional[str] = ..., terms: _Optional[_Union[LinkTerms, _Mapping]] = ..., software: _Optional[str] = ..., open_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., live: _Optional[bool] = ..., connections: _Optional[int] = ..., counts: _Optional[_Union[LinkCounts, _Mapping]] = ..., breaker: _Optional[_Union[BreakerState, str]] = ..., round_trip_us: _Optional[int] = ..., round_trip_mean_us: _Optional[int] = ..., round_trip_trend_us: _Optional[int] = ..., report_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Peer(_message.Message):
    __slots__ = ("trust_domain", "join_address", "node_address", "ca_hash", "bundle", "state", "refresh_time", "last_error", "told_types", "taken_types", "create_time", "created_by", "told_cursor", "taken_events", "tell_error")
    TRUST_DOMAIN_FIELD_NUMBER: _ClassVar[int]
    JOIN_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    NODE_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    CA_HASH_FIELD_NUMBER: _ClassVar[int]
    BUNDLE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REFRESH_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_ERROR_FIELD_NUMBER: _ClassVar[int]
    TOLD_TYPES_FIELD_NUMBER: _ClassVar[int]
    TAKEN_TYPES_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    TOLD_CURSOR_FIELD_NUMBER: _ClassVar[int]
    TAKEN_EVENTS_FIELD_NUMBER: _ClassVar[int]
    TELL_ERROR_FIELD_NUMBER: _ClassVar[int]
    trust_domain: str
    join_address: str
    node_address: str
    ca_hash: str
    bundle: _identity_pb2.TrustBundle
    state: PeerState
    refresh_time: _timestamp_pb2.Timestamp
    last_error: str
    told_types: _containers.RepeatedScalarFieldContainer[str]
    taken_types: _containers.RepeatedScalarFieldContainer[str]
    create_time: _timestamp_pb2.Timestamp
    created_by: str
    told_cursor: int
    taken_events: int
    tell_error: str
    def __init__(self, trust_domain: _Optional[str] = ..., join_address: _Optional[str] = ..., node_address: _Optional[str] = ..., ca_hash: _Optional[str] = ..., bundle: _Optional[_Union[_identity_pb2.TrustBundle, _Mapping]] = ..., state: _Optional[_Union[PeerState, str]] = ..., refresh_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_error: _Optional[str] = ..., told_types: _Optional[_Iterable[str]] = ..., taken_types: _Optional[_Iterable[str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., created_by: _Optional[str] = ..., told_cursor: _Optional[int] = ..., taken_events: _Optional[int] = ..., tell_error: _Optional[str] = ...) -> None: ...
