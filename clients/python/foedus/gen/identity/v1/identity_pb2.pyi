import datetime

from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class JoinToken(_message.Message):
    __slots__ = ("id", "name", "role", "created_by", "create_time", "expire_time", "end_time", "node_id", "cancelled")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    role: _options_pb2.Role
    created_by: str
    create_time: _timestamp_pb2.Timestamp
    expire_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    node_id: str
    cancelled: bool
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., role: _Optional[_Union[_options_pb2.Role, str]] = ..., created_by: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., node_id: _Optional[str] = ..., cancelled: _Optional[bool] = ...) -> None: ...

class Identity(_message.Message):
    __slots__ = ("node_id", "name", "role", "spiffe_id", "identity_key", "enroll_time", "certificate_expire_time", "certificate_serial", "revoke_time", "revoke_reason", "quarantine_time", "quarantine_reason", "quarantined_by", "quarantine_cursors", "vouched", "revision")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    SPIFFE_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_KEY_FIELD_NUMBER: _ClassVar[int]
    ENROLL_TIME_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_SERIAL_FIELD_NUMBER: _ClassVar[int]
    REVOKE_TIME_FIELD_NUMBER: _ClassVar[int]
    REVOKE_REASON_FIELD_NUMBER: _ClassVar[int]
    QUARANTINE_TIME_FIELD_NUMBER: _ClassVar[int]
    QUARANTINE_REASON_FIELD_NUMBER: _ClassVar[int]
    QUARANTINED_BY_FIELD_NUMBER: _ClassVar[int]
    QUARANTINE_CURSORS_FIELD_NUMBER: _ClassVar[int]
    VOUCHED_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    name: str
    role: _options_pb2.Role
    spiffe_id: str
    identity_key: bytes
    enroll_time: _timestamp_pb2.Timestamp
    certificate_expire_time: _timestamp_pb2.Timestamp
    certificate_serial: str
    revoke_time: _timestamp_pb2.Timestamp
    revoke_reason: str
    quarantine_time: _timestamp_pb2.Timestamp
    quarantine_reason: str
    quarantined_by: str
    quarantine_cursors: _containers.RepeatedScalarFieldContainer[int]
    vouched: bool
    revision: int
    def __init__(self, node_id: _Optional[str] = ..., name: _Optional[str] = ..., role: _Optional[_Union[_options_pb2.Role, str]] = ..., spiffe_id: _Optional[str] = ..., identity_key: _Optional[bytes] = ..., enroll_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., certificate_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., certificate_serial: _Optional[str] = ..., revoke_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., revoke_reason: _Optional[str] = ..., quarantine_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., quarantine_reason: _Optional[str] = ..., quarantined_by: _Optional[str] = ..., quarantine_cursors: _Optional[_Iterable[int]] = ..., vouched: _Optional[bool] = ..., revision: _Optional[int] = ...) -> None: ...

class AgentToken(_message.Message):
    __slots__ = ("spiffe_id", "expire_time", "id")
    SPIFFE_ID_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    spiffe_id: str
    expire_time: _timestamp_pb2.Timestamp
    id: str
    def __init__(self, spiffe_id: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., id: _Optional[str] = ...) -> None: ...

class IssuedCertificate(_message.Message):
    __slots__ = ("chain", "serial", "lifetime_ms")
    CHAIN_FIELD_NUMBER: _ClassVar[int]
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    LIFETIME_MS_FIELD_NUMBER: _ClassVar[int]
    chain: _containers.RepeatedScalarFieldContainer[bytes]
    serial: str
    lifetime_ms: int
    def __init__(self, chain: _Optional[_Iterable[bytes]] = ..., serial: _Optional[str] = ..., lifetime_ms: _Optional[int] = ...) -> None: ...

class TrustBundle(_message.Message):
    __slots__ = ("trust_domain", "roots", "sequence", "signing_keys")
    TRUST_DOMAIN_FIELD_NUMBER: _ClassVar[int]
    ROOTS_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    SIGNING_KEYS_FIELD_NUMBER: _ClassVar[int]
    trust_domain: str
    roots: _containers.RepeatedScalarFieldContainer[bytes]
    sequence: int
    signing_keys: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, trust_domain: _Optional[str] = ..., roots: _Optional[_Iterable[bytes]] = ..., sequence: _Optional[int] = ..., signing_keys: _Optional[_Iterable[bytes]] = ...) -> None: ...

class Admission(_message.Message):
    __slots__ = ("node_id", "name", "tenant", "spiffe_id", "certificate", "bundle", "node_address", "hub_spiffe_id", "hub_time_ms", "node_addresses", "join_addresses")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    SPIFFE_ID_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    BUNDLE_FIELD_NUMBER: _ClassVar[int]
    NODE_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    HUB_SPIFFE_ID_FIELD_NUMBER: _ClassVar[int]
    HUB_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    NODE_ADDRESSES_FIELD_NUMBER: _ClassVar[int]
    JOIN_ADDRESSES_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    name: str
    tenant: str
    spiffe_id: str
    certificate: IssuedCertificate
    bundle: TrustBundle
    node_address: str
    hub_spiffe_id: str
    hub_time_ms: int
    node_addresses: _containers.RepeatedScalarFieldContainer[str]
    join_addresses: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, node_id: _Optional[str] = ..., name: _Optional[str] = ..., tenant: _Optional[str] = ..., spiffe_id: _Optional[str] = ..., certificate: _Optional[_Union[IssuedCertificate, _Mapping]] = ..., bundle: _Optional[_Union[TrustBundle, _Mapping]] = ..., node_address: _Optional[str] = ..., hub_spiffe_id: _Optional[str] = ..., hub_time_ms: _Optional[int] = ..., node_addresses: _Optional[_Iterable[str]] = ..., join_addresses: _Optional[_Iterable[str]] = ...) -> None: ...
