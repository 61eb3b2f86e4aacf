"""Question and answer between the agent and its helper: one JSON object each, and nothing is believed unread."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from ipaddress import IPv4Address
from typing import Any

from collectors.core import ProbeError, Reason
from collectors.core.ports import Method, Packet, Reply, Trace, Word

MOST_PACKETS = 600
LONGEST = 60.0  # seconds
PATIENCE = 4 / 3  # rounds: for so long the answers to the last packets are waited for
MOST_BYTES = 256 * 1024  # of an answer
_LARGEST = 1500
_SMALLEST = 64


@dataclass(frozen=True, slots=True)
class Question:
    """What the helper is to find out within so many seconds; apart: seconds between the starts of two rounds."""

    address: str
    port: int
    methods: tuple[Method, ...]
    most_hops: int
    rounds: int
    sizes: tuple[int, ...]
    seconds: float
    apart: float

    def __post_init__(self) -> None:
        """ValueError for what would be a flood, or no packet at all."""
        IPv4Address(self.address)
        packets = self.rounds * (self.most_hops * len(self.methods) + len(self.sizes))
        if not (0 < packets <= MOST_PACKETS and 1 <= self.most_hops <= 64 and 0 < self.port < 65536):
            raise ValueError(f"{packets} packets over {self.most_hops} hops are out of bounds")
        if not all(_SMALLEST <= size <= _LARGEST for size in self.sizes) or not 0 < self.seconds <= LONGEST:
            raise ValueError("a size or the time is out of bounds")
        if not 0 < self.apart <= self.seconds:
            raise ValueError("the time between two rounds is out of bounds")

    def dump(self) -> bytes:
        """One line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def load(cls, line: bytes) -> "Question":
        """ValueError for anything but what `dump` writes."""
        try:
            found = json.loads(line)
            methods, sizes = (
                tuple(Method(name) for name in found["methods"]),
                tuple(int(size) for size in found["sizes"]),
            )
            rest = {key: found[key] for key in ("port", "most_hops", "rounds")}
            numbers = {key: int(value) for key, value in rest.items()}
            seconds, apart = float(found["seconds"]), float(found["apart"])
            return cls(str(found["address"]), methods=methods, sizes=sizes, seconds=seconds, apart=apart, **numbers)
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError(f"no question: {error}") from None


def dump_trace(trace: Trace) -> bytes:
    """What was found."""
    return json.dumps(asdict(trace)).encode()


def dump_problem(reason: Reason, message: str) -> bytes:
    """Why nothing was."""
    return json.dumps({"problem": reason, "message": message}).encode()


def load_trace(answer: bytes) -> Trace:
    """What the helper found. Raises ProbeError: its own, or INTERNAL where the answer is none."""
    try:
        found = json.loads(answer)
        if "problem" in found:
            raise ProbeError(Reason(found["problem"]), str(found["message"]))
        return Trace(str(IPv4Address(found["address"])), _packets(found["packets"]), _packets(found["sized"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ProbeError(Reason.INTERNAL, "the helper that traces paths gave no answer") from None


def _packets(entries: Iterable[Any]) -> tuple[Packet, ...]:
    found = tuple(_packet(entry) for entry in entries)
    if len(found) > MOST_PACKETS:
        raise ValueError("more packets than were asked for")
    return found


def _packet(entry: Any) -> Packet:
    reply = entry["reply"]
    if reply is not None:
        address, seconds = str(IPv4Address(reply["address"])), max(0.0, float(reply["seconds"]))
        reply = Reply(address, Word(reply["word"]), seconds, int(reply["mtu"]))
    return Packet(Method(entry["method"]), int(entry["distance"]), int(entry["size"]), reply)
