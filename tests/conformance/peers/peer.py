"""A node that does what it is told on standard input: one JSON object a line, and as many back."""

import json
import sys
import threading

from foedus import Event, FoedusError, Node, join
from foedus.gen.event.v1 import event_event_pb2
from foedus.gen.node.v1 import node_pb2

said = threading.Lock()


def say(**words: object) -> None:
    with said:
        print(json.dumps(words), flush=True)


def hear(node: Node, after: int) -> None:
    try:
        for heard in node.subscribe(
            after=after, types=["telemetry_sync"], connected=lambda: say(did="head")
        ):
            if isinstance(heard, Event):
                value = heard.read(event_event_pb2.TelemetrySync).events_published
                say(heard="event", cursor=heard.cursor, source=heard.source, value=value)
            else:
                say(heard=type(heard).__name__.lower())
    except FoedusError as error:
        say(did="end", reason=error.reason)


def main(folder: str, invitation: str, token: str) -> None:
    joined = join(
        invitation,
        folder,
        token=token,
        waiting=lambda told: say(did="wait", waitingFor=told.waiting_for),
    )
    with Node.open(folder) as node:
        node.register(node_pb2.NodeProfile(kind=node_pb2.NODE_KIND_INSTANCE, title="Python"))
        say(did="ready", spiffeId=node.spiffe_id, already=joined.already)
        for line in sys.stdin:
            wish = json.loads(line)
            if wish["do"] == "publish":
                soon = [
                    node.publish_soon(
                        event_event_pb2.TelemetrySync(events_published=value), stream="peer"
                    )
                    for value in wish["values"]
                ]
                say(did="publish", ids=[one.result() for one in soon])
            elif wish["do"] == "subscribe":
                threading.Thread(target=hear, args=(node, wish["after"]), daemon=True).start()


try:
    main(*sys.argv[1:])
except FoedusError as error:
    say(did="fail", reason=error.reason, message=error.message)
