from foedus.gen.access.v1 import access_pb2 as _access_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AccessModeChanged(_message.Message):
    __slots__ = ("settings", "was")
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    WAS_FIELD_NUMBER: _ClassVar[int]
    settings: _access_pb2.AccessSettings
    was: _access_pb2.AccessMode
    def __init__(self, settings: _Optional[_Union[_access_pb2.AccessSettings, _Mapping]] = ..., was: _Optional[_Union[_access_pb2.AccessMode, str]] = ...) -> None: ...

class JoinRequestChanged(_message.Message):
    __slots__ = ("join_request_id", "name", "fingerprint", "state")
    JOIN_REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    join_request_id: str
    name: str
    fingerprint: str
    state: _access_pb2.JoinRequestState
    def __init__(self, join_request_id: _Optional[str] = ..., name: _Optional[str] = ..., fingerprint: _Optional[str] = ..., state: _Optional[_Union[_access_pb2.JoinRequestState, str]] = ...) -> None: ...

class AccessRuleChanged(_message.Message):
    __slots__ = ("rule", "removed")
    RULE_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    rule: _access_pb2.AccessRule
    removed: bool
    def __init__(self, rule: _Optional[_Union[_access_pb2.AccessRule, _Mapping]] = ..., removed: _Optional[bool] = ...) -> None: ...
