from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.task.v1 import task_pb2 as _task_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TaskEnded(_message.Message):
    __slots__ = ("queue", "kind", "state", "node_id", "count", "task_id", "reason")
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    TASK_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    queue: str
    kind: str
    state: _task_pb2.TaskState
    node_id: str
    count: int
    task_id: str
    reason: str
    def __init__(self, queue: _Optional[str] = ..., kind: _Optional[str] = ..., state: _Optional[_Union[_task_pb2.TaskState, str]] = ..., node_id: _Optional[str] = ..., count: _Optional[int] = ..., task_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...
