from foedus.gen.identity.v1 import identity_pb2 as _identity_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class IdentityEnrolled(_message.Message):
    __slots__ = ("identity", "token_id")
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    TOKEN_ID_FIELD_NUMBER: _ClassVar[int]
    identity: _identity_pb2.Identity
    token_id: str
    def __init__(self, identity: _Optional[_Union[_identity_pb2.Identity, _Mapping]] = ..., token_id: _Optional[str] = ...) -> None: ...

class IdentityRevoked(_message.Message):
    __slots__ = ("identity",)
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    identity: _identity_pb2.Identity
    def __init__(self, identity: _Optional[_Union[_identity_pb2.Identity, _Mapping]] = ...) -> None: ...

class IdentityQuarantined(_message.Message):
    __slots__ = ("identity",)
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    identity: _identity_pb2.Identity
    def __init__(self, identity: _Optional[_Union[_identity_pb2.Identity, _Mapping]] = ...) -> None: ...

class IdentityReleased(_message.Message):
    __slots__ = ("identity", "reason")
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    identity: _identity_pb2.Identity
    reason: str
    def __init__(self, identity: _Optional[_Union[_identity_pb2.Identity, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class IdentityRoleChanged(_message.Message):
    __slots__ = ("identity", "was")
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    WAS_FIELD_NUMBER: _ClassVar[int]
    identity: _identity_pb2.Identity
    was: _options_pb2.Role
    def __init__(self, identity: _Optional[_Union[_identity_pb2.Identity, _Mapping]] = ..., was: _Optional[_Union[_options_pb2.Role, str]] = ...) -> None: ...
