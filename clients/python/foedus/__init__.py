"""A node of a Foedus hub: join once, then stay, tell and hear, work and have work done."""

from foedus.error import FoedusError
from foedus.events import Event, Forgery, Gap
from foedus.held import Patience
from foedus.job import Job, TaskFailed, TaskStopped, payload_of, task_spec
from foedus.join import Joined, Waiting, join
from foedus.node import Node
from foedus.work import Worker, WorkerStatus

__all__ = [
    "Event",
    "FoedusError",
    "Forgery",
    "Gap",
    "Job",
    "Joined",
    "Node",
    "Patience",
    "TaskFailed",
    "TaskStopped",
    "Waiting",
    "Worker",
    "WorkerStatus",
    "join",
    "payload_of",
    "task_spec",
]
