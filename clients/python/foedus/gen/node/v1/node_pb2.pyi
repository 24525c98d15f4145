import datetime

from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NodeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NODE_KIND_UNSPECIFIED: _ClassVar[NodeKind]
    NODE_KIND_INSTANCE: _ClassVar[NodeKind]
    NODE_KIND_HUB: _ClassVar[NodeKind]

class NodeState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NODE_STATE_UNSPECIFIED: _ClassVar[NodeState]
    NODE_STATE_ONLINE: _ClassVar[NodeState]
    NODE_STATE_DEGRADED: _ClassVar[NodeState]
    NODE_STATE_OFFLINE: _ClassVar[NodeState]
    NODE_STATE_MAINTENANCE: _ClassVar[NodeState]
    NODE_STATE_RETIRED: _ClassVar[NodeState]

class HealthStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HEALTH_STATUS_UNSPECIFIED: _ClassVar[HealthStatus]
    HEALTH_STATUS_HEALTHY: _ClassVar[HealthStatus]
    HEALTH_STATUS_DEGRADED: _ClassVar[HealthStatus]
NODE_KIND_UNSPECIFIED: NodeKind
NODE_KIND_INSTANCE: NodeKind
NODE_KIND_HUB: NodeKind
NODE_STATE_UNSPECIFIED: NodeState
NODE_STATE_ONLINE: NodeState
NODE_STATE_DEGRADED: NodeState
NODE_STATE_OFFLINE: NodeState
NODE_STATE_MAINTENANCE: NodeState
NODE_STATE_RETIRED: NodeState
HEALTH_STATUS_UNSPECIFIED: HealthStatus
HEALTH_STATUS_HEALTHY: HealthStatus
HEALTH_STATUS_DEGRADED: HealthStatus

class NodeProfile(_message.Message):
    __slots__ = ("kind", "project", "title", "description", "version", "software", "tags", "url", "environment", "team", "domain")
    KIND_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SOFTWARE_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    TEAM_FIELD_NUMBER: _ClassVar[int]
    DOMAIN_FIELD_NUMBER: _ClassVar[int]
    kind: NodeKind
    project: str
    title: str
    description: str
    version: str
    software: str
    tags: _containers.RepeatedScalarFieldContainer[str]
    url: str
    environment: str
    team: str
    domain: str
    def __init__(self, kind: _Optional[_Union[NodeKind, str]] = ..., project: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., version: _Optional[str] = ..., software: _Optional[str] = ..., tags: _Optional[_Iterable[str]] = ..., url: _Optional[str] = ..., environment: _Optional[str] = ..., team: _Optional[str] = ..., domain: _Optional[str] = ...) -> None: ...

class Place(_message.Message):
    __slots__ = ("x", "y")
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    x: int
    y: int
    def __init__(self, x: _Optional[int] = ..., y: _Optional[int] = ...) -> None: ...

class Node(_message.Message):
    __slots__ = ("id", "name", "profile", "role", "state", "state_time", "state_reasons", "create_time", "last_seen_time", "skew_ms", "round_trip_us", "spiffe_id", "place")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    STATE_TIME_FIELD_NUMBER: _ClassVar[int]
    STATE_REASONS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_SEEN_TIME_FIELD_NUMBER: _ClassVar[int]
    SKEW_MS_FIELD_NUMBER: _ClassVar[int]
    ROUND_TRIP_US_FIELD_NUMBER: _ClassVar[int]
    SPIFFE_ID_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    profile: NodeProfile
    role: _options_pb2.Role
    state: NodeState
    state_time: _timestamp_pb2.Timestamp
    state_reasons: _containers.RepeatedScalarFieldContainer[str]
    create_time: _timestamp_pb2.Timestamp
    last_seen_time: _timestamp_pb2.Timestamp
    skew_ms: int
    round_trip_us: int
    spiffe_id: str
    place: Place
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., profile: _Optional[_Union[NodeProfile, _Mapping]] = ..., role: _Optional[_Union[_options_pb2.Role, str]] = ..., state: _Optional[_Union[NodeState, str]] = ..., state_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., state_reasons: _Optional[_Iterable[str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_seen_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., skew_ms: _Optional[int] = ..., round_trip_us: _Optional[int] = ..., spiffe_id: _Optional[str] = ..., place: _Optional[_Union[Place, _Mapping]] = ...) -> None: ...

class NodePulse(_message.Message):
    __slots__ = ("node_id", "last_seen_ms", "skew_ms", "round_trip_us")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    LAST_SEEN_MS_FIELD_NUMBER: _ClassVar[int]
    SKEW_MS_FIELD_NUMBER: _ClassVar[int]
    ROUND_TRIP_US_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    last_seen_ms: int
    skew_ms: int
    round_trip_us: int
    def __init__(self, node_id: _Optional[str] = ..., last_seen_ms: _Optional[int] = ..., skew_ms: _Optional[int] = ..., round_trip_us: _Optional[int] = ...) -> None: ...
