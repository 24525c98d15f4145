import datetime

from foedus.gen.options.v1 import options_pb2 as _options_pb2
from foedus.gen.page.v1 import page_pb2 as _page_pb2
from foedus.gen.task.v1 import task_work_pb2 as _task_work_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ClaimTasksRequest(_message.Message):
    __slots__ = ("claim_id", "worker", "count", "wait")
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    WORKER_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    WAIT_FIELD_NUMBER: _ClassVar[int]
    claim_id: str
    worker: _task_work_pb2.Worker
    count: int
    wait: _duration_pb2.Duration
    def __init__(self, claim_id: _Optional[str] = ..., worker: _Optional[_Union[_task_work_pb2.Worker, _Mapping]] = ..., count: _Optional[int] = ..., wait: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class ClaimTasksResponse(_message.Message):
    __slots__ = ("assignments",)
    ASSIGNMENTS_FIELD_NUMBER: _ClassVar[int]
    assignments: _containers.RepeatedCompositeFieldContainer[_task_work_pb2.Assignment]
    def __init__(self, assignments: _Optional[_Iterable[_Union[_task_work_pb2.Assignment, _Mapping]]] = ...) -> None: ...

class ReportTasksRequest(_message.Message):
    __slots__ = ("reports",)
    REPORTS_FIELD_NUMBER: _ClassVar[int]
    reports: _containers.RepeatedCompositeFieldContainer[_task_work_pb2.Report]
    def __init__(self, reports: _Optional[_Iterable[_Union[_task_work_pb2.Report, _Mapping]]] = ...) -> None: ...

class ReportTasksResponse(_message.Message):
    __slots__ = ("receipts",)
    RECEIPTS_FIELD_NUMBER: _ClassVar[int]
    receipts: _containers.RepeatedCompositeFieldContainer[_task_work_pb2.Receipt]
    def __init__(self, receipts: _Optional[_Iterable[_Union[_task_work_pb2.Receipt, _Mapping]]] = ...) -> None: ...

class WorkRequest(_message.Message):
    __slots__ = ("worker", "room", "report", "beat", "reports")
    WORKER_FIELD_NUMBER: _ClassVar[int]
    ROOM_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    BEAT_FIELD_NUMBER: _ClassVar[int]
    REPORTS_FIELD_NUMBER: _ClassVar[int]
    worker: _task_work_pb2.Worker
    room: int
    report: _task_work_pb2.Report
    beat: bool
    reports: ReportTasksRequest
    def __init__(self, worker: _Optional[_Union[_task_work_pb2.Worker, _Mapping]] = ..., room: _Optional[int] = ..., report: _Optional[_Union[_task_work_pb2.Report, _Mapping]] = ..., beat: _Optional[bool] = ..., reports: _Optional[_Union[ReportTasksRequest, _Mapping]] = ...) -> None: ...

class WorkResponse(_message.Message):
    __slots__ = ("assignment", "receipt", "stop", "reconnect", "beat_every")
    ASSIGNMENT_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    RECONNECT_FIELD_NUMBER: _ClassVar[int]
    BEAT_EVERY_FIELD_NUMBER: _ClassVar[int]
    assignment: _task_work_pb2.Assignment
    receipt: _task_work_pb2.Receipt
    stop: _task_work_pb2.Stop
    reconnect: _duration_pb2.Duration
    beat_every: _duration_pb2.Duration
    def __init__(self, assignment: _Optional[_Union[_task_work_pb2.Assignment, _Mapping]] = ..., receipt: _Optional[_Union[_task_work_pb2.Receipt, _Mapping]] = ..., stop: _Optional[_Union[_task_work_pb2.Stop, _Mapping]] = ..., reconnect: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., beat_every: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class ListWorkersRequest(_message.Message):
    __slots__ = ("page", "queue")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    page: _page_pb2.Page
    queue: str
    def __init__(self, page: _Optional[_Union[_page_pb2.Page, _Mapping]] = ..., queue: _Optional[str] = ...) -> None: ...

class ListWorkersResponse(_message.Message):
    __slots__ = ("workers", "next_page_token")
    WORKERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    workers: _containers.RepeatedCompositeFieldContainer[_task_work_pb2.WorkerStatus]
    next_page_token: str
    def __init__(self, workers: _Optional[_Iterable[_Union[_task_work_pb2.WorkerStatus, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
