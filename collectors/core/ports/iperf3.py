"""One transfer by the program iperf3 against any server that speaks its protocol."""

from dataclasses import dataclass

from collectors.core.ports.connection import Direction


@dataclass(frozen=True, slots=True)
class Iperf3Request:
    """One flow of TCP in one direction, which ends after so many bytes, or is stopped after so many seconds."""

    host: str
    port: int
    direction: Direction
    max_bytes: int
    max_seconds: float


@dataclass(frozen=True, slots=True)
class Iperf3Report:
    """What both ends say of it. Bytes are TCP payload.

    received    bytes at the receiving end, in so many seconds there; of an upload that was stopped nobody knows
    sent        bytes at the sending end
    repeated    segments that were sent again, if known
    congestion  the sender's congestion control, "" where unknown
    version     of the program here: "3.12"
    stopped     whether it had to be stopped
    """

    received: int
    seconds: float
    sent: int
    repeated: int | None = None
    congestion: str = ""
    version: str = ""
    stopped: bool = False
