import datetime

from foedus.gen.task.v1 import task_pb2 as _task_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_TAKEN: _ClassVar[Verdict]
    VERDICT_REPEATED: _ClassVar[Verdict]
    VERDICT_LOST: _ClassVar[Verdict]
    VERDICT_UNKNOWN: _ClassVar[Verdict]
VERDICT_UNSPECIFIED: Verdict
VERDICT_TAKEN: Verdict
VERDICT_REPEATED: Verdict
VERDICT_LOST: Verdict
VERDICT_UNKNOWN: Verdict

class Worker(_message.Message):
    __slots__ = ("name", "queue", "kinds", "capabilities", "labels", "models", "concurrency")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    CONCURRENCY_FIELD_NUMBER: _ClassVar[int]
    name: str
    queue: str
    kinds: _containers.RepeatedScalarFieldContainer[str]
    capabilities: _containers.RepeatedScalarFieldContainer[str]
    labels: _containers.ScalarMap[str, str]
    models: _containers.RepeatedScalarFieldContainer[str]
    concurrency: int
    def __init__(self, name: _Optional[str] = ..., queue: _Optional[str] = ..., kinds: _Optional[_Iterable[str]] = ..., capabilities: _Optional[_Iterable[str]] = ..., labels: _Optional[_Mapping[str, str]] = ..., models: _Optional[_Iterable[str]] = ..., concurrency: _Optional[int] = ...) -> None: ...

class Hold(_message.Message):
    __slots__ = ("task_id", "fence")
    TASK_ID_FIELD_NUMBER: _ClassVar[int]
    FENCE_FIELD_NUMBER: _ClassVar[int]
    task_id: str
    fence: int
    def __init__(self, task_id: _Optional[str] = ..., fence: _Optional[int] = ...) -> None: ...

class Assignment(_message.Message):
    __slots__ = ("task", "hold", "lease", "time_left")
    TASK_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    LEASE_FIELD_NUMBER: _ClassVar[int]
    TIME_LEFT_FIELD_NUMBER: _ClassVar[int]
    task: _task_pb2.Task
    hold: Hold
    lease: _duration_pb2.Duration
    time_left: _duration_pb2.Duration
    def __init__(self, task: _Optional[_Union[_task_pb2.Task, _Mapping]] = ..., hold: _Optional[_Union[Hold, _Mapping]] = ..., lease: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., time_left: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Report(_message.Message):
    __slots__ = ("hold", "progress", "result", "failure", "returned", "spent")
    HOLD_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    RETURNED_FIELD_NUMBER: _ClassVar[int]
    SPENT_FIELD_NUMBER: _ClassVar[int]
    hold: Hold
    progress: _task_pb2.Progress
    result: _task_pb2.Payload
    failure: _task_pb2.Failure
    returned: bool
    spent: int
    def __init__(self, hold: _Optional[_Union[Hold, _Mapping]] = ..., progress: _Optional[_Union[_task_pb2.Progress, _Mapping]] = ..., result: _Optional[_Union[_task_pb2.Payload, _Mapping]] = ..., failure: _Optional[_Union[_task_pb2.Failure, _Mapping]] = ..., returned: _Optional[bool] = ..., spent: _Optional[int] = ...) -> None: ...

class Receipt(_message.Message):
    __slots__ = ("hold", "verdict", "detail", "cancel_requested", "cancel_reason", "lease")
    HOLD_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    CANCEL_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    CANCEL_REASON_FIELD_NUMBER: _ClassVar[int]
    LEASE_FIELD_NUMBER: _ClassVar[int]
    hold: Hold
    verdict: Verdict
    detail: str
    cancel_requested: bool
    cancel_reason: str
    lease: _duration_pb2.Duration
    def __init__(self, hold: _Optional[_Union[Hold, _Mapping]] = ..., verdict: _Optional[_Union[Verdict, str]] = ..., detail: _Optional[str] = ..., cancel_requested: _Optional[bool] = ..., cancel_reason: _Optional[str] = ..., lease: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Stop(_message.Message):
    __slots__ = ("hold", "reason")
    HOLD_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    hold: Hold
    reason: str
    def __init__(self, hold: _Optional[_Union[Hold, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class WorkerStatus(_message.Message):
    __slots__ = ("worker", "node_id", "node_name", "since", "last_seen_time", "holds", "draining", "completed", "failed", "room", "node_labels")
    class NodeLabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    WORKER_FIELD_NUMBER: _ClassVar[int]
    NODE_ID_FIELD_NUMBER: _ClassVar[int]
    NODE_NAME_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    LAST_SEEN_TIME_FIELD_NUMBER: _ClassVar[int]
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    DRAINING_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    ROOM_FIELD_NUMBER: _ClassVar[int]
    NODE_LABELS_FIELD_NUMBER: _ClassVar[int]
    worker: Worker
    node_id: str
    node_name: str
    since: _timestamp_pb2.Timestamp
    last_seen_time: _timestamp_pb2.Timestamp
    holds: _containers.RepeatedCompositeFieldContainer[Hold]
    draining: bool
    completed: int
    failed: int
    room: int
    node_labels: _containers.ScalarMap[str, str]
    def __init__(self, worker: _Optional[_Union[Worker, _Mapping]] = ..., node_id: _Optional[str] = ..., node_name: _Optional[str] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_seen_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., holds: _Optional[_Iterable[_Union[Hold, _Mapping]]] = ..., draining: _Optional[bool] = ..., completed: _Optional[int] = ..., failed: _Optional[int] = ..., room: _Optional[int] = ..., node_labels: _Optional[_Mapping[str, str]] = ...) -> None: ...
