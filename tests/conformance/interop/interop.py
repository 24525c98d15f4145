"""grpcio as it is, without our client: one call of each kind. What it says is `kind ok`."""

import sys

import grpc
from foedus.gen.event.v1 import event_service_pb2, event_service_pb2_grpc
from foedus.gen.node.v1 import node_service_pb2, node_service_pb2_grpc

address, key, chain, roots, batch = sys.argv[1:]


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


credentials = grpc.ssl_channel_credentials(read(roots), read(key), read(chain))
with grpc.secure_channel(address, credentials) as channel:
    nodes = node_service_pb2_grpc.NodeServiceStub(channel)
    listed = nodes.ListNodes(node_service_pb2.ListNodesRequest(), timeout=10)
    assert isinstance(listed, node_service_pb2.ListNodesResponse)
    print("unary ok")
    events = event_service_pb2_grpc.EventServiceStub(channel)
    request = event_service_pb2.PublishStreamRequest.FromString(read(batch))
    stored = events.PublishStream(iter([request, request]), timeout=10)
    assert stored.accepted + stored.duplicates == 2, stored
    print("client stream ok")
    wish = event_service_pb2.SubscribeRequest(after_cursor=0, until_head=True)
    assert any(one.HasField("delivery") for one in events.Subscribe(wish, timeout=10))
    print("server stream ok")
