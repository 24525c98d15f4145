from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReportFile(_message.Message):
    __slots__ = ("path", "digest", "format", "tool", "modified_ms")
    PATH_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    TOOL_FIELD_NUMBER: _ClassVar[int]
    MODIFIED_MS_FIELD_NUMBER: _ClassVar[int]
    path: str
    digest: str
    format: str
    tool: str
    modified_ms: int
    def __init__(self, path: _Optional[str] = ..., digest: _Optional[str] = ..., format: _Optional[str] = ..., tool: _Optional[str] = ..., modified_ms: _Optional[int] = ...) -> None: ...

class AuditSummary(_message.Message):
    __slots__ = ("project_slug", "ok", "warn", "fail", "last_run_ms", "reports")
    PROJECT_SLUG_FIELD_NUMBER: _ClassVar[int]
    OK_FIELD_NUMBER: _ClassVar[int]
    WARN_FIELD_NUMBER: _ClassVar[int]
    FAIL_FIELD_NUMBER: _ClassVar[int]
    LAST_RUN_MS_FIELD_NUMBER: _ClassVar[int]
    REPORTS_FIELD_NUMBER: _ClassVar[int]
    project_slug: str
    ok: int
    warn: int
    fail: int
    last_run_ms: int
    reports: _containers.RepeatedCompositeFieldContainer[ReportFile]
    def __init__(self, project_slug: _Optional[str] = ..., ok: _Optional[int] = ..., warn: _Optional[int] = ..., fail: _Optional[int] = ..., last_run_ms: _Optional[int] = ..., reports: _Optional[_Iterable[_Union[ReportFile, _Mapping]]] = ...) -> None: ...

class SecuritySummary(_message.Message):
    __slots__ = ("project_slug", "vulns_critical", "vulns_high", "vulns_moderate", "vulns_low", "components", "last_scan_ms", "reports")
    PROJECT_SLUG_FIELD_NUMBER: _ClassVar[int]
    VULNS_CRITICAL_FIELD_NUMBER: _ClassVar[int]
    VULNS_HIGH_FIELD_NUMBER: _ClassVar[int]
    VULNS_MODERATE_FIELD_NUMBER: _ClassVar[int]
    VULNS_LOW_FIELD_NUMBER: _ClassVar[int]
    COMPONENTS_FIELD_NUMBER: _ClassVar[int]
    LAST_SCAN_MS_FIELD_NUMBER: _ClassVar[int]
    REPORTS_FIELD_NUMBER: _ClassVar[int]
    project_slug: str
    vulns_critical: int
    vulns_high: int
    vulns_moderate: int
    vulns_low: int
    components: int
    last_scan_ms: int
    reports: _containers.RepeatedCompositeFieldContainer[ReportFile]
    def __init__(self, project_slug: _Optional[str] = ..., vulns_critical: _Optional[int] = ..., vulns_high: _Optional[int] = ..., vulns_moderate: _Optional[int] = ..., vulns_low: _Optional[int] = ..., components: _Optional[int] = ..., last_scan_ms: _Optional[int] = ..., reports: _Optional[_Iterable[_Union[ReportFile, _Mapping]]] = ...) -> None: ...

class DeploySummary(_message.Message):
    __slots__ = ("project_slug", "deployments", "last_deployed_ms", "reports")
    PROJECT_SLUG_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENTS_FIELD_NUMBER: _ClassVar[int]
    LAST_DEPLOYED_MS_FIELD_NUMBER: _ClassVar[int]
    REPORTS_FIELD_NUMBER: _ClassVar[int]
    project_slug: str
    deployments: _containers.RepeatedCompositeFieldContainer[Deployment]
    last_deployed_ms: int
    reports: _containers.RepeatedCompositeFieldContainer[ReportFile]
    def __init__(self, project_slug: _Optional[str] = ..., deployments: _Optional[_Iterable[_Union[Deployment, _Mapping]]] = ..., last_deployed_ms: _Optional[int] = ..., reports: _Optional[_Iterable[_Union[ReportFile, _Mapping]]] = ...) -> None: ...

class Deployment(_message.Message):
    __slots__ = ("environment", "version", "deployed_ms")
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DEPLOYED_MS_FIELD_NUMBER: _ClassVar[int]
    environment: str
    version: str
    deployed_ms: int
    def __init__(self, environment: _Optional[str] = ..., version: _Optional[str] = ..., deployed_ms: _Optional[int] = ...) -> None: ...
