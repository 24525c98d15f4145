from foedus.gen.access.v1 import access_pb2 as _access_pb2
from foedus.gen.fault.v1 import fault_pb2 as _fault_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.page.v1 import page_pb2 as _page_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetAccessRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetAccessResponse(_message.Message):
    __slots__ = ("settings", "waiting", "allowed", "blocked", "waiting_max")
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    BLOCKED_FIELD_NUMBER: _ClassVar[int]
    WAITING_MAX_FIELD_NUMBER: _ClassVar[int]
    settings: _access_pb2.AccessSettings
    waiting: int
    allowed: int
    blocked: int
    waiting_max: int
    def __init__(self, settings: _Optional[_Union[_access_pb2.AccessSettings, _Mapping]] = ..., waiting: _Optional[int] = ..., allowed: _Optional[int] = ..., blocked: _Optional[int] = ..., waiting_max: _Optional[int] = ...) -> None: ...

class SetAccessModeRequest(_message.Message):
    __slots__ = ("request_id", "mode", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    mode: _access_pb2.AccessMode
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., mode: _Optional[_Union[_access_pb2.AccessMode, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetAccessModeResponse(_message.Message):
    __slots__ = ("settings",)
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    settings: _access_pb2.AccessSettings
    def __init__(self, settings: _Optional[_Union[_access_pb2.AccessSettings, _Mapping]] = ...) -> None: ...

class ListJoinRequestsRequest(_message.Message):
    __slots__ = ("page", "states")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    states: _containers.RepeatedScalarFieldContainer[_access_pb2.JoinRequestState]
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ..., states: _Optional[_Iterable[_Union[_access_pb2.JoinRequestState, str]]] = ...) -> None: ...

class ListJoinRequestsResponse(_message.Message):
    __slots__ = ("join_requests", "next_page_token")
    JOIN_REQUESTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    join_requests: _containers.RepeatedCompositeFieldContainer[_access_pb2.JoinRequest]
    next_page_token: str
    def __init__(self, join_requests: _Optional[_Iterable[_Union[_access_pb2.JoinRequest, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ApproveJoinRequest(_message.Message):
    __slots__ = ("request_id", "join_request_id", "fingerprint", "role")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    JOIN_REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    join_request_id: str
    fingerprint: str
    role: _options_pb2.Role
    def __init__(self, request_id: _Optional[str] = ..., join_request_id: _Optional[str] = ..., fingerprint: _Optional[str] = ..., role: _Optional[_Union[_options_pb2.Role, str]] = ...) -> None: ...

class ApproveJoinResponse(_message.Message):
    __slots__ = ("join_request",)
    JOIN_REQUEST_FIELD_NUMBER: _ClassVar[int]
    join_request: _access_pb2.JoinRequest
    def __init__(self, join_request: _Optional[_Union[_access_pb2.JoinRequest, _Mapping]] = ...) -> None: ...

class DenyJoinRequest(_message.Message):
    __slots__ = ("request_id", "join_request_id", "reason", "block")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    JOIN_REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    join_request_id: str
    reason: str
    block: bool
    def __init__(self, request_id: _Optional[str] = ..., join_request_id: _Optional[str] = ..., reason: _Optional[str] = ..., block: _Optional[bool] = ...) -> None: ...

class DenyJoinResponse(_message.Message):
    __slots__ = ("join_request",)
    JOIN_REQUEST_FIELD_NUMBER: _ClassVar[int]
    join_request: _access_pb2.JoinRequest
    def __init__(self, join_request: _Optional[_Union[_access_pb2.JoinRequest, _Mapping]] = ...) -> None: ...

class ListRulesRequest(_message.Message):
    __slots__ = ("page", "kind")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    kind: _access_pb2.RuleKind
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ..., kind: _Optional[_Union[_access_pb2.RuleKind, str]] = ...) -> None: ...

class ListRulesResponse(_message.Message):
    __slots__ = ("rules", "next_page_token")
    RULES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    rules: _containers.RepeatedCompositeFieldContainer[_access_pb2.AccessRule]
    next_page_token: str
    def __init__(self, rules: _Optional[_Iterable[_Union[_access_pb2.AccessRule, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class AddRuleRequest(_message.Message):
    __slots__ = ("request_id", "rule")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    rule: _access_pb2.AccessRule
    def __init__(self, request_id: _Optional[str] = ..., rule: _Optional[_Union[_access_pb2.AccessRule, _Mapping]] = ...) -> None: ...

class AddRuleResponse(_message.Message):
    __slots__ = ("rule",)
    RULE_FIELD_NUMBER: _ClassVar[int]
    rule: _access_pb2.AccessRule
    def __init__(self, rule: _Optional[_Union[_access_pb2.AccessRule, _Mapping]] = ...) -> None: ...

class RemoveRuleRequest(_message.Message):
    __slots__ = ("request_id", "rule_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RULE_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    rule_id: str
    def __init__(self, request_id: _Optional[str] = ..., rule_id: _Optional[str] = ...) -> None: ...

class RemoveRuleResponse(_message.Message):
    __slots__ = ("rule",)
    RULE_FIELD_NUMBER: _ClassVar[int]
    rule: _access_pb2.AccessRule
    def __init__(self, rule: _Optional[_Union[_access_pb2.AccessRule, _Mapping]] = ...) -> None: ...

class ResetRulesRequest(_message.Message):
    __slots__ = ("request_id", "kind", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    kind: _access_pb2.RuleKind
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., kind: _Optional[_Union[_access_pb2.RuleKind, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class ResetRulesResponse(_message.Message):
    __slots__ = ("removed",)
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    removed: int
    def __init__(self, removed: _Optional[int] = ...) -> None: ...

class JudgeJoinRequest(_message.Message):
    __slots__ = ("request_id", "name", "identity_key", "address", "has_token", "name_in_token", "hold_ms")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_KEY_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    HAS_TOKEN_FIELD_NUMBER: _ClassVar[int]
    NAME_IN_TOKEN_FIELD_NUMBER: _ClassVar[int]
    HOLD_MS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    name: str
    identity_key: bytes
    address: str
    has_token: bool
    name_in_token: bool
    hold_ms: int
    def __init__(self, request_id: _Optional[str] = ..., name: _Optional[str] = ..., identity_key: _Optional[bytes] = ..., address: _Optional[str] = ..., has_token: _Optional[bool] = ..., name_in_token: _Optional[bool] = ..., hold_ms: _Optional[int] = ...) -> None: ...

class JudgeJoinResponse(_message.Message):
    __slots__ = ("admit", "waiting")
    class Admit(_message.Message):
        __slots__ = ("role", "revision", "name", "vouched")
        ROLE_FIELD_NUMBER: _ClassVar[int]
        REVISION_FIELD_NUMBER: _ClassVar[int]
        NAME_FIELD_NUMBER: _ClassVar[int]
        VOUCHED_FIELD_NUMBER: _ClassVar[int]
        role: _options_pb2.Role
        revision: int
        name: str
        vouched: bool
        def __init__(self, role: _Optional[_Union[_options_pb2.Role, str]] = ..., revision: _Optional[int] = ..., name: _Optional[str] = ..., vouched: _Optional[bool] = ...) -> None: ...
    ADMIT_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    admit: JudgeJoinResponse.Admit
    waiting: _fault_pb2.Waiting
    def __init__(self, admit: _Optional[_Union[JudgeJoinResponse.Admit, _Mapping]] = ..., waiting: _Optional[_Union[_fault_pb2.Waiting, _Mapping]] = ...) -> None: ...
