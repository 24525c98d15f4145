import datetime

from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AccessMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACCESS_MODE_UNSPECIFIED: _ClassVar[AccessMode]
    ACCESS_MODE_OPEN: _ClassVar[AccessMode]
    ACCESS_MODE_APPROVAL: _ClassVar[AccessMode]
    ACCESS_MODE_INVITE: _ClassVar[AccessMode]

class JoinRequestState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JOIN_REQUEST_STATE_UNSPECIFIED: _ClassVar[JoinRequestState]
    JOIN_REQUEST_STATE_WAITING: _ClassVar[JoinRequestState]
    JOIN_REQUEST_STATE_APPROVED: _ClassVar[JoinRequestState]
    JOIN_REQUEST_STATE_DENIED: _ClassVar[JoinRequestState]
    JOIN_REQUEST_STATE_JOINED: _ClassVar[JoinRequestState]
    JOIN_REQUEST_STATE_EXPIRED: _ClassVar[JoinRequestState]

class RuleKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RULE_KIND_UNSPECIFIED: _ClassVar[RuleKind]
    RULE_KIND_ALLOW: _ClassVar[RuleKind]
    RULE_KIND_BLOCK: _ClassVar[RuleKind]
ACCESS_MODE_UNSPECIFIED: AccessMode
ACCESS_MODE_OPEN: AccessMode
ACCESS_MODE_APPROVAL: AccessMode
ACCESS_MODE_INVITE: AccessMode
JOIN_REQUEST_STATE_UNSPECIFIED: JoinRequestState
JOIN_REQUEST_STATE_WAITING: JoinRequestState
JOIN_REQUEST_STATE_APPROVED: JoinRequestState
JOIN_REQUEST_STATE_DENIED: JoinRequestState
JOIN_REQUEST_STATE_JOINED: JoinRequestState
JOIN_REQUEST_STATE_EXPIRED: JoinRequestState
RULE_KIND_UNSPECIFIED: RuleKind
RULE_KIND_ALLOW: RuleKind
RULE_KIND_BLOCK: RuleKind

class AccessSettings(_message.Message):
    __slots__ = ("mode", "revision", "change_time", "changed_by", "reason")
    MODE_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    CHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    CHANGED_BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    mode: AccessMode
    revision: int
    change_time: _timestamp_pb2.Timestamp
    changed_by: str
    reason: str
    def __init__(self, mode: _Optional[_Union[AccessMode, str]] = ..., revision: _Optional[int] = ..., change_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., changed_by: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class JoinRequest(_message.Message):
    __slots__ = ("id", "name", "identity_key", "fingerprint", "address", "state", "role", "create_time", "expire_time", "last_seen_time", "decide_time", "decided_by", "reason", "node_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_KEY_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_SEEN_TIME_FIELD_NUMBER: _ClassVar[int]
    DECIDE_TIME_FIELD_NUMBER: _ClassVar[int]
    DECIDED_BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    identity_key: bytes
    fingerprint: str
    address: str
    state: JoinRequestState
    role: _options_pb2.Role
    create_time: _timestamp_pb2.Timestamp
    expire_time: _timestamp_pb2.Timestamp
    last_seen_time: _timestamp_pb2.Timestamp
    decide_time: _timestamp_pb2.Timestamp
    decided_by: str
    reason: str
    node_id: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., identity_key: _Optional[bytes] = ..., fingerprint: _Optional[str] = ..., address: _Optional[str] = ..., state: _Optional[_Union[JoinRequestState, str]] = ..., role: _Optional[_Union[_options_pb2.Role, str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_seen_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., decide_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., decided_by: _Optional[str] = ..., reason: _Optional[str] = ..., node_id: _Optional[str] = ...) -> None: ...

class AccessRule(_message.Message):
    __slots__ = ("id", "kind", "name", "fingerprint", "reason", "create_time", "created_by")
    ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    id: str
    kind: RuleKind
    name: str
    fingerprint: str
    reason: str
    create_time: _timestamp_pb2.Timestamp
    created_by: str
    def __init__(self, id: _Optional[str] = ..., kind: _Optional[_Union[RuleKind, str]] = ..., name: _Optional[str] = ..., fingerprint: _Optional[str] = ..., reason: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., created_by: _Optional[str] = ...) -> None: ...
