"""A node's connection to its hub: authenticated both ways, and renewed before it lapses."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import grpc

from foedus.error import FoedusError, error_of
from foedus.folder import Folder, Membership
from foedus.gen.event.v1 import event_service_pb2_grpc
from foedus.gen.identity.v1 import identity_return_pb2, identity_service_pb2_grpc
from foedus.gen.node.v1 import node_service_pb2_grpc
from foedus.gen.task.v1 import task_service_pb2_grpc, work_service_pb2_grpc
from foedus.join import reenter
from foedus.signing import new_request_id, new_tls_key, proof_over

#: How long one call may take.
CALL_SECONDS = 15

#: Reasons after which a node of this identity cannot come back.
OVER = {"NODE_REVOKED", "NODE_RETIRED", "REENTRY_EXPIRED", "IDENTITY_PROOF_INVALID"}

_OPTIONS = [
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.max_reconnect_backoff_ms", 5_000),
    # Each link is judged by its own certificate: nothing is shared with another channel.
    ("grpc.use_local_subchannel_pool", 1),
]
_WAIT_SECONDS_MAX = 5.0

T = TypeVar("T")


def backoff(attempt: int) -> float:
    """Seconds to wait before the next attempt: more each time, and never the same for all."""
    return min(_WAIT_SECONDS_MAX, 0.1 * 2 ** min(attempt, 16)) * random.uniform(0.5, 1)


class Link:
    """The channel of now, and the services of a node on it."""

    def __init__(self, folder: Folder, member: Membership) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self.member = member
        self.ended = threading.Event()
        self.end_error: FoedusError | None = None
        if member.left_seconds <= 0:
            self._reenter()
        else:
            self._open()
        self._renewing = threading.Thread(target=self._keep_renewing, daemon=True)
        self._renewing.start()

    @property
    def identity(self) -> identity_service_pb2_grpc.IdentityServiceStub:
        return identity_service_pb2_grpc.IdentityServiceStub(self._channel)

    @property
    def node(self) -> node_service_pb2_grpc.NodeServiceStub:
        return node_service_pb2_grpc.NodeServiceStub(self._channel)

    @property
    def event(self) -> event_service_pb2_grpc.EventServiceStub:
        return event_service_pb2_grpc.EventServiceStub(self._channel)

    @property
    def task(self) -> task_service_pb2_grpc.TaskServiceStub:
        return task_service_pb2_grpc.TaskServiceStub(self._channel)

    @property
    def work(self) -> work_service_pb2_grpc.WorkServiceStub:
        return work_service_pb2_grpc.WorkServiceStub(self._channel)

    @property
    def channel(self) -> grpc.Channel:
        """For services that this package does not wrap."""
        return self._channel

    def persist(self, act: Callable[[], T], seconds: float | None = None) -> T:
        """Tries again, with growing waits, as long as failures are of the passing kind."""
        deadline = None if seconds is None else time.monotonic() + seconds
        attempt = 0
        while True:
            self.require_open()
            try:
                return act()
            except (grpc.RpcError, ValueError) as thrown:
                self.judge(thrown, deadline)
            attempt += 1
            self.wait(attempt)

    def judge(self, thrown: Exception, deadline: float | None = None) -> FoedusError:
        """What a failure means for the node; raises what would come again."""
        self.require_open()
        # "Cannot invoke RPC on closed channel!": it was replaced between two lines.
        if isinstance(thrown, ValueError) and "closed channel" not in str(thrown):
            raise thrown
        error = error_of(thrown)
        if error.reason in OVER:
            self.end(error)
        late = deadline is not None and time.monotonic() >= deadline
        if late or not error.passing:
            raise error from thrown
        if self.member.left_seconds <= 0:
            self._recover()
        return error

    def wait(self, attempt: int) -> None:
        """Growing, and never all nodes at once; shorter when the node is closed."""
        self.ended.wait(backoff(attempt))

    def require_open(self) -> None:
        if self.ended.is_set():
            raise self.end_error or FoedusError("NODE_CLOSED", "the node was closed")

    def end(self, error: FoedusError | None = None) -> None:
        if not self.ended.is_set():
            self.end_error = error
            self.ended.set()

    def close(self) -> None:
        self.end()
        self._channel.close()
        self._renewing.join(CALL_SECONDS)

    def _open(self) -> None:
        """gRPC trusts the hub's roots alone, and of what they signed only hubs carry host names."""
        credentials = grpc.ssl_channel_credentials(
            root_certificates=self.member.roots,
            private_key=self.member.tls_key.encode(),
            certificate_chain=self.member.chain.encode(),
        )
        address = self.member.admission.node_address
        self._channel = grpc.secure_channel(address, credentials, options=_OPTIONS)

    def _replace(self) -> None:
        member = self._folder.read_membership()
        if member is None:
            raise FoedusError("NOT_JOINED", f"{self._folder.path} was emptied")
        self.member = member
        before = getattr(self, "_channel", None)
        self._open()
        if before is not None:
            # Calls that are under way are told CANCELLED, and are made again on the new one.
            before.close()

    def _keep_renewing(self) -> None:
        """At half of its life, a tenth sooner or later, a certificate is replaced."""
        attempt = 0
        while not self.ended.is_set():
            life = self.member.admission.certificate.lifetime_ms / 1000
            half = life / 2 * random.uniform(0.9, 1.1)
            if self.ended.wait(max(0.0, self.member.left_seconds - half) if attempt == 0 else 0):
                return
            try:
                self._renew() if self.member.left_seconds > 0 else self._recover()
                attempt = 0
            except (grpc.RpcError, ValueError, FoedusError) as thrown:
                error = error_of(thrown)
                if error.reason in OVER:
                    return self.end(error)
                attempt += 1
                self.wait(attempt)

    def _renew(self) -> None:
        tls_key, csr = new_tls_key()
        request = identity_return_pb2.RenewRequest(
            request_id=new_request_id(),
            csr=csr,
            identity_proof=proof_over("renew", self.member.identity, csr),
        )
        admission = self.identity.Renew(request, timeout=CALL_SECONDS).admission
        with self._lock:
            self._folder.write_admission(admission, self.member.invitation, tls_key)
            self._replace()

    def _reenter(self) -> None:
        reenter(self.member, self._folder)
        self._replace()

    def _recover(self) -> None:
        """A lapsed certificate: another thread may have been faster."""
        with self._lock:
            if self.member.left_seconds > 0:
                return
            try:
                self._reenter()
            except FoedusError as error:
                if error.reason in OVER:
                    self.end(error)
                if not error.passing:
                    raise
