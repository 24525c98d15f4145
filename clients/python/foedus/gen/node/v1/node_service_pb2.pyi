from foedus.gen.node.v1 import node_pb2 as _node_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.page.v1 import page_pb2 as _page_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RegisterNodeRequest(_message.Message):
    __slots__ = ("request_id", "profile")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    profile: _node_pb2.NodeProfile
    def __init__(self, request_id: _Optional[str] = ..., profile: _Optional[_Union[_node_pb2.NodeProfile, _Mapping]] = ...) -> None: ...

class RegisterNodeResponse(_message.Message):
    __slots__ = ("node", "heartbeat_ms", "lease_ms")
    NODE_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_MS_FIELD_NUMBER: _ClassVar[int]
    LEASE_MS_FIELD_NUMBER: _ClassVar[int]
    node: _node_pb2.Node
    heartbeat_ms: int
    lease_ms: int
    def __init__(self, node: _Optional[_Union[_node_pb2.Node, _Mapping]] = ..., heartbeat_ms: _Optional[int] = ..., lease_ms: _Optional[int] = ...) -> None: ...

class HeartbeatRequest(_message.Message):
    __slots__ = ("epoch", "sequence", "sent_ms", "round_trip_us", "health", "reasons")
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    SENT_MS_FIELD_NUMBER: _ClassVar[int]
    ROUND_TRIP_US_FIELD_NUMBER: _ClassVar[int]
    HEALTH_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    epoch: int
    sequence: int
    sent_ms: int
    round_trip_us: int
    health: _node_pb2.HealthStatus
    reasons: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, epoch: _Optional[int] = ..., sequence: _Optional[int] = ..., sent_ms: _Optional[int] = ..., round_trip_us: _Optional[int] = ..., health: _Optional[_Union[_node_pb2.HealthStatus, str]] = ..., reasons: _Optional[_Iterable[str]] = ...) -> None: ...

class HeartbeatResponse(_message.Message):
    __slots__ = ("hub_time_ms", "next_ms", "duplicate", "node_addresses")
    HUB_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    NEXT_MS_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    NODE_ADDRESSES_FIELD_NUMBER: _ClassVar[int]
    hub_time_ms: int
    next_ms: int
    duplicate: bool
    node_addresses: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, hub_time_ms: _Optional[int] = ..., next_ms: _Optional[int] = ..., duplicate: _Optional[bool] = ..., node_addresses: _Optional[_Iterable[str]] = ...) -> None: ...

class GetNodeRequest(_message.Message):
    __slots__ = ("node",)
    NODE_FIELD_NUMBER: _ClassVar[int]
    node: str
    def __init__(self, node: _Optional[str] = ...) -> None: ...

class GetNodeResponse(_message.Message):
    __slots__ = ("node",)
    NODE_FIELD_NUMBER: _ClassVar[int]
    node: _node_pb2.Node
    def __init__(self, node: _Optional[_Union[_node_pb2.Node, _Mapping]] = ...) -> None: ...

class ListNodesRequest(_message.Message):
    __slots__ = ("page", "states")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    states: _containers.RepeatedScalarFieldContainer[_node_pb2.NodeState]
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ..., states: _Optional[_Iterable[_Union[_node_pb2.NodeState, str]]] = ...) -> None: ...

class ListNodesResponse(_message.Message):
    __slots__ = ("nodes", "next_page_token")
    NODES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    nodes: _containers.RepeatedCompositeFieldContainer[_node_pb2.Node]
    next_page_token: str
    def __init__(self, nodes: _Optional[_Iterable[_Union[_node_pb2.Node, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchNodesRequest(_message.Message):
    __slots__ = ("after_cursor",)
    AFTER_CURSOR_FIELD_NUMBER: _ClassVar[int]
    after_cursor: int
    def __init__(self, after_cursor: _Optional[int] = ...) -> None: ...

class WatchNodesResponse(_message.Message):
    __slots__ = ("snapshot", "changed", "pulses", "gap", "reconnect")
    class Snapshot(_message.Message):
        __slots__ = ("nodes", "last", "cursor")
        NODES_FIELD_NUMBER: _ClassVar[int]
        LAST_FIELD_NUMBER: _ClassVar[int]
        CURSOR_FIELD_NUMBER: _ClassVar[int]
        nodes: _containers.RepeatedCompositeFieldContainer[_node_pb2.Node]
        last: bool
        cursor: int
        def __init__(self, nodes: _Optional[_Iterable[_Union[_node_pb2.Node, _Mapping]]] = ..., last: _Optional[bool] = ..., cursor: _Optional[int] = ...) -> None: ...
    class Changed(_message.Message):
        __slots__ = ("node", "cursor")
        NODE_FIELD_NUMBER: _ClassVar[int]
        CURSOR_FIELD_NUMBER: _ClassVar[int]
        node: _node_pb2.Node
        cursor: int
        def __init__(self, node: _Optional[_Union[_node_pb2.Node, _Mapping]] = ..., cursor: _Optional[int] = ...) -> None: ...
    class Pulses(_message.Message):
        __slots__ = ("pulses",)
        PULSES_FIELD_NUMBER: _ClassVar[int]
        pulses: _containers.RepeatedCompositeFieldContainer[_node_pb2.NodePulse]
        def __init__(self, pulses: _Optional[_Iterable[_Union[_node_pb2.NodePulse, _Mapping]]] = ...) -> None: ...
    class Gap(_message.Message):
        __slots__ = ("from_cursor", "to_cursor", "reason")
        FROM_CURSOR_FIELD_NUMBER: _ClassVar[int]
        TO_CURSOR_FIELD_NUMBER: _ClassVar[int]
        REASON_FIELD_NUMBER: _ClassVar[int]
        from_cursor: int
        to_cursor: int
        reason: str
        def __init__(self, from_cursor: _Optional[int] = ..., to_cursor: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...
    class Reconnect(_message.Message):
        __slots__ = ("after_ms",)
        AFTER_MS_FIELD_NUMBER: _ClassVar[int]
        after_ms: int
        def __init__(self, after_ms: _Optional[int] = ...) -> None: ...
    SNAPSHOT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    PULSES_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    RECONNECT_FIELD_NUMBER: _ClassVar[int]
    snapshot: WatchNodesResponse.Snapshot
    changed: WatchNodesResponse.Changed
    pulses: WatchNodesResponse.Pulses
    gap: WatchNodesResponse.Gap
    reconnect: WatchNodesResponse.Reconnect
    def __init__(self, snapshot: _Optional[_Union[WatchNodesResponse.Snapshot, _Mapping]] = ..., changed: _Optional[_Union[WatchNodesResponse.Changed, _Mapping]] = ..., pulses: _Optional[_Union[WatchNodesResponse.Pulses, _Mapping]] = ..., gap: _Optional[_Union[WatchNodesResponse.Gap, _Mapping]] = ..., reconnect: _Optional[_Union[WatchNodesResponse.Reconnect, _Mapping]] = ...) -> None: ...

class SetMaintenanceRequest(_message.Message):
    __slots__ = ("request_id", "node", "on", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    node: str
    on: bool
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., node: _Optional[str] = ..., on: _Optional[bool] = ..., reason: _Optional[str] = ...) -> None: ...

class SetMaintenanceResponse(_message.Message):
    __slots__ = ("node",)
    NODE_FIELD_NUMBER: _ClassVar[int]
    node: _node_pb2.Node
    def __init__(self, node: _Optional[_Union[_node_pb2.Node, _Mapping]] = ...) -> None: ...

class RetireNodeRequest(_message.Message):
    __slots__ = ("request_id", "node", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    node: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., node: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RetireNodeResponse(_message.Message):
    __slots__ = ("node",)
    NODE_FIELD_NUMBER: _ClassVar[int]
    node: _node_pb2.Node
    def __init__(self, node: _Optional[_Union[_node_pb2.Node, _Mapping]] = ...) -> None: ...
