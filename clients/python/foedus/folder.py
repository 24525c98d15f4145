"""A node's folder: the same files, in the same form, as the TypeScript SDK keeps."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from google.protobuf import json_format

from foedus.error import FoedusError
from foedus.gen.identity.v1 import identity_pb2
from foedus.trust import Invitation, parse_invitation


@dataclass
class Membership:
    """What a node keeps of belonging to a hub."""

    admission: identity_pb2.Admission
    invitation: Invitation
    identity: ed25519.Ed25519PrivateKey
    tls_key: str
    chain: str

    @property
    def roots(self) -> bytes:
        """PEM of whom it trusts."""
        return "".join(map(pem_of_der, self.admission.bundle.roots)).encode()

    @property
    def left_seconds(self) -> float:
        """How long its certificate still holds; 0 when there is none to be used."""
        if not self.chain:
            return 0
        leaf = x509.load_pem_x509_certificate(self.chain.encode())
        return max(0.0, leaf.not_valid_after_utc.timestamp() - time.time())


class Folder:
    """Files of one node, held by one process."""

    def __init__(self, place: str | os.PathLike[str]) -> None:
        self.path = Path(place)
        self._lock: sqlite3.Connection | None = None

    def hold(self) -> None:
        """Locks it as the TypeScript SDK does: the lock ends with the process."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = sqlite3.connect(
            self.path / "held", timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            lock.execute("PRAGMA journal_mode = MEMORY")
            lock.execute("PRAGMA locking_mode = EXCLUSIVE")
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            lock.close()
            text = f"{self.path} is held by another process"
            raise FoedusError("DATA_FOLDER_HELD", text) from error
        self._lock = lock

    def release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def read(self, name: str) -> str | None:
        try:
            return (self.path / name).read_text()
        except FileNotFoundError:
            return None

    def write(self, name: str, text: str) -> None:
        """Whole or not at all, also when the power fails."""
        aside = self.path / f"{name}.{os.getpid()}"
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(self.path / name)

    def remove(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def write_admission(
        self, admission: identity_pb2.Admission, invitation: Invitation, tls_key: str
    ) -> None:
        """Keeps what the hub answered; `node.json` last, since its presence means "joined"."""
        self.write("tls.pem", tls_key)
        self.write("chain.pem", "".join(map(pem_of_der, admission.certificate.chain)))
        if admission.HasField("bundle"):
            self.write("bundle.json", json_format.MessageToJson(admission.bundle))
        rest = identity_pb2.Admission()
        rest.CopyFrom(admission)
        rest.ClearField("bundle")
        del rest.certificate.chain[:]
        admitted = json_format.MessageToDict(rest)
        node = {"invitation": str(invitation), "admission": admitted}
        self.write("node.json", json.dumps(node, indent=2) + "\n")

    def read_membership(self) -> Membership | None:
        """What an earlier run kept; None when no node joined from here."""
        text = self.read("node.json")
        if text is None:
            return None
        try:
            kept = json.loads(text)
            admission = json_format.ParseDict(kept["admission"], identity_pb2.Admission())
            json_format.Parse(self.read("bundle.json") or "", admission.bundle)
            return Membership(
                admission=admission,
                invitation=parse_invitation(kept["invitation"]),
                identity=load_identity(self.read("identity.pem") or ""),
                tls_key=self.read("tls.pem") or "",
                chain=_belonging(self.read("tls.pem") or "", self.read("chain.pem") or ""),
            )
        except (KeyError, ValueError, json_format.ParseError) as error:
            text = f"{self.path} is damaged: {error}"
            raise FoedusError("NODE_STATE_DAMAGED", text) from error

    def next_epoch(self, known: int = 0) -> int:
        """Sets this run apart from all before. Written before it is used."""
        try:
            kept = json.loads(self.read("clock.json") or "{}")
        except ValueError:
            kept = {}
        epoch = max(int(time.time() * 1000), int(kept.get("epoch", 0)) + 1, known + 1)
        self.write("clock.json", json.dumps({**kept, "epoch": epoch}) + "\n")
        return epoch


def load_identity(pem: str) -> ed25519.Ed25519PrivateKey:
    """The key that signs for a node."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise ValueError("the identity key is no Ed25519 key")
    return key


def pem_of_der(der: bytes) -> str:
    """A certificate as text."""
    certificate = x509.load_der_x509_certificate(der)
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _belonging(tls_key: str, chain: str) -> str:
    """Two files are not replaced at once: a pair that a crash parted is asked for anew."""
    try:
        key = serialization.load_pem_private_key(tls_key.encode(), password=None)
        leaf = x509.load_pem_x509_certificate(chain.encode())
    except ValueError:
        return ""
    return chain if leaf.public_key() == key.public_key() else ""
