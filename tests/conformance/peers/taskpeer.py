"""A worker and submitter that does what it is told on standard input, as peer.py does."""

import json
import sys
import threading
from typing import Any

from foedus import FoedusError, Job, Node, Patience, TaskFailed, Worker, join, task_spec
from foedus.gen.task.v1 import task_pb2

said = threading.Lock()
released = threading.Event()


def say(**words: object) -> None:
    with said:
        print(json.dumps(words), flush=True)


def do(job: Job) -> Any:
    if job.kind == "echo":
        return job.json()
    if job.kind == "fail-once":
        if job.attempt == 1:
            raise TaskFailed("RATE_LIMITED", "slow down", retry_after=0.05)
        return {"attempt": job.attempt}
    if job.kind == "final":
        raise TaskFailed("BROKEN", "beyond repair", final=True)
    if job.kind == "odd":
        job.progress(float("nan"), spent=2**60)
        raise TaskFailed(None, 5, final="yes", retry_after=float("inf"))  # type: ignore[arg-type]
    if job.kind == "raise":
        raise ValueError("a bug")
    if job.kind == "quit":
        sys.exit("it quits")
    if job.kind == "complain":
        raise RuntimeError(job.json())
    if job.kind == "complain-by-name":
        raise TaskFailed("COMPLAINT", job.json())
    if job.kind in ("largest", "too-large"):
        return b"x" * (262_144 + (job.kind == "too-large"))
    if job.kind == "parent":
        child = job.submit(task_spec(job.task.spec.queue, "echo", "of a child")).task
        return {"child": child.id}
    job.progress(0.5, "half way", 3)
    if job.kind == "stubborn":
        released.wait()
        return {"stubborn": True}
    while not released.wait(0.01):
        if job.cancelled.is_set():
            say(did="told", task=job.id, reason=job.cancel_reason, cause=job.cancel_cause)
            job.raise_if_cancelled()
    return {"attempt": job.attempt}


def wait(worker: Worker) -> None:
    try:
        worker.wait()
    except FoedusError as error:
        say(did="ended", reason=error.reason, field=error.facts.get("field"))


def drain(worker: Worker, seconds: float) -> None:
    say(did="drained", whole=worker.drain(seconds))


def result(node: Node, task_id: str) -> None:
    try:
        payload = node.tasks.result(task_id)
        say(did="result", task=task_id, value=json.loads(payload.body or b"null"))
    except TaskFailed as failed:
        say(did="result", task=task_id, reason=failed.reason, message=failed.message)


def submit(node: Node, wish: dict[str, Any]) -> None:
    specs = [
        task_spec(
            wish["queue"],
            wish["kind"],
            payload,
            retry=task_pb2.RetryPolicy(maximum_attempts=wish.get("attempts", 5)),
        )
        for payload in wish["payloads"]
    ]
    if len(specs) == 1:
        ids = [node.tasks.submit(specs[0]).task.id]
    else:
        ids = [one.task_id for one in node.tasks.submit_many(specs)]
    say(did="submitted", ids=ids)


def main(folder: str, invitation: str, token: str) -> None:
    join(invitation, folder, token=token)
    workers: list[Worker] = []
    with Node.open(folder) as node:
        say(did="ready", spiffeId=node.spiffe_id)
        for line in sys.stdin:
            wish = json.loads(line)
            what = wish.pop("do")
            if what == "work":
                patience = Patience(**wish.pop("patience", {}))
                worker = node.work(
                    wish.pop("queue"),
                    do,
                    notice=lambda did, job: say(did=did, task=job.id, fence=job.fence),
                    patience=patience,
                    **wish,
                )
                workers.append(worker)
                threading.Thread(target=wait, args=(worker,), daemon=True).start()
            elif what == "release":
                released.set()
            elif what == "drain":
                threading.Thread(target=drain, args=(workers[0], wish["seconds"])).start()
            elif what == "submit":
                submit(node, wish)
            elif what == "result":
                threading.Thread(target=result, args=(node, wish["task"]), daemon=True).start()
            elif what == "cancel":
                say(did="cancel", state=node.tasks.cancel(wish["task"], "no more").state)
            elif what == "retry":
                say(did="retry", state=node.tasks.retry(wish["task"]).state)
            elif what == "get":
                task = node.tasks.get(wish["task"])
                say(did="get", message=task.attempt.progress.message, state=task.state)
            elif what == "status":
                status = workers[0].status()
                say(
                    did="status",
                    lost=status.lost,
                    completed=status.completed,
                    connected=status.connected,
                )


try:
    main(*sys.argv[1:])
except FoedusError as error:
    say(did="fail", reason=error.reason, message=error.message)
