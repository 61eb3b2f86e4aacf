"""Echoes: tiny UDP packets to a responder that sends them back, spread over a while."""

from dataclasses import dataclass

from collectors.core.values import Secret


@dataclass(frozen=True, slots=True)
class EchoRequest:
    """One packet every `interval` seconds on average, at times that are random by half of it, for `seconds` seconds.

    patience  seconds that an answer may take; the last packet leaves that much before the end
    """

    host: str
    port: int
    key: Secret
    interval: float
    seconds: float
    patience: float = 2.0


@dataclass(frozen=True, slots=True)
class Echo:
    """One packet. at: seconds since the first one was due; round_trip: seconds without the time that the responder
    held it, None = no answer that is the responder's came within the patience.
    """

    at: float
    round_trip: float | None


@dataclass(frozen=True, slots=True)
class Echoes:
    """What became of them, in the order in which they were sent.

    refused     a machine on the way, or the responder's, said that nobody takes them
    duplicates  answers that had already come
    reordered   answers that came after the answer to a later packet
    used_bytes  of the IP layer, there and back
    """

    address: str
    echoes: tuple[Echo, ...]
    refused: bool = False
    duplicates: int = 0
    reordered: int = 0
    used_bytes: int = 0
