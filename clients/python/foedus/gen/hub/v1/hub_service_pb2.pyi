from foedus.gen.hub.v1 import hub_pb2 as _hub_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetStatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetStatusResponse(_message.Message):
    __slots__ = ("status",)
    STATUS_FIELD_NUMBER: _ClassVar[int]
    status: _hub_pb2.HubStatus
    def __init__(self, status: _Optional[_Union[_hub_pb2.HubStatus, _Mapping]] = ...) -> None: ...

class GetConfigRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetConfigResponse(_message.Message):
    __slots__ = ("entries",)
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[_hub_pb2.ConfigEntry]
    def __init__(self, entries: _Optional[_Iterable[_Union[_hub_pb2.ConfigEntry, _Mapping]]] = ...) -> None: ...

class GetUsageRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetUsageResponse(_message.Message):
    __slots__ = ("limits",)
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    limits: _containers.RepeatedCompositeFieldContainer[_hub_pb2.LimitUsage]
    def __init__(self, limits: _Optional[_Iterable[_Union[_hub_pb2.LimitUsage, _Mapping]]] = ...) -> None: ...

class CheckUpgradeRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CheckUpgradeResponse(_message.Message):
    __slots__ = ("version", "checks")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    version: str
    checks: _containers.RepeatedCompositeFieldContainer[_hub_pb2.UpgradeCheck]
    def __init__(self, version: _Optional[str] = ..., checks: _Optional[_Iterable[_Union[_hub_pb2.UpgradeCheck, _Mapping]]] = ...) -> None: ...

class GetFederationHealthRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetFederationHealthResponse(_message.Message):
    __slots__ = ("health",)
    HEALTH_FIELD_NUMBER: _ClassVar[int]
    health: _hub_pb2.FederationHealth
    def __init__(self, health: _Optional[_Union[_hub_pb2.FederationHealth, _Mapping]] = ...) -> None: ...
