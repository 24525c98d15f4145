from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.page.v1 import page_pb2 as _page_pb2
from foedus.gen.person.v1 import person_pb2 as _person_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
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

class GetStandingsRequest(_message.Message):
    __slots__ = ("callers",)
    CALLERS_FIELD_NUMBER: _ClassVar[int]
    callers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, callers: _Optional[_Iterable[str]] = ...) -> None: ...

class Standing(_message.Message):
    __slots__ = ("caller", "role")
    CALLER_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    caller: str
    role: _options_pb2.Role
    def __init__(self, caller: _Optional[str] = ..., role: _Optional[_Union[_options_pb2.Role, str]] = ...) -> None: ...

class GetStandingsResponse(_message.Message):
    __slots__ = ("standings",)
    STANDINGS_FIELD_NUMBER: _ClassVar[int]
    standings: _containers.RepeatedCompositeFieldContainer[Standing]
    def __init__(self, standings: _Optional[_Iterable[_Union[Standing, _Mapping]]] = ...) -> None: ...

class ListViewsRequest(_message.Message):
    __slots__ = ("page",)
    PAGE_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ...) -> None: ...

class ListViewsResponse(_message.Message):
    __slots__ = ("views", "next_page_token")
    VIEWS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    views: _containers.RepeatedCompositeFieldContainer[_person_pb2.View]
    next_page_token: str
    def __init__(self, views: _Optional[_Iterable[_Union[_person_pb2.View, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SaveViewRequest(_message.Message):
    __slots__ = ("request_id", "view_id", "name", "path", "shared")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VIEW_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    SHARED_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    view_id: str
    name: str
    path: str
    shared: bool
    def __init__(self, request_id: _Optional[str] = ..., view_id: _Optional[str] = ..., name: _Optional[str] = ..., path: _Optional[str] = ..., shared: _Optional[bool] = ...) -> None: ...

class SaveViewResponse(_message.Message):
    __slots__ = ("view",)
    VIEW_FIELD_NUMBER: _ClassVar[int]
    view: _person_pb2.View
    def __init__(self, view: _Optional[_Union[_person_pb2.View, _Mapping]] = ...) -> None: ...

class RemoveViewRequest(_message.Message):
    __slots__ = ("request_id", "view_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VIEW_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    view_id: str
    def __init__(self, request_id: _Optional[str] = ..., view_id: _Optional[str] = ...) -> None: ...

class RemoveViewResponse(_message.Message):
    __slots__ = ("view",)
    VIEW_FIELD_NUMBER: _ClassVar[int]
    view: _person_pb2.View
    def __init__(self, view: _Optional[_Union[_person_pb2.View, _Mapping]] = ...) -> None: ...
