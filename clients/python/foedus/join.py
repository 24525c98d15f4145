"""Joining: once. Whoever repeats it stays the node it is."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from foedus.error import FoedusError, error_of
from foedus.folder import Folder, Membership, load_identity
from foedus.gen.identity.v1 import identity_pb2, identity_return_pb2
from foedus.gen.identity.v1 import identity_service_pb2, identity_service_pb2_grpc
from foedus.signing import new_request_id, new_tls_key, pem_of, proof_over, raw_public
from foedus.trust import HubChain, Invitation, is_pinned, parse_invitation, prove_hub, token_id

_ATTEMPTS_MAX = 5
_CALL_SECONDS = 20


@dataclass(frozen=True)
class Joined:
    """Who the node is from now on."""

    node_id: str
    name: str
    tenant: str
    spiffe_id: str
    #: Whether it had joined before, so that no token was spent.
    already: bool


@dataclass(frozen=True)
class Waiting:
    """For whom a joiner waits."""

    waiting_for: str
    who_can_end_it: str
    command: str


def join(
    invitation: str,
    folder: str | os.PathLike[str],
    *,
    token: str = "",
    name: str = "",
    waiting: Callable[[Waiting], None] = lambda _: None,
) -> Joined:
    """Joins a hub and keeps the node's keys in `folder`; blocks while an admin must approve.

    Safe to repeat: a run that crashed midway is finished by the next, though the token is spent.
    """
    invited = parse_invitation(invitation)
    bound = token_id(token, invited) if token else ""
    place = Folder(folder)
    place.hold()
    try:
        member = place.read_membership()
        if member is not None:
            return _already(member, invited, place)
        attempt = _unfinished(place, invited) or _begin(place, invited, token, bound, name)
        admission = _enroll(invited, attempt.request, waiting, place)
        place.write("identity.pem", attempt.identity)
        place.write_admission(admission, invited, attempt.tls_key)
        place.remove("enroll.json")
        return _joined(admission, already=False)
    finally:
        place.release()


def reenter(member: Membership, folder: Folder) -> None:
    """Comes back by the identity key: for a node whose certificate lapsed."""
    with contact(member.invitation) as (chain, client):
        try:
            nonce = client.GetChallenge(
                identity_return_pb2.GetChallengeRequest(), timeout=_CALL_SECONDS
            ).nonce
            tls_key, csr = new_tls_key()
            request = identity_return_pb2.ReenterRequest(
                request_id=new_request_id(),
                tenant=member.admission.tenant,
                node_id=member.admission.node_id,
                csr=csr,
                nonce=nonce,
                identity_proof=proof_over("reenter", member.identity, csr, nonce),
            )
            admission = client.Reenter(request, timeout=_CALL_SECONDS).admission
        except grpc.RpcError as error:
            raise error_of(error) from error
    _require_coherent(admission, member.invitation, chain)
    folder.write_admission(admission, member.invitation, tls_key)


@contextmanager
def contact(
    invitation: Invitation,
) -> Iterator[tuple[HubChain, identity_service_pb2_grpc.IdentityServiceStub]]:
    """The join listener of a hub that proved to be the invitation's: gRPC then trusts its root
    alone, and only a hub's certificate carries the name that it dialled."""
    chain = prove_hub(invitation)
    root = chain.root.public_bytes(serialization.Encoding.PEM)
    with grpc.secure_channel(
        invitation.address, grpc.ssl_channel_credentials(root_certificates=root)
    ) as channel:
        yield chain, identity_service_pb2_grpc.IdentityServiceStub(channel)


@dataclass
class _Attempt:
    identity: str
    tls_key: str
    request: identity_service_pb2.EnrollRequest


def _begin(folder: Folder, invited: Invitation, token: str, bound: str, name: str) -> _Attempt:
    """Kept before the hub hears of it: a token admits once, and a crash may follow."""
    identity = ed25519.Ed25519PrivateKey.generate()
    tls_key, csr = new_tls_key()
    request = identity_service_pb2.EnrollRequest(
        request_id=new_request_id(),
        token=token.strip(),
        name=name,
        tenant="" if token else invited.tenant,
        csr=csr,
        identity_key=raw_public(identity),
        identity_proof=proof_over("enroll", identity, csr, bound.encode()),
    )
    attempt = _Attempt(pem_of(identity), tls_key, request)
    encoded = base64.urlsafe_b64encode(request.SerializeToString()).decode().rstrip("=")
    kept = {
        "invitation": str(invited),
        "identity": attempt.identity,
        "tlsKey": tls_key,
        "request": encoded,
    }
    folder.write("enroll.json", json.dumps(kept) + "\n")
    return attempt


def _unfinished(folder: Folder, invited: Invitation) -> _Attempt | None:
    text = folder.read("enroll.json")
    try:
        kept = json.loads(text or "")
        load_identity(kept["identity"])
        padded = kept["request"] + "=" * (-len(kept["request"]) % 4)
        request = identity_service_pb2.EnrollRequest.FromString(base64.urlsafe_b64decode(padded))
    except (KeyError, ValueError):
        return None
    if kept["invitation"] != str(invited):
        return None
    return _Attempt(kept["identity"], kept["tlsKey"], request)


def _enroll(
    invited: Invitation,
    request: identity_service_pb2.EnrollRequest,
    waiting: Callable[[Waiting], None],
    folder: Folder,
) -> identity_pb2.Admission:
    failures = 0
    while True:
        try:
            with contact(invited) as (chain, client):
                answer = client.Enroll(request, timeout=_CALL_SECONDS)
        except (grpc.RpcError, FoedusError) as thrown:
            error = error_of(thrown)
            failures += 1
            if not error.passing and isinstance(thrown, grpc.RpcError):
                # The hub itself said no, and will say no again.
                folder.remove("enroll.json")
            if not error.passing or failures >= _ATTEMPTS_MAX:
                raise error from thrown
            time.sleep(max(2 ** (failures - 3), int(error.facts.get("retry_ms", "0")) / 1000))
            continue
        if answer.HasField("admission"):
            _require_coherent(answer.admission, invited, chain)
            return answer.admission
        told = answer.waiting
        waiting(Waiting(told.waiting_for, told.who_can_end_it, told.command))
        time.sleep(max(0.1, answer.retry_ms / 1000))


def _require_coherent(
    admission: identity_pb2.Admission, invitation: Invitation, chain: HubChain
) -> None:
    """Holds what a hub answers against what it proved to be."""
    roots = [x509.load_der_x509_certificate(der) for der in admission.bundle.roots]
    contradictions = [
        (not admission.certificate.chain, "it admits without a certificate"),
        (admission.hub_spiffe_id != chain.spiffe_id, "it gives itself another name"),
        (admission.bundle.trust_domain != chain.trust_domain, "it vouches for another domain"),
        (
            not admission.spiffe_id.startswith(f"spiffe://{chain.trust_domain}/"),
            "it gives an identity of another trust domain",
        ),
        (admission.tenant != invitation.tenant, "it admits to another tenant"),
        (
            not any(is_pinned(root, invitation.ca_hash) for root in roots),
            "its roots lack the one that the invitation pins",
        ),
    ]
    for found, detail in contradictions:
        if found:
            raise FoedusError("HUB_NOT_TRUSTED", f"{invitation.address}: {detail}")


def _already(member: Membership, invited: Invitation, folder: Folder) -> Joined:
    same = (invited.ca_hash, invited.tenant)
    if (member.invitation.ca_hash, member.invitation.tenant) != same:
        text = f"{folder.path} belongs to another hub or tenant"
        raise FoedusError("JOINED_ELSEWHERE", text)
    return _joined(member.admission, already=True)


def _joined(admission: identity_pb2.Admission, *, already: bool) -> Joined:
    return Joined(
        admission.node_id, admission.name, admission.tenant, admission.spiffe_id, already
    )
