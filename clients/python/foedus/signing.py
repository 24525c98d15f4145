"""Keys, and what they sign. docs/recipes/sign-an-event.md says the same in words."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from foedus.gen.event.v1 import event_pb2

#: How many events one signature may cover.
BATCH_EVENTS_MAX = 256

#: How many bytes of events go into one batch.
BATCH_BYTES_MAX = 524_288


def new_request_id() -> str:
    """One effect per id: whoever lost the answer asks again with the same."""
    return f"req_{secrets.token_hex(16)}"


def new_tls_key() -> tuple[str, bytes]:
    """A P-256 key as PEM, and the request (DER) to certify it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "foedus node")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    request = builder.sign(key, hashes.SHA256())
    return pem_of(key), request.public_bytes(serialization.Encoding.DER)


def pem_of(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> str:
    """PKCS#8, as every Foedus client keeps keys."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def raw_public(key: ed25519.Ed25519PrivateKey) -> bytes:
    """The 32 bytes by which others know the key."""
    return key.public_key().public_bytes_raw()


def key_id(public: bytes) -> bytes:
    """How an event names its key."""
    return hashlib.sha256(public).digest()[:8]


def sign_for(purpose: str, key: ed25519.Ed25519PrivateKey, signed: bytes) -> bytes:
    """What it is for stands before the bytes, so that no signature fits another purpose."""
    return key.sign(f"foedus.{purpose}.v1\n".encode() + signed)


def proof_over(
    purpose: str, key: ed25519.Ed25519PrivateKey, csr: bytes, occasion: bytes = b""
) -> bytes:
    """Binds the identity key to a certificate request, on this one occasion."""
    return sign_for(purpose, key, hashlib.sha256(csr).digest() + occasion)


def sign_batch(key: ed25519.Ed25519PrivateKey, events: Sequence[bytes]) -> event_pb2.Batch:
    """Signs serialized events together; nobody serializes them again."""
    signature = sign_for("event", key, _root([_leaf(event) for event in events]))
    return event_pb2.Batch(events=events, key_id=key_id(raw_public(key)), signature=signature)


def is_proved(stored: event_pb2.StoredEvent, public: bytes) -> bool:
    """Whether the key signed the batch that this event hangs under."""
    root = _root_from_path(_leaf(stored.event), stored.proof)
    if root is None or stored.key_id != key_id(public):
        return False
    try:
        key = ed25519.Ed25519PublicKey.from_public_bytes(public)
        key.verify(stored.signature, b"foedus.event.v1\n" + root)
    except (InvalidSignature, ValueError):
        return False
    return True


def _leaf(event: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + event).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _root(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162, section 2.1.1."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return _node(_root(leaves[:split]), _root(leaves[split:]))


def _root_from_path(leaf: bytes, proof: event_pb2.InclusionProof) -> bytes | None:
    """RFC 9162, section 2.1.3.2; None when the path fits no tree of that size."""
    position, last = proof.leaf_index, proof.tree_size - 1
    if not 0 <= position <= last:
        return None
    root = leaf
    for sibling in proof.path:
        if last == 0:
            return None
        if position % 2 == 1 or position == last:
            root = _node(sibling, root)
            while position % 2 == 0 and position != 0:
                position, last = position // 2, last // 2
        else:
            root = _node(root, sibling)
        position, last = position // 2, last // 2
    return root if last == 0 else None
