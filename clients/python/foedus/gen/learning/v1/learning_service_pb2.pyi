from foedus.gen.learning.v1 import learning_pb2 as _learning_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.page.v1 import page_pb2 as _page_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetNetworkRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetNetworkResponse(_message.Message):
    __slots__ = ("cycle", "evidence_cursor", "most_reliable", "slowest_link", "next_ms")
    CYCLE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_CURSOR_FIELD_NUMBER: _ClassVar[int]
    MOST_RELIABLE_FIELD_NUMBER: _ClassVar[int]
    SLOWEST_LINK_FIELD_NUMBER: _ClassVar[int]
    NEXT_MS_FIELD_NUMBER: _ClassVar[int]
    cycle: _learning_pb2.Cycle
    evidence_cursor: int
    most_reliable: _learning_pb2.NodeTrust
    slowest_link: _learning_pb2.NodeTrust
    next_ms: int
    def __init__(self, cycle: _Optional[_Union[_learning_pb2.Cycle, _Mapping]] = ..., evidence_cursor: _Optional[int] = ..., most_reliable: _Optional[_Union[_learning_pb2.NodeTrust, _Mapping]] = ..., slowest_link: _Optional[_Union[_learning_pb2.NodeTrust, _Mapping]] = ..., next_ms: _Optional[int] = ...) -> None: ...

class ListCyclesRequest(_message.Message):
    __slots__ = ("page",)
    PAGE_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ...) -> None: ...

class ListCyclesResponse(_message.Message):
    __slots__ = ("cycles", "next_page_token", "kept")
    CYCLES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    cycles: _containers.RepeatedCompositeFieldContainer[_learning_pb2.Cycle]
    next_page_token: str
    kept: _containers.RepeatedCompositeFieldContainer[Keeping]
    def __init__(self, cycles: _Optional[_Iterable[_Union[_learning_pb2.Cycle, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., kept: _Optional[_Iterable[_Union[Keeping, _Mapping]]] = ...) -> None: ...

class Keeping(_message.Message):
    __slots__ = ("up_to_ms", "every_ms")
    UP_TO_MS_FIELD_NUMBER: _ClassVar[int]
    EVERY_MS_FIELD_NUMBER: _ClassVar[int]
    up_to_ms: int
    every_ms: int
    def __init__(self, up_to_ms: _Optional[int] = ..., every_ms: _Optional[int] = ...) -> None: ...

class ListTrustRequest(_message.Message):
    __slots__ = ("page", "cycle_id")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    CYCLE_ID_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    cycle_id: str
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ..., cycle_id: _Optional[str] = ...) -> None: ...

class ListTrustResponse(_message.Message):
    __slots__ = ("trust", "next_page_token")
    TRUST_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    trust: _containers.RepeatedCompositeFieldContainer[_learning_pb2.NodeTrust]
    next_page_token: str
    def __init__(self, trust: _Optional[_Iterable[_Union[_learning_pb2.NodeTrust, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListTrustHistoryRequest(_message.Message):
    __slots__ = ("page", "node")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    node: str
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ..., node: _Optional[str] = ...) -> None: ...

class ListTrustHistoryResponse(_message.Message):
    __slots__ = ("points", "next_page_token", "kept")
    class Point(_message.Message):
        __slots__ = ("cycle_id", "end_ms", "score", "median", "robust_mean")
        CYCLE_ID_FIELD_NUMBER: _ClassVar[int]
        END_MS_FIELD_NUMBER: _ClassVar[int]
        SCORE_FIELD_NUMBER: _ClassVar[int]
        MEDIAN_FIELD_NUMBER: _ClassVar[int]
        ROBUST_MEAN_FIELD_NUMBER: _ClassVar[int]
        cycle_id: str
        end_ms: int
        score: float
        median: float
        robust_mean: float
        def __init__(self, cycle_id: _Optional[str] = ..., end_ms: _Optional[int] = ..., score: _Optional[float] = ..., median: _Optional[float] = ..., robust_mean: _Optional[float] = ...) -> None: ...
    POINTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    points: _containers.RepeatedCompositeFieldContainer[ListTrustHistoryResponse.Point]
    next_page_token: str
    kept: _containers.RepeatedCompositeFieldContainer[Keeping]
    def __init__(self, points: _Optional[_Iterable[_Union[ListTrustHistoryResponse.Point, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., kept: _Optional[_Iterable[_Union[Keeping, _Mapping]]] = ...) -> None: ...

class ExplainTrustRequest(_message.Message):
    __slots__ = ("node", "cycle_id")
    NODE_FIELD_NUMBER: _ClassVar[int]
    CYCLE_ID_FIELD_NUMBER: _ClassVar[int]
    node: str
    cycle_id: str
    def __init__(self, node: _Optional[str] = ..., cycle_id: _Optional[str] = ...) -> None: ...

class ExplainTrustResponse(_message.Message):
    __slots__ = ("trust", "cycle", "formula")
    TRUST_FIELD_NUMBER: _ClassVar[int]
    CYCLE_FIELD_NUMBER: _ClassVar[int]
    FORMULA_FIELD_NUMBER: _ClassVar[int]
    trust: _learning_pb2.NodeTrust
    cycle: _learning_pb2.Cycle
    formula: str
    def __init__(self, trust: _Optional[_Union[_learning_pb2.NodeTrust, _Mapping]] = ..., cycle: _Optional[_Union[_learning_pb2.Cycle, _Mapping]] = ..., formula: _Optional[str] = ...) -> None: ...

class RunCycleRequest(_message.Message):
    __slots__ = ("request_id",)
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    def __init__(self, request_id: _Optional[str] = ...) -> None: ...

class RunCycleResponse(_message.Message):
    __slots__ = ("cycle",)
    CYCLE_FIELD_NUMBER: _ClassVar[int]
    cycle: _learning_pb2.Cycle
    def __init__(self, cycle: _Optional[_Union[_learning_pb2.Cycle, _Mapping]] = ...) -> None: ...

class SetTrustLevelRequest(_message.Message):
    __slots__ = ("request_id", "node", "level", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    node: str
    level: _learning_pb2.TrustLevel
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., node: _Optional[str] = ..., level: _Optional[_Union[_learning_pb2.TrustLevel, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetTrustLevelResponse(_message.Message):
    __slots__ = ("trust",)
    TRUST_FIELD_NUMBER: _ClassVar[int]
    trust: _learning_pb2.NodeTrust
    def __init__(self, trust: _Optional[_Union[_learning_pb2.NodeTrust, _Mapping]] = ...) -> None: ...
