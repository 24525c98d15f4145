from foedus.gen.link.v1 import link_pb2 as _link_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.page.v1 import page_pb2 as _page_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OpenLinkRequest(_message.Message):
    __slots__ = ("request_id", "offer")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    offer: _link_pb2.LinkOffer
    def __init__(self, request_id: _Optional[str] = ..., offer: _Optional[_Union[_link_pb2.LinkOffer, _Mapping]] = ...) -> None: ...

class OpenLinkResponse(_message.Message):
    __slots__ = ("terms", "report_ms")
    TERMS_FIELD_NUMBER: _ClassVar[int]
    REPORT_MS_FIELD_NUMBER: _ClassVar[int]
    terms: _link_pb2.LinkTerms
    report_ms: int
    def __init__(self, terms: _Optional[_Union[_link_pb2.LinkTerms, _Mapping]] = ..., report_ms: _Optional[int] = ...) -> None: ...

class ReportLinkRequest(_message.Message):
    __slots__ = ("epoch", "sequence", "counts", "breaker", "round_trip_us", "round_trip_mean_us", "round_trip_trend_us")
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    BREAKER_FIELD_NUMBER: _ClassVar[int]
    ROUND_TRIP_US_FIELD_NUMBER: _ClassVar[int]
    ROUND_TRIP_MEAN_US_FIELD_NUMBER: _ClassVar[int]
    ROUND_TRIP_TREND_US_FIELD_NUMBER: _ClassVar[int]
    epoch: int
    sequence: int
    counts: _link_pb2.LinkCounts
    breaker: _link_pb2.BreakerState
    round_trip_us: int
    round_trip_mean_us: int
    round_trip_trend_us: int
    def __init__(self, epoch: _Optional[int] = ..., sequence: _Optional[int] = ..., counts: _Optional[_Union[_link_pb2.LinkCounts, _Mapping]] = ..., breaker: _Optional[_Union[_link_pb2.BreakerState, str]] = ..., round_trip_us: _Optional[int] = ..., round_trip_mean_us: _Optional[int] = ..., round_trip_trend_us: _Optional[int] = ...) -> None: ...

class ReportLinkResponse(_message.Message):
    __slots__ = ("duplicate", "next_ms")
    DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    NEXT_MS_FIELD_NUMBER: _ClassVar[int]
    duplicate: bool
    next_ms: int
    def __init__(self, duplicate: _Optional[bool] = ..., next_ms: _Optional[int] = ...) -> None: ...

class GetLinkRequest(_message.Message):
    __slots__ = ("node",)
    NODE_FIELD_NUMBER: _ClassVar[int]
    node: str
    def __init__(self, node: _Optional[str] = ...) -> None: ...

class GetLinkResponse(_message.Message):
    __slots__ = ("link",)
    LINK_FIELD_NUMBER: _ClassVar[int]
    link: _link_pb2.Link
    def __init__(self, link: _Optional[_Union[_link_pb2.Link, _Mapping]] = ...) -> None: ...

class ListLinksRequest(_message.Message):
    __slots__ = ("page",)
    PAGE_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ...) -> None: ...

class ListLinksResponse(_message.Message):
    __slots__ = ("links", "next_page_token")
    LINKS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    links: _containers.RepeatedCompositeFieldContainer[_link_pb2.Link]
    next_page_token: str
    def __init__(self, links: _Optional[_Iterable[_Union[_link_pb2.Link, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class AddPeerRequest(_message.Message):
    __slots__ = ("request_id", "invitation", "node_address", "told_types", "taken_types")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    NODE_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    TOLD_TYPES_FIELD_NUMBER: _ClassVar[int]
    TAKEN_TYPES_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    invitation: str
    node_address: str
    told_types: _containers.RepeatedScalarFieldContainer[str]
    taken_types: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, request_id: _Optional[str] = ..., invitation: _Optional[str] = ..., node_address: _Optional[str] = ..., told_types: _Optional[_Iterable[str]] = ..., taken_types: _Optional[_Iterable[str]] = ...) -> None: ...

class AddPeerResponse(_message.Message):
    __slots__ = ("peer",)
    PEER_FIELD_NUMBER: _ClassVar[int]
    peer: _link_pb2.Peer
    def __init__(self, peer: _Optional[_Union[_link_pb2.Peer, _Mapping]] = ...) -> None: ...

class RemovePeerRequest(_message.Message):
    __slots__ = ("request_id", "trust_domain", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TRUST_DOMAIN_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    trust_domain: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., trust_domain: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RemovePeerResponse(_message.Message):
    __slots__ = ("peer",)
    PEER_FIELD_NUMBER: _ClassVar[int]
    peer: _link_pb2.Peer
    def __init__(self, peer: _Optional[_Union[_link_pb2.Peer, _Mapping]] = ...) -> None: ...

class ListPeersRequest(_message.Message):
    __slots__ = ("page",)
    PAGE_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ...) -> None: ...

class ListPeersResponse(_message.Message):
    __slots__ = ("peers", "next_page_token")
    PEERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    peers: _containers.RepeatedCompositeFieldContainer[_link_pb2.Peer]
    next_page_token: str
    def __init__(self, peers: _Optional[_Iterable[_Union[_link_pb2.Peer, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
