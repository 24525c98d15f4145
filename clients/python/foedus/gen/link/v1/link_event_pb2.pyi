from foedus.gen.link.v1 import link_pb2 as _link_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LinkOpened(_message.Message):
    __slots__ = ("node_id", "terms", "software")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    SOFTWARE_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    terms: _link_pb2.LinkTerms
    software: str
    def __init__(self, node_id: _Optional[str] = ..., terms: _Optional[_Union[_link_pb2.LinkTerms, _Mapping]] = ..., software: _Optional[str] = ...) -> None: ...

class PeerChanged(_message.Message):
    __slots__ = ("peer", "removed")
    PEER_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    peer: _link_pb2.Peer
    removed: bool
    def __init__(self, peer: _Optional[_Union[_link_pb2.Peer, _Mapping]] = ..., removed: _Optional[bool] = ...) -> None: ...
