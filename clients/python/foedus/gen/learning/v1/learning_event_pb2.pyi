from foedus.gen.learning.v1 import learning_pb2 as _learning_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TrustScored(_message.Message):
    __slots__ = ("cycle_id", "trust")
    CYCLE_ID_FIELD_NUMBER: _ClassVar[int]
    TRUST_FIELD_NUMBER: _ClassVar[int]
    cycle_id: str
    trust: _learning_pb2.NodeTrust
    def __init__(self, cycle_id: _Optional[str] = ..., trust: _Optional[_Union[_learning_pb2.NodeTrust, _Mapping]] = ...) -> None: ...
