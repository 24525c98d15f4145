from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Audience(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AUDIENCE_UNSPECIFIED: _ClassVar[Audience]
    AUDIENCE_NODE: _ClassVar[Audience]
    AUDIENCE_AGENT: _ClassVar[Audience]
    AUDIENCE_PERSON: _ClassVar[Audience]
    AUDIENCE_HUB: _ClassVar[Audience]
    AUDIENCE_OPERATOR: _ClassVar[Audience]
    AUDIENCE_JOINER: _ClassVar[Audience]
    AUDIENCE_VISITOR: _ClassVar[Audience]
    AUDIENCE_INSIDE: _ClassVar[Audience]

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROLE_UNSPECIFIED: _ClassVar[Role]
    ROLE_OBSERVER: _ClassVar[Role]
    ROLE_MEMBER: _ClassVar[Role]
    ROLE_ADMIN: _ClassVar[Role]

class Effect(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EFFECT_UNSPECIFIED: _ClassVar[Effect]
    EFFECT_READ: _ClassVar[Effect]
    EFFECT_WRITE: _ClassVar[Effect]
    EFFECT_FLOW: _ClassVar[Effect]
AUDIENCE_UNSPECIFIED: Audience
AUDIENCE_NODE: Audience
AUDIENCE_AGENT: Audience
AUDIENCE_PERSON: Audience
AUDIENCE_HUB: Audience
AUDIENCE_OPERATOR: Audience
AUDIENCE_JOINER: Audience
AUDIENCE_VISITOR: Audience
AUDIENCE_INSIDE: Audience
ROLE_UNSPECIFIED: Role
ROLE_OBSERVER: Role
ROLE_MEMBER: Role
ROLE_ADMIN: Role
EFFECT_UNSPECIFIED: Effect
EFFECT_READ: Effect
EFFECT_WRITE: Effect
EFFECT_FLOW: Effect
POLICY_FIELD_NUMBER: _ClassVar[int]
policy: _descriptor.FieldDescriptor
SENSITIVE_FIELD_NUMBER: _ClassVar[int]
sensitive: _descriptor.FieldDescriptor
FAMILY_FIELD_NUMBER: _ClassVar[int]
family: _descriptor.FieldDescriptor

class Policy(_message.Message):
    __slots__ = ("audience", "least_role", "effect", "rate_class")
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    LEAST_ROLE_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    RATE_CLASS_FIELD_NUMBER: _ClassVar[int]
    audience: _containers.RepeatedScalarFieldContainer[Audience]
    least_role: Role
    effect: Effect
    rate_class: str
    def __init__(self, audience: _Optional[_Iterable[_Union[Audience, str]]] = ..., least_role: _Optional[_Union[Role, str]] = ..., effect: _Optional[_Union[Effect, str]] = ..., rate_class: _Optional[str] = ...) -> None: ...

class Family(_message.Message):
    __slots__ = ("type", "leaves_hub", "hub_only")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    LEAVES_HUB_FIELD_NUMBER: _ClassVar[int]
    HUB_ONLY_FIELD_NUMBER: _ClassVar[int]
    type: str
    leaves_hub: bool
    hub_only: bool
    def __init__(self, type: _Optional[str] = ..., leaves_hub: _Optional[bool] = ..., hub_only: _Optional[bool] = ...) -> None: ...
