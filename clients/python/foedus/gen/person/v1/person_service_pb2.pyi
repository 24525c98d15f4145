from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.person.v1 import person_pb2 as _person_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateLinkRequest(_message.Message):
    __slots__ = ("request_id",)
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    def __init__(self, request_id: _Optional[str] = ...) -> None: ...

class CreateLinkResponse(_message.Message):
    __slots__ = ("link", "link_id")
    LINK_FIELD_NUMBER: _ClassVar[int]
    LINK_ID_FIELD_NUMBER: _ClassVar[int]
    link: str
    link_id: str
    def __init__(self, link: _Optional[str] = ..., link_id: _Optional[str] = ...) -> None: ...

class SignInRequest(_message.Message):
    __slots__ = ("request_id", "code")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    code: str
    def __init__(self, request_id: _Optional[str] = ..., code: _Optional[str] = ...) -> None: ...

class SignInResponse(_message.Message):
    __slots__ = ("person", "session")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    person: _person_pb2.Person
    session: _person_pb2.Session
    def __init__(self, person: _Optional[_Union[_person_pb2.Person, _Mapping]] = ..., session: _Optional[_Union[_person_pb2.Session, _Mapping]] = ...) -> None: ...

class GetSessionRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetSessionResponse(_message.Message):
    __slots__ = ("person", "session", "tenant", "trust_domain")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    TRUST_DOMAIN_FIELD_NUMBER: _ClassVar[int]
    person: _person_pb2.Person
    session: _person_pb2.Session
    tenant: str
    trust_domain: str
    def __init__(self, person: _Optional[_Union[_person_pb2.Person, _Mapping]] = ..., session: _Optional[_Union[_person_pb2.Session, _Mapping]] = ..., tenant: _Optional[str] = ..., trust_domain: _Optional[str] = ...) -> None: ...

class SignOutRequest(_message.Message):
    __slots__ = ("request_id",)
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    def __init__(self, request_id: _Optional[str] = ...) -> None: ...

class SignOutResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class AdmitOwnerRequest(_message.Message):
    __slots__ = ("request_id",)
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    def __init__(self, request_id: _Optional[str] = ...) -> None: ...

class AdmitOwnerResponse(_message.Message):
    __slots__ = ("link",)
    LINK_FIELD_NUMBER: _ClassVar[int]
    link: str
    def __init__(self, link: _Optional[str] = ...) -> None: ...

class OpenVisitRequest(_message.Message):
    __slots__ = ("request_id", "visitor", "role", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VISITOR_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    visitor: str
    role: _options_pb2.Role
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., visitor: _Optional[str] = ..., role: _Optional[_Union[_options_pb2.Role, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class OpenVisitResponse(_message.Message):
    __slots__ = ("session", "secret")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    session: _person_pb2.Session
    secret: str
    def __init__(self, session: _Optional[_Union[_person_pb2.Session, _Mapping]] = ..., secret: _Optional[str] = ...) -> None: ...
