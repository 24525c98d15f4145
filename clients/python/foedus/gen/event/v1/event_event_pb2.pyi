from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NetworkHealth(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NETWORK_HEALTH_UNSPECIFIED: _ClassVar[NetworkHealth]
    NETWORK_HEALTH_HEALTHY: _ClassVar[NetworkHealth]
    NETWORK_HEALTH_DEGRADED: _ClassVar[NetworkHealth]
    NETWORK_HEALTH_CRITICAL: _ClassVar[NetworkHealth]
NETWORK_HEALTH_UNSPECIFIED: NetworkHealth
NETWORK_HEALTH_HEALTHY: NetworkHealth
NETWORK_HEALTH_DEGRADED: NetworkHealth
NETWORK_HEALTH_CRITICAL: NetworkHealth

class Priority(_message.Message):
    __slots__ = ("topic", "weight", "confidence")
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    topic: str
    weight: float
    confidence: float
    def __init__(self, topic: _Optional[str] = ..., weight: _Optional[float] = ..., confidence: _Optional[float] = ...) -> None: ...

class TelemetrySync(_message.Message):
    __slots__ = ("trust_score", "priorities", "sync_latency_ms", "sanitized", "events_published", "events_waiting", "resident_bytes", "uptime_ms")
    TRUST_SCORE_FIELD_NUMBER: _ClassVar[int]
    PRIORITIES_FIELD_NUMBER: _ClassVar[int]
    SYNC_LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    SANITIZED_FIELD_NUMBER: _ClassVar[int]
    EVENTS_PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    EVENTS_WAITING_FIELD_NUMBER: _ClassVar[int]
    RESIDENT_BYTES_FIELD_NUMBER: _ClassVar[int]
    UPTIME_MS_FIELD_NUMBER: _ClassVar[int]
    trust_score: float
    priorities: _containers.RepeatedCompositeFieldContainer[Priority]
    sync_latency_ms: float
    sanitized: bool
    events_published: int
    events_waiting: int
    resident_bytes: int
    uptime_ms: int
    def __init__(self, trust_score: _Optional[float] = ..., priorities: _Optional[_Iterable[_Union[Priority, _Mapping]]] = ..., sync_latency_ms: _Optional[float] = ..., sanitized: _Optional[bool] = ..., events_published: _Optional[int] = ..., events_waiting: _Optional[int] = ..., resident_bytes: _Optional[int] = ..., uptime_ms: _Optional[int] = ...) -> None: ...

class Presence(_message.Message):
    __slots__ = ("project_slug", "title", "url", "version", "capabilities", "packages", "local_path")
    PROJECT_SLUG_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    PACKAGES_FIELD_NUMBER: _ClassVar[int]
    LOCAL_PATH_FIELD_NUMBER: _ClassVar[int]
    project_slug: str
    title: str
    url: str
    version: str
    capabilities: _containers.RepeatedScalarFieldContainer[str]
    packages: _containers.RepeatedCompositeFieldContainer[ProvidedPackage]
    local_path: str
    def __init__(self, project_slug: _Optional[str] = ..., title: _Optional[str] = ..., url: _Optional[str] = ..., version: _Optional[str] = ..., capabilities: _Optional[_Iterable[str]] = ..., packages: _Optional[_Iterable[_Union[ProvidedPackage, _Mapping]]] = ..., local_path: _Optional[str] = ...) -> None: ...

class ProvidedPackage(_message.Message):
    __slots__ = ("name", "version", "manifest")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    name: str
    version: str
    manifest: str
    def __init__(self, name: _Optional[str] = ..., version: _Optional[str] = ..., manifest: _Optional[str] = ...) -> None: ...

class Health(_message.Message):
    __slots__ = ("status", "latency_ms", "degraded_reasons", "sample_ms")
    class Status(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATUS_UNSPECIFIED: _ClassVar[Health.Status]
        STATUS_HEALTHY: _ClassVar[Health.Status]
        STATUS_DEGRADED: _ClassVar[Health.Status]
    STATUS_UNSPECIFIED: Health.Status
    STATUS_HEALTHY: Health.Status
    STATUS_DEGRADED: Health.Status
    STATUS_FIELD_NUMBER: _ClassVar[int]
    LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_REASONS_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_MS_FIELD_NUMBER: _ClassVar[int]
    status: Health.Status
    latency_ms: float
    degraded_reasons: _containers.RepeatedScalarFieldContainer[str]
    sample_ms: int
    def __init__(self, status: _Optional[_Union[Health.Status, str]] = ..., latency_ms: _Optional[float] = ..., degraded_reasons: _Optional[_Iterable[str]] = ..., sample_ms: _Optional[int] = ...) -> None: ...

class GraphSummary(_message.Message):
    __slots__ = ("project_slug", "files", "lines", "languages", "last_commit", "tags", "shallow", "left_out", "scanned_ms", "digest")
    PROJECT_SLUG_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    LAST_COMMIT_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    SHALLOW_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    SCANNED_MS_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    project_slug: str
    files: int
    lines: int
    languages: _containers.RepeatedCompositeFieldContainer[LanguageCount]
    last_commit: Commit
    tags: _containers.RepeatedScalarFieldContainer[str]
    shallow: bool
    left_out: _containers.RepeatedScalarFieldContainer[str]
    scanned_ms: int
    digest: str
    def __init__(self, project_slug: _Optional[str] = ..., files: _Optional[int] = ..., lines: _Optional[int] = ..., languages: _Optional[_Iterable[_Union[LanguageCount, _Mapping]]] = ..., last_commit: _Optional[_Union[Commit, _Mapping]] = ..., tags: _Optional[_Iterable[str]] = ..., shallow: _Optional[bool] = ..., left_out: _Optional[_Iterable[str]] = ..., scanned_ms: _Optional[int] = ..., digest: _Optional[str] = ...) -> None: ...

class LanguageCount(_message.Message):
    __slots__ = ("language", "files", "lines")
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    language: str
    files: int
    lines: int
    def __init__(self, language: _Optional[str] = ..., files: _Optional[int] = ..., lines: _Optional[int] = ...) -> None: ...

class Commit(_message.Message):
    __slots__ = ("hash", "time_ms", "subject", "author")
    HASH_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    hash: str
    time_ms: int
    subject: str
    author: str
    def __init__(self, hash: _Optional[str] = ..., time_ms: _Optional[int] = ..., subject: _Optional[str] = ..., author: _Optional[str] = ...) -> None: ...

class IntegrationEdge(_message.Message):
    __slots__ = ("from_project", "to_package", "kind", "strength", "proof", "removed")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[IntegrationEdge.Kind]
        KIND_API: _ClassVar[IntegrationEdge.Kind]
        KIND_QUEUE: _ClassVar[IntegrationEdge.Kind]
        KIND_SHARED_SCHEMA: _ClassVar[IntegrationEdge.Kind]
        KIND_SECRET: _ClassVar[IntegrationEdge.Kind]
        KIND_PACKAGE: _ClassVar[IntegrationEdge.Kind]
    KIND_UNSPECIFIED: IntegrationEdge.Kind
    KIND_API: IntegrationEdge.Kind
    KIND_QUEUE: IntegrationEdge.Kind
    KIND_SHARED_SCHEMA: IntegrationEdge.Kind
    KIND_SECRET: IntegrationEdge.Kind
    KIND_PACKAGE: IntegrationEdge.Kind
    class Proof(_message.Message):
        __slots__ = ("manifest", "line", "digest")
        MANIFEST_FIELD_NUMBER: _ClassVar[int]
        LINE_FIELD_NUMBER: _ClassVar[int]
        DIGEST_FIELD_NUMBER: _ClassVar[int]
        manifest: str
        line: int
        digest: str
        def __init__(self, manifest: _Optional[str] = ..., line: _Optional[int] = ..., digest: _Optional[str] = ...) -> None: ...
    FROM_PROJECT_FIELD_NUMBER: _ClassVar[int]
    TO_PACKAGE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    from_project: str
    to_package: str
    kind: IntegrationEdge.Kind
    strength: float
    proof: IntegrationEdge.Proof
    removed: bool
    def __init__(self, from_project: _Optional[str] = ..., to_package: _Optional[str] = ..., kind: _Optional[_Union[IntegrationEdge.Kind, str]] = ..., strength: _Optional[float] = ..., proof: _Optional[_Union[IntegrationEdge.Proof, _Mapping]] = ..., removed: _Optional[bool] = ...) -> None: ...

class RankedScore(_message.Message):
    __slots__ = ("node_id", "node_name", "score")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_NAME_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    node_name: str
    score: float
    def __init__(self, node_id: _Optional[str] = ..., node_name: _Optional[str] = ..., score: _Optional[float] = ...) -> None: ...

class TrustAggregate(_message.Message):
    __slots__ = ("cycle_id", "participants", "unknown", "average_trust", "median_trust", "trust_std_deviation", "robust_mean", "highest", "lowest", "average_latency_ms", "latency_trend_ms", "network_health", "aggregated_priorities")
    CYCLE_ID_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANTS_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_TRUST_FIELD_NUMBER: _ClassVar[int]
    MEDIAN_TRUST_FIELD_NUMBER: _ClassVar[int]
    TRUST_STD_DEVIATION_FIELD_NUMBER: _ClassVar[int]
    ROBUST_MEAN_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_FIELD_NUMBER: _ClassVar[int]
    LOWEST_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    LATENCY_TREND_MS_FIELD_NUMBER: _ClassVar[int]
    NETWORK_HEALTH_FIELD_NUMBER: _ClassVar[int]
    AGGREGATED_PRIORITIES_FIELD_NUMBER: _ClassVar[int]
    cycle_id: str
    participants: int
    unknown: int
    average_trust: float
    median_trust: float
    trust_std_deviation: float
    robust_mean: float
    highest: RankedScore
    lowest: RankedScore
    average_latency_ms: float
    latency_trend_ms: float
    network_health: NetworkHealth
    aggregated_priorities: _containers.RepeatedCompositeFieldContainer[Priority]
    def __init__(self, cycle_id: _Optional[str] = ..., participants: _Optional[int] = ..., unknown: _Optional[int] = ..., average_trust: _Optional[float] = ..., median_trust: _Optional[float] = ..., trust_std_deviation: _Optional[float] = ..., robust_mean: _Optional[float] = ..., highest: _Optional[_Union[RankedScore, _Mapping]] = ..., lowest: _Optional[_Union[RankedScore, _Mapping]] = ..., average_latency_ms: _Optional[float] = ..., latency_trend_ms: _Optional[float] = ..., network_health: _Optional[_Union[NetworkHealth, str]] = ..., aggregated_priorities: _Optional[_Iterable[_Union[Priority, _Mapping]]] = ...) -> None: ...

class PriorityShare(_message.Message):
    __slots__ = ("cycle_id", "priorities", "rationale")
    CYCLE_ID_FIELD_NUMBER: _ClassVar[int]
    PRIORITIES_FIELD_NUMBER: _ClassVar[int]
    RATIONALE_FIELD_NUMBER: _ClassVar[int]
    cycle_id: str
    priorities: _containers.RepeatedCompositeFieldContainer[Priority]
    rationale: str
    def __init__(self, cycle_id: _Optional[str] = ..., priorities: _Optional[_Iterable[_Union[Priority, _Mapping]]] = ..., rationale: _Optional[str] = ...) -> None: ...

class ModelUpdate(_message.Message):
    __slots__ = ("cycle_id", "trust_score", "priorities", "applied_ms")
    CYCLE_ID_FIELD_NUMBER: _ClassVar[int]
    TRUST_SCORE_FIELD_NUMBER: _ClassVar[int]
    PRIORITIES_FIELD_NUMBER: _ClassVar[int]
    APPLIED_MS_FIELD_NUMBER: _ClassVar[int]
    cycle_id: str
    trust_score: float
    priorities: _containers.RepeatedCompositeFieldContainer[Priority]
    applied_ms: int
    def __init__(self, cycle_id: _Optional[str] = ..., trust_score: _Optional[float] = ..., priorities: _Optional[_Iterable[_Union[Priority, _Mapping]]] = ..., applied_ms: _Optional[int] = ...) -> None: ...

class InsightReport(_message.Message):
    __slots__ = ("cycle_id", "summary", "findings", "network_health")
    CYCLE_ID_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    NETWORK_HEALTH_FIELD_NUMBER: _ClassVar[int]
    cycle_id: str
    summary: str
    findings: _containers.RepeatedScalarFieldContainer[str]
    network_health: NetworkHealth
    def __init__(self, cycle_id: _Optional[str] = ..., summary: _Optional[str] = ..., findings: _Optional[_Iterable[str]] = ..., network_health: _Optional[_Union[NetworkHealth, str]] = ...) -> None: ...

class GraphSummaryRequested(_message.Message):
    __slots__ = ("asked_by", "reason")
    ASKED_BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    asked_by: str
    reason: str
    def __init__(self, asked_by: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class EventRefused(_message.Message):
    __slots__ = ("node_id", "reason", "batches", "events", "digest")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    BATCHES_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    reason: str
    batches: int
    events: int
    digest: str
    def __init__(self, node_id: _Optional[str] = ..., reason: _Optional[str] = ..., batches: _Optional[int] = ..., events: _Optional[int] = ..., digest: _Optional[str] = ...) -> None: ...
