from foedus.gen.node.v1 import node_pb2 as _node_pb2
from foedus.gen.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NodeRegistered(_message.Message):
    __slots__ = ("node",)
    NODE_FIELD_NUMBER: _ClassVar[int]
    node: _node_pb2.Node
    def __init__(self, node: _Optional[_Union[_node_pb2.Node, _Mapping]] = ...) -> None: ...

class NodeStateChanged(_message.Message):
    __slots__ = ("node", "was")
    NODE_FIELD_NUMBER: _ClassVar[int]
    WAS_FIELD_NUMBER: _ClassVar[int]
    node: _node_pb2.Node
    was: _node_pb2.NodeState
    def __init__(self, node: _Optional[_Union[_node_pb2.Node, _Mapping]] = ..., was: _Optional[_Union[_node_pb2.NodeState, str]] = ...) -> None: ...

class NodeRetired(_message.Message):
    __slots__ = ("node",)
    NODE_FIELD_NUMBER: _ClassVar[int]
    node: _node_pb2.Node
    def __init__(self, node: _Optional[_Union[_node_pb2.Node, _Mapping]] = ...) -> None: ...
