import datetime

from foedus.gen.fault.v1 import fault_pb2 as _fault_pb2
from foedus.gen.task.v1 import task_pb2 as _task_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExplainTaskRequest(_message.Message):
    __slots__ = ("task_id",)
    TASK_ID_FIELD_NUMBER: _ClassVar[int]
    task_id: str
    def __init__(self, task_id: _Optional[str] = ...) -> None: ...

class Candidate(_message.Message):
    __slots__ = ("node_id", "worker", "fits", "obstacles")
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    WORKER_FIELD_NUMBER: _ClassVar[int]
    FITS_FIELD_NUMBER: _ClassVar[int]
    OBSTACLES_FIELD_NUMBER: _ClassVar[int]
    node_id: str
    worker: str
    fits: bool
    obstacles: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, node_id: _Optional[str] = ..., worker: _Optional[str] = ..., fits: _Optional[bool] = ..., obstacles: _Optional[_Iterable[str]] = ...) -> None: ...

class ExplainTaskResponse(_message.Message):
    __slots__ = ("task", "summary", "waits", "candidates", "before", "before_by_priority", "expected")
    TASK_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    WAITS_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    BEFORE_BY_PRIORITY_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    task: _task_pb2.Task
    summary: str
    waits: _containers.RepeatedCompositeFieldContainer[_fault_pb2.Waiting]
    candidates: _containers.RepeatedCompositeFieldContainer[Candidate]
    before: int
    before_by_priority: int
    expected: _duration_pb2.Duration
    def __init__(self, task: _Optional[_Union[_task_pb2.Task, _Mapping]] = ..., summary: _Optional[str] = ..., waits: _Optional[_Iterable[_Union[_fault_pb2.Waiting, _Mapping]]] = ..., candidates: _Optional[_Iterable[_Union[Candidate, _Mapping]]] = ..., before: _Optional[int] = ..., before_by_priority: _Optional[int] = ..., expected: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
