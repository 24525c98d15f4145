from foedus.gen.identity.v1 import identity_pb2 as _identity_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class IssueAgentTokenRequest(_message.Message):
    __slots__ = ("request_id", "agent", "role", "lifetime_ms")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    LIFETIME_MS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    agent: str
    role: _options_pb2.Role
    lifetime_ms: int
    def __init__(self, request_id: _Optional[str] = ..., agent: _Optional[str] = ..., role: _Optional[_Union[_options_pb2.Role, str]] = ..., lifetime_ms: _Optional[int] = ...) -> None: ...

class IssueAgentTokenResponse(_message.Message):
    __slots__ = ("token", "secret")
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    token: _identity_pb2.AgentToken
    secret: str
    def __init__(self, token: _Optional[_Union[_identity_pb2.AgentToken, _Mapping]] = ..., secret: _Optional[str] = ...) -> None: ...

class RefreshAgentTokenRequest(_message.Message):
    __slots__ = ("secret",)
    SECRET_FIELD_NUMBER: _ClassVar[int]
    secret: str
    def __init__(self, secret: _Optional[str] = ...) -> None: ...

class RefreshAgentTokenResponse(_message.Message):
    __slots__ = ("token",)
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: _identity_pb2.AgentToken
    def __init__(self, token: _Optional[_Union[_identity_pb2.AgentToken, _Mapping]] = ...) -> None: ...
