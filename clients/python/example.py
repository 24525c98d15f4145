"""A node in Python: python example.py FOLDER INVITATION TOKEN

Joins, registers, tells one event, and prints what everybody tells from then on.
"""

import sys

from foedus import Event, Node, join
from foedus.gen.event.v1 import event_event_pb2
from foedus.gen.node.v1 import node_pb2

folder, invitation, token = sys.argv[1:]
joined = join(invitation, folder, token=token, waiting=lambda told: print(told.waiting_for))
print(f"{joined.name} is {joined.spiffe_id}")

with Node.open(folder) as node:
    node.register(node_pb2.NodeProfile(kind=node_pb2.NODE_KIND_INSTANCE, title="Python"))
    print(node.publish(event_event_pb2.TelemetrySync(events_published=1)))
    for heard in node.subscribe(after=0):
        if isinstance(heard, Event):
            print(heard.cursor, heard.type, heard.source)
        else:
            print(heard)
