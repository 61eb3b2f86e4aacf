"""What people were told: the messages that the sink took, with what the relay says in its log of each of them."""

import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.campaign.sink import Delivery

_DELIVERED = "delivered"
_FIELDS = ("alert", "cause", "scope", "severity", "province", "office", "service", "operator")


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one channel. at: seconds; firing: false = resolved; the rest as the relay's log has it.

    office, province and service may name several, with commas between.
    """

    at: float
    channel: str
    firing: bool
    alert: str = ""
    cause: str = ""
    scope: str = ""
    severity: str = ""
    province: str = ""
    office: str = ""
    service: str = ""
    operator: str = ""


def told(messages: Mapping[str, Sequence[Delivery]], log: Iterable[str]) -> Iterator[Notice]:
    """A channel's messages go out one after the other, so its n-th line in the log is its n-th message. Unix times."""
    facts = _delivered(log)
    for channel, deliveries in messages.items():
        for delivery, said in zip(deliveries, facts.get(channel, ()), strict=False):
            words = {name: said.get(name, "") for name in _FIELDS}
            yield Notice(delivery.at, channel, said.get("status") == "firing", **words)


def _delivered(log: Iterable[str]) -> Mapping[str, Sequence[Mapping[str, str]]]:
    found: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for line in log:
        if f"event={_DELIVERED}" in line:
            said = dict(part.split("=", 1) for part in shlex.split(line) if "=" in part)
            found[said["channel"]].append(said)
    return found
