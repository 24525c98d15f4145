from foedus.gen.identity.v1 import identity_pb2 as _identity_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetChallengeRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetChallengeResponse(_message.Message):
    __slots__ = ("nonce", "hub_time_ms")
    NONCE_FIELD_NUMBER: _ClassVar[int]
    HUB_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    nonce: bytes
    hub_time_ms: int
    def __init__(self, nonce: _Optional[bytes] = ..., hub_time_ms: _Optional[int] = ...) -> None: ...

class ReenterRequest(_message.Message):
    __slots__ = ("request_id", "tenant", "node_id", "csr", "nonce", "identity_proof")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    CSR_FIELD_NUMBER: _ClassVar[int]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_PROOF_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    tenant: str
    node_id: str
    csr: bytes
    nonce: bytes
    identity_proof: bytes
    def __init__(self, request_id: _Optional[str] = ..., tenant: _Optional[str] = ..., node_id: _Optional[str] = ..., csr: _Optional[bytes] = ..., nonce: _Optional[bytes] = ..., identity_proof: _Optional[bytes] = ...) -> None: ...

class ReenterResponse(_message.Message):
    __slots__ = ("admission",)
    ADMISSION_FIELD_NUMBER: _ClassVar[int]
    admission: _identity_pb2.Admission
    def __init__(self, admission: _Optional[_Union[_identity_pb2.Admission, _Mapping]] = ...) -> None: ...

class RenewRequest(_message.Message):
    __slots__ = ("request_id", "csr", "identity_proof")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CSR_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_PROOF_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    csr: bytes
    identity_proof: bytes
    def __init__(self, request_id: _Optional[str] = ..., csr: _Optional[bytes] = ..., identity_proof: _Optional[bytes] = ...) -> None: ...

class RenewResponse(_message.Message):
    __slots__ = ("admission",)
    ADMISSION_FIELD_NUMBER: _ClassVar[int]
    admission: _identity_pb2.Admission
    def __init__(self, admission: _Optional[_Union[_identity_pb2.Admission, _Mapping]] = ...) -> None: ...
