"""Every failure has a reason from the hub's closed list: decide by it, show the message."""

from __future__ import annotations

import grpc
from google.rpc import error_details_pb2, status_pb2

_PASSING = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.INTERNAL,
    # What a call hears whose channel was replaced under it, e.g. for a newer certificate.
    grpc.StatusCode.CANCELLED,
}


class FoedusError(Exception):
    """A failure that a caller can act on."""

    def __init__(
        self,
        reason: str,
        message: str,
        facts: dict[str, str] | None = None,
        code: grpc.StatusCode | None = None,
    ) -> None:
        super().__init__(f"{message} ({reason})")
        self.reason = reason
        self.message = message
        self.facts = facts or {}
        self.code = code

    @property
    def fix(self) -> str:
        """The command that mends it, where there is one."""
        return self.facts.get("fix", "")

    @property
    def passing(self) -> bool:
        """Whether the same call may well succeed later."""
        return self.code in _PASSING and self.reason != "LIMIT_EXCEEDED"


def error_of(error: grpc.RpcError | Exception) -> FoedusError:
    """Reads what the hub said, else what the network did."""
    if isinstance(error, FoedusError):
        return error
    if not isinstance(error, grpc.Call):
        return FoedusError("HUB_UNREACHABLE", str(error), code=grpc.StatusCode.UNAVAILABLE)
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        for detail in status_pb2.Status.FromString(value).details:
            info = error_details_pb2.ErrorInfo()
            if detail.Unpack(info):
                return FoedusError(info.reason, error.details(), dict(info.metadata), error.code())
    broken = error.code() in _PASSING
    reason = "HUB_UNREACHABLE" if broken else "UNSPECIFIED"
    return FoedusError(reason, error.details() or str(error), code=error.code())
