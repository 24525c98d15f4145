"""A worker in Python: python example_worker.py FOLDER QUEUE [--name NAME] [--concurrency N]

Opens the folder of a node that joined (example.py does), counts words and takes SHA-256 sums, and
prints a line of JSON about each task. SIGTERM drains it.
"""

import argparse
import hashlib
import json
import signal
import time
from typing import Any

from foedus import Job, Node, TaskFailed
from foedus.gen.node.v1 import node_pb2

_DRAIN_SECONDS = 10.0


def work(job: Job) -> dict[str, Any]:
    """Text as {"text": …, "ms": how long to take over it}."""
    wish = job.json()
    if not isinstance(wish, dict) or not isinstance(wish.get("text"), str):
        raise TaskFailed("PAYLOAD_INVALID", 'it needs {"text": …}', final=True)
    steps, seconds = 10, float(wish.get("ms", 0)) / 1000
    for step in range(steps if seconds > 0 else 0):
        job.progress(step / steps, f"step {step + 1} of {steps}")
        job.cancelled.wait(seconds / steps)
        job.raise_if_cancelled()
    if job.kind == "count-words":
        return {"words": len(wish["text"].split())}
    if job.kind == "sha256":
        return {"sha256": hashlib.sha256(wish["text"].encode()).hexdigest()}
    raise TaskFailed("KIND_UNKNOWN", f"nobody here can do {job.kind}", final=True)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder")
    words.add_argument("queue")
    words.add_argument("--name", default="python")
    words.add_argument("--concurrency", type=int, default=4)
    given = words.parse_args()

    def tell(did: str, job: Job) -> None:
        event = {"at": int(time.time() * 1000), "worker": given.name, "task": job.id}
        print(json.dumps({**event, "fence": job.fence, "did": did}), flush=True)

    def leave(number: int, frame: object) -> None:
        raise SystemExit

    with Node.open(given.folder) as node:
        node.register(node_pb2.NodeProfile(kind=node_pb2.NODE_KIND_INSTANCE, title=given.name))
        worker = node.work(
            given.queue,
            work,
            concurrency=given.concurrency,
            kinds=["count-words", "sha256"],
            name=given.name,
            notice=tell,
        )
        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, leave)
        try:
            worker.wait()
        finally:
            worker.drain(_DRAIN_SECONDS)


if __name__ == "__main__":
    main()
