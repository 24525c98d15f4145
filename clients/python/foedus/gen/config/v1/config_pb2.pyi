from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class HubConfig(_message.Message):
    __slots__ = ("data", "trust_domain", "tenant", "database_url", "host", "public_host", "node_port", "join_port", "web_port", "web_hosts", "log_level", "certificate_ms", "reentry_days", "heartbeat_ms", "lease_ms", "event_days", "session_hours", "control_rate", "join_rate", "publish_rate", "heartbeat_rate", "stream_rate", "connections_max", "connections_per_address_max", "request_bytes_max", "call_ms_max", "drain_ms", "web_certificate_file", "web_key_file", "web_root", "parent", "parent_token_file", "parent_name", "zones", "lean")
    DATA_FIELD_NUMBER: _ClassVar[int]
    TRUST_DOMAIN_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    DATABASE_URL_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_HOST_FIELD_NUMBER: _ClassVar[int]
    NODE_PORT_FIELD_NUMBER: _ClassVar[int]
    JOIN_PORT_FIELD_NUMBER: _ClassVar[int]
    WEB_PORT_FIELD_NUMBER: _ClassVar[int]
    WEB_HOSTS_FIELD_NUMBER: _ClassVar[int]
    LOG_LEVEL_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_MS_FIELD_NUMBER: _ClassVar[int]
    REENTRY_DAYS_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_MS_FIELD_NUMBER: _ClassVar[int]
    LEASE_MS_FIELD_NUMBER: _ClassVar[int]
    EVENT_DAYS_FIELD_NUMBER: _ClassVar[int]
    SESSION_HOURS_FIELD_NUMBER: _ClassVar[int]
    CONTROL_RATE_FIELD_NUMBER: _ClassVar[int]
    JOIN_RATE_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_RATE_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_RATE_FIELD_NUMBER: _ClassVar[int]
    STREAM_RATE_FIELD_NUMBER: _ClassVar[int]
    CONNECTIONS_MAX_FIELD_NUMBER: _ClassVar[int]
    CONNECTIONS_PER_ADDRESS_MAX_FIELD_NUMBER: _ClassVar[int]
    REQUEST_BYTES_MAX_FIELD_NUMBER: _ClassVar[int]
    CALL_MS_MAX_FIELD_NUMBER: _ClassVar[int]
    DRAIN_MS_FIELD_NUMBER: _ClassVar[int]
    WEB_CERTIFICATE_FILE_FIELD_NUMBER: _ClassVar[int]
    WEB_KEY_FILE_FIELD_NUMBER: _ClassVar[int]
    WEB_ROOT_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PARENT_TOKEN_FILE_FIELD_NUMBER: _ClassVar[int]
    PARENT_NAME_FIELD_NUMBER: _ClassVar[int]
    ZONES_FIELD_NUMBER: _ClassVar[int]
    LEAN_FIELD_NUMBER: _ClassVar[int]
    data: str
    trust_domain: str
    tenant: str
    database_url: str
    host: str
    public_host: str
    node_port: int
    join_port: int
    web_port: int
    web_hosts: _containers.RepeatedScalarFieldContainer[str]
    log_level: str
    certificate_ms: int
    reentry_days: int
    heartbeat_ms: int
    lease_ms: int
    event_days: int
    session_hours: int
    control_rate: int
    join_rate: int
    publish_rate: int
    heartbeat_rate: int
    stream_rate: int
    connections_max: int
    connections_per_address_max: int
    request_bytes_max: int
    call_ms_max: int
    drain_ms: int
    web_certificate_file: str
    web_key_file: str
    web_root: str
    parent: str
    parent_token_file: str
    parent_name: str
    zones: _containers.RepeatedScalarFieldContainer[str]
    lean: bool
    def __init__(self, data: _Optional[str] = ..., trust_domain: _Optional[str] = ..., tenant: _Optional[str] = ..., database_url: _Optional[str] = ..., host: _Optional[str] = ..., public_host: _Optional[str] = ..., node_port: _Optional[int] = ..., join_port: _Optional[int] = ..., web_port: _Optional[int] = ..., web_hosts: _Optional[_Iterable[str]] = ..., log_level: _Optional[str] = ..., certificate_ms: _Optional[int] = ..., reentry_days: _Optional[int] = ..., heartbeat_ms: _Optional[int] = ..., lease_ms: _Optional[int] = ..., event_days: _Optional[int] = ..., session_hours: _Optional[int] = ..., control_rate: _Optional[int] = ..., join_rate: _Optional[int] = ..., publish_rate: _Optional[int] = ..., heartbeat_rate: _Optional[int] = ..., stream_rate: _Optional[int] = ..., connections_max: _Optional[int] = ..., connections_per_address_max: _Optional[int] = ..., request_bytes_max: _Optional[int] = ..., call_ms_max: _Optional[int] = ..., drain_ms: _Optional[int] = ..., web_certificate_file: _Optional[str] = ..., web_key_file: _Optional[str] = ..., web_root: _Optional[str] = ..., parent: _Optional[str] = ..., parent_token_file: _Optional[str] = ..., parent_name: _Optional[str] = ..., zones: _Optional[_Iterable[str]] = ..., lean: _Optional[bool] = ...) -> None: ...
