import datetime

from foedus.gen.fault.v1 import fault_pb2 as _fault_pb2
from foedus.gen.identity.v1 import identity_pb2 as _identity_pb2
from foedus.gen.identity.v1 import identity_agent_pb2 as _identity_agent_pb2
from foedus.gen.identity.v1 import identity_return_pb2 as _identity_return_pb2
from foedus.gen.identity.v1 import identity_standing_pb2 as _identity_standing_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.page.v1 import page_pb2 as _page_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateTokenRequest(_message.Message):
    __slots__ = ("request_id", "name", "role", "lifetime")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    LIFETIME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    name: str
    role: _options_pb2.Role
    lifetime: _duration_pb2.Duration
    def __init__(self, request_id: _Optional[str] = ..., name: _Optional[str] = ..., role: _Optional[_Union[_options_pb2.Role, str]] = ..., lifetime: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class CreateTokenResponse(_message.Message):
    __slots__ = ("token", "secret", "invitation")
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    token: _identity_pb2.JoinToken
    secret: str
    invitation: str
    def __init__(self, token: _Optional[_Union[_identity_pb2.JoinToken, _Mapping]] = ..., secret: _Optional[str] = ..., invitation: _Optional[str] = ...) -> None: ...

class ListTokensRequest(_message.Message):
    __slots__ = ("page",)
    PAGE_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ...) -> None: ...

class ListTokensResponse(_message.Message):
    __slots__ = ("tokens", "next_page_token")
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    tokens: _containers.RepeatedCompositeFieldContainer[_identity_pb2.JoinToken]
    next_page_token: str
    def __init__(self, tokens: _Optional[_Iterable[_Union[_identity_pb2.JoinToken, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CancelTokenRequest(_message.Message):
    __slots__ = ("request_id", "token_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TOKEN_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    token_id: str
    def __init__(self, request_id: _Optional[str] = ..., token_id: _Optional[str] = ...) -> None: ...

class CancelTokenResponse(_message.Message):
    __slots__ = ("token",)
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: _identity_pb2.JoinToken
    def __init__(self, token: _Optional[_Union[_identity_pb2.JoinToken, _Mapping]] = ...) -> None: ...

class GetTrustBundleRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetTrustBundleResponse(_message.Message):
    __slots__ = ("bundle",)
    BUNDLE_FIELD_NUMBER: _ClassVar[int]
    bundle: _identity_pb2.TrustBundle
    def __init__(self, bundle: _Optional[_Union[_identity_pb2.TrustBundle, _Mapping]] = ...) -> None: ...

class EnrollRequest(_message.Message):
    __slots__ = ("request_id", "token", "name", "csr", "identity_key", "identity_proof", "tenant", "hold_ms")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CSR_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_KEY_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_PROOF_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    HOLD_MS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    token: str
    name: str
    csr: bytes
    identity_key: bytes
    identity_proof: bytes
    tenant: str
    hold_ms: int
    def __init__(self, request_id: _Optional[str] = ..., token: _Optional[str] = ..., name: _Optional[str] = ..., csr: _Optional[bytes] = ..., identity_key: _Optional[bytes] = ..., identity_proof: _Optional[bytes] = ..., tenant: _Optional[str] = ..., hold_ms: _Optional[int] = ...) -> None: ...

class EnrollResponse(_message.Message):
    __slots__ = ("admission", "waiting", "retry_ms")
    ADMISSION_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    RETRY_MS_FIELD_NUMBER: _ClassVar[int]
    admission: _identity_pb2.Admission
    waiting: _fault_pb2.Waiting
    retry_ms: int
    def __init__(self, admission: _Optional[_Union[_identity_pb2.Admission, _Mapping]] = ..., waiting: _Optional[_Union[_fault_pb2.Waiting, _Mapping]] = ..., retry_ms: _Optional[int] = ...) -> None: ...

class RevokeNodeRequest(_message.Message):
    __slots__ = ("request_id", "node", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    node: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., node: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RevokeNodeResponse(_message.Message):
    __slots__ = ("identity",)
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    identity: _identity_pb2.Identity
    def __init__(self, identity: _Optional[_Union[_identity_pb2.Identity, _Mapping]] = ...) -> None: ...

class ListIdentitiesRequest(_message.Message):
    __slots__ = ("page", "node_ids")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    NODE_IDS_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    node_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ..., node_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ListIdentitiesResponse(_message.Message):
    __slots__ = ("identities", "next_page_token")
    IDENTITIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    identities: _containers.RepeatedCompositeFieldContainer[_identity_pb2.Identity]
    next_page_token: str
    def __init__(self, identities: _Optional[_Iterable[_Union[_identity_pb2.Identity, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
