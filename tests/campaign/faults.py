"""What can happen to offices, as frozen values. Times are seconds of simulated time since a batch began."""

from dataclasses import dataclass
from enum import StrEnum

from collectors.core import Reason


class Kind(StrEnum):
    """What fails. Whoever draws a scenario has worked out by then whom it reaches: cascades are faults of their own."""

    POWER = "power"  # mains
    LINE = "line"  # the first link carries nothing; detail: "" or "down" (its interface, too)
    LOSS = "loss"  # it loses packets; amount: the share
    WAY = "way"  # it leads to the province, and not to the services: broken in the operator's network
    SERVICE = "service"  # service, reason
    LAN = "lan"  # the office's own network: nobody gets as far as the router
    NAMES = "names"  # the name server is silent
    AGENT = "agent"  # the program is dead, the machine is not
    CLOCK = "clock"  # the machine's clock is wrong; amount: seconds ahead
    PLAN = "plan"  # no fault: the power company has said that it will cut these offices then
    CENTRE = "centre"  # the centre's own line: offices are well, and heard by nobody
    STORE = "store"  # the centre's Prometheus is killed at the start, and back at the end


@dataclass(frozen=True, slots=True)
class Fault:
    """One of them, from `start` to before `end`, at all of these offices."""

    kind: Kind
    offices: frozenset[str]
    start: float
    end: float
    service: str = ""
    reason: Reason = Reason.OK
    amount: float = 0.0

    def at(self, moment: float) -> bool:
        return self.start <= moment < self.end
