import datetime

from foedus.gen.fault.v1 import fault_pb2 as _fault_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Tier(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TIER_UNSPECIFIED: _ClassVar[Tier]
    TIER_P0: _ClassVar[Tier]
    TIER_P1: _ClassVar[Tier]
    TIER_P2: _ClassVar[Tier]

class CapabilityState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CAPABILITY_STATE_UNSPECIFIED: _ClassVar[CapabilityState]
    CAPABILITY_STATE_STARTING: _ClassVar[CapabilityState]
    CAPABILITY_STATE_SERVING: _ClassVar[CapabilityState]
    CAPABILITY_STATE_RETRYING: _ClassVar[CapabilityState]
    CAPABILITY_STATE_STOPPED: _ClassVar[CapabilityState]

class UplinkState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    UPLINK_STATE_UNSPECIFIED: _ClassVar[UplinkState]
    UPLINK_STATE_JOINING: _ClassVar[UplinkState]
    UPLINK_STATE_WAITING: _ClassVar[UplinkState]
    UPLINK_STATE_CONNECTED: _ClassVar[UplinkState]
    UPLINK_STATE_AWAY: _ClassVar[UplinkState]
    UPLINK_STATE_REFUSED: _ClassVar[UplinkState]
TIER_UNSPECIFIED: Tier
TIER_P0: Tier
TIER_P1: Tier
TIER_P2: Tier
CAPABILITY_STATE_UNSPECIFIED: CapabilityState
CAPABILITY_STATE_STARTING: CapabilityState
CAPABILITY_STATE_SERVING: CapabilityState
CAPABILITY_STATE_RETRYING: CapabilityState
CAPABILITY_STATE_STOPPED: CapabilityState
UPLINK_STATE_UNSPECIFIED: UplinkState
UPLINK_STATE_JOINING: UplinkState
UPLINK_STATE_WAITING: UplinkState
UPLINK_STATE_CONNECTED: UplinkState
UPLINK_STATE_AWAY: UplinkState
UPLINK_STATE_REFUSED: UplinkState

class CapabilityStatus(_message.Message):
    __slots__ = ("name", "tier", "state", "since_time", "attempts", "last_error")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    SINCE_TIME_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    LAST_ERROR_FIELD_NUMBER: _ClassVar[int]
    name: str
    tier: Tier
    state: CapabilityState
    since_time: _timestamp_pb2.Timestamp
    attempts: int
    last_error: str
    def __init__(self, name: _Optional[str] = ..., tier: _Optional[_Union[Tier, str]] = ..., state: _Optional[_Union[CapabilityState, str]] = ..., since_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., attempts: _Optional[int] = ..., last_error: _Optional[str] = ...) -> None: ...

class HubStatus(_message.Message):
    __slots__ = ("version", "trust_domain", "spiffe_id", "start_time", "capabilities", "node_address", "join_address", "web_address", "invitation", "database", "draining", "processes", "uplink")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TRUST_DOMAIN_FIELD_NUMBER: _ClassVar[int]
    SPIFFE_ID_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    NODE_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    JOIN_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    WEB_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    DATABASE_FIELD_NUMBER: _ClassVar[int]
    DRAINING_FIELD_NUMBER: _ClassVar[int]
    PROCESSES_FIELD_NUMBER: _ClassVar[int]
    UPLINK_FIELD_NUMBER: _ClassVar[int]
    version: str
    trust_domain: str
    spiffe_id: str
    start_time: _timestamp_pb2.Timestamp
    capabilities: _containers.RepeatedCompositeFieldContainer[CapabilityStatus]
    node_address: str
    join_address: str
    web_address: str
    invitation: str
    database: str
    draining: bool
    processes: _containers.RepeatedCompositeFieldContainer[HubProcess]
    uplink: Uplink
    def __init__(self, version: _Optional[str] = ..., trust_domain: _Optional[str] = ..., spiffe_id: _Optional[str] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., capabilities: _Optional[_Iterable[_Union[CapabilityStatus, _Mapping]]] = ..., node_address: _Optional[str] = ..., join_address: _Optional[str] = ..., web_address: _Optional[str] = ..., invitation: _Optional[str] = ..., database: _Optional[str] = ..., draining: _Optional[bool] = ..., processes: _Optional[_Iterable[_Union[HubProcess, _Mapping]]] = ..., uplink: _Optional[_Union[Uplink, _Mapping]] = ...) -> None: ...

class Uplink(_message.Message):
    __slots__ = ("parent", "state", "node_id", "round_trip_us", "waiting")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    ROUND_TRIP_US_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    parent: str
    state: UplinkState
    node_id: str
    round_trip_us: int
    waiting: _fault_pb2.Waiting
    def __init__(self, parent: _Optional[str] = ..., state: _Optional[_Union[UplinkState, str]] = ..., node_id: _Optional[str] = ..., round_trip_us: _Optional[int] = ..., waiting: _Optional[_Union[_fault_pb2.Waiting, _Mapping]] = ...) -> None: ...

class HubProcess(_message.Message):
    __slots__ = ("spiffe_id", "node_address", "join_address", "version", "start_time", "seen_time", "live")
    SPIFFE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    JOIN_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    SEEN_TIME_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    spiffe_id: str
    node_address: str
    join_address: str
    version: str
    start_time: _timestamp_pb2.Timestamp
    seen_time: _timestamp_pb2.Timestamp
    live: bool
    def __init__(self, spiffe_id: _Optional[str] = ..., node_address: _Optional[str] = ..., join_address: _Optional[str] = ..., version: _Optional[str] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., seen_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., live: _Optional[bool] = ...) -> None: ...

class LimitUsage(_message.Message):
    __slots__ = ("name", "subject", "used", "max", "warning", "advice")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    WARNING_FIELD_NUMBER: _ClassVar[int]
    ADVICE_FIELD_NUMBER: _ClassVar[int]
    name: str
    subject: str
    used: int
    max: int
    warning: bool
    advice: str
    def __init__(self, name: _Optional[str] = ..., subject: _Optional[str] = ..., used: _Optional[int] = ..., max: _Optional[int] = ..., warning: _Optional[bool] = ..., advice: _Optional[str] = ...) -> None: ...

class UpgradeCheck(_message.Message):
    __slots__ = ("name", "ok", "detail", "fix")
    NAME_FIELD_NUMBER: _ClassVar[int]
    OK_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    FIX_FIELD_NUMBER: _ClassVar[int]
    name: str
    ok: bool
    detail: str
    fix: str
    def __init__(self, name: _Optional[str] = ..., ok: _Optional[bool] = ..., detail: _Optional[str] = ..., fix: _Optional[str] = ...) -> None: ...

class FederationHealth(_message.Message):
    __slots__ = ("status", "online", "degraded", "offline", "maintenance", "quarantined", "waiting", "failing", "reasons", "as_of_time")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    ONLINE_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_FIELD_NUMBER: _ClassVar[int]
    OFFLINE_FIELD_NUMBER: _ClassVar[int]
    MAINTENANCE_FIELD_NUMBER: _ClassVar[int]
    QUARANTINED_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    FAILING_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    status: str
    online: int
    degraded: int
    offline: int
    maintenance: int
    quarantined: int
    waiting: int
    failing: _containers.RepeatedScalarFieldContainer[str]
    reasons: _containers.RepeatedScalarFieldContainer[str]
    as_of_time: _timestamp_pb2.Timestamp
    def __init__(self, status: _Optional[str] = ..., online: _Optional[int] = ..., degraded: _Optional[int] = ..., offline: _Optional[int] = ..., maintenance: _Optional[int] = ..., quarantined: _Optional[int] = ..., waiting: _Optional[int] = ..., failing: _Optional[_Iterable[str]] = ..., reasons: _Optional[_Iterable[str]] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ConfigEntry(_message.Message):
    __slots__ = ("field", "value", "source", "comment")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    field: str
    value: str
    source: str
    comment: str
    def __init__(self, field: _Optional[str] = ..., value: _Optional[str] = ..., source: _Optional[str] = ..., comment: _Optional[str] = ...) -> None: ...
