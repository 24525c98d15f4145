"""Whom to believe: the invitation's hash first, the hub's roots ever after."""

from __future__ import annotations

import base64
import hashlib
import re
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from foedus.error import FoedusError, error_of

_INVITATION = re.compile(
    r"foedus://(\[[0-9a-f:]+\]|[a-z0-9.-]+):(\d{1,5})/([a-z0-9][a-z0-9-]{0,62})#([\w-]{22})"
)
_TOKEN = re.compile(r"(fjt_[0-9a-z]{26})\.([\w-]{43})\.([\w-]{22})")
_HUB = re.compile(r"spiffe://([^/]+)/hub/[^/]+")
_CHAIN_MAX = 4
_DIAL_SECONDS = 10


@dataclass(frozen=True)
class Invitation:
    """Where to join, which tenant, and whom to trust there."""

    host: str
    port: int
    tenant: str
    ca_hash: str

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"foedus://{self.address}/{self.tenant}#{self.ca_hash}"


@dataclass(frozen=True)
class HubChain:
    """A server's chain that leads to a root we trust."""

    spiffe_id: str
    trust_domain: str
    root: x509.Certificate


def parse_invitation(text: str) -> Invitation:
    """Reads foedus://host:port/tenant#hash."""
    found = _INVITATION.fullmatch(text.strip())
    if found is None or int(found[2]) > 65535:
        raise FoedusError("INVITATION_INVALID", f"this is no invitation: {text}")
    return Invitation(found[1], int(found[2]), found[3], found[4])


def token_id(text: str, invitation: Invitation) -> str:
    """The public half of a token, which must be of the invitation's hub. The text is a secret."""
    found = _TOKEN.fullmatch(text.strip())
    if found is None:
        raise FoedusError("TOKEN_MALFORMED", "this is no join token")
    if found[3] != invitation.ca_hash:
        raise FoedusError("TOKEN_OF_ANOTHER_HUB", "the token is of another hub")
    return found[1]


def is_pinned(certificate: x509.Certificate, ca_hash: str) -> bool:
    """Whether it is the root that an invitation's hash names."""
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = hashlib.sha256(spki).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=") == ca_hash


def prove_hub(invitation: Invitation) -> HubChain:
    """Looks at the hub's certificates, tells it nothing, and follows them to the pinned root."""
    try:
        presented = _presented(invitation)
    except OSError as error:
        raise error_of(OSError(f"{invitation.address}: {error}")) from error
    roots = [one for one in presented if is_pinned(one, invitation.ca_hash)]
    return follow_chain(presented, roots, invitation.address)


def follow_chain(
    presented: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], address: str
) -> HubChain:
    """Checks every signature, right to sign and span of time, and reads who the leaf is."""

    def refused(detail: str) -> FoedusError:
        return FoedusError("HUB_NOT_TRUSTED", f"{address} is not the invitation's hub: {detail}")

    if not presented:
        raise refused("it shows no certificate")
    at, path = presented[0], [presented[0]]
    while len(path) < _CHAIN_MAX:
        root = next((one for one in roots if _signed(one, at, len(path) - 1)), None)
        if root is not None:
            path.append(root)
            break
        between = (one for one in presented[1:] if one not in path)
        step = next((one for one in between if _signed(one, at, len(path) - 1)), None)
        if step is None:
            raise refused("its certificate does not lead to the root we trust")
        path.append(step)
        at = step
    else:
        raise refused("its chain is too long")
    now = datetime.now(UTC)
    if any(not one.not_valid_before_utc <= now <= one.not_valid_after_utc for one in path):
        raise refused("its certificates do not hold now; is the clock of this machine right?")
    hub = _hub_of(path[0])
    if hub is None:
        raise refused("its certificate is that of no hub")
    return HubChain(hub[0], hub[1], path[-1])


def _presented(invitation: Invitation) -> list[x509.Certificate]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Judged by follow_chain: the root is known by its hash, so there is no file to verify by.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["h2"])
    host = invitation.host.strip("[]")
    with (
        socket.create_connection((host, invitation.port), _DIAL_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        return [x509.load_der_x509_certificate(der) for der in _chain_of(secure)]


def _chain_of(secure: ssl.SSLSocket) -> list[bytes]:
    """Public since Python 3.13; before it, the same call one level down."""
    if hasattr(secure, "get_unverified_chain"):
        return list(secure.get_unverified_chain())
    encoded = (one.public_bytes() for one in secure._sslobj.get_unverified_chain())
    return [ssl.PEM_cert_to_DER_cert(one) if isinstance(one, str) else one for one in encoded]


def _signed(signer: x509.Certificate, signed: x509.Certificate, depth: int) -> bool:
    """`depth` intermediates stand between the signer and the leaf (RFC 5280, section 4.2.1.9)."""
    try:
        constraints = signer.extensions.get_extension_for_class(x509.BasicConstraints).value
        signed.verify_directly_issued_by(signer)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it proves nothing
        return False
    room = constraints.path_length
    return constraints.ca and (room is None or depth <= room)


def _hub_of(leaf: x509.Certificate) -> tuple[str, str] | None:
    try:
        extensions = leaf.extensions
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        usage = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return None
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    found = _HUB.fullmatch(uris[0]) if len(uris) == 1 else None
    if found is None or constraints.ca or ExtendedKeyUsageOID.SERVER_AUTH not in usage:
        return None
    return uris[0], found[1]
