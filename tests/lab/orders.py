"""What a person may tell a running lab to do, and how it is written on the command line."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.lab.errors import LabError
from tests.lab.services import SERVICES, Condition

UNITS = {"kbit": 1e3, "mbit": 1e6, "gbit": 1e9}
TIMES = {"s": 1.0, "m": 60.0, "h": 3600.0}


class PowerAction(StrEnum):
    """What befalls an office's mains."""

    CUT = "cut"
    RESTORE = "restore"
    LOW = "low"  # cut, and the battery nearly empty
    DEAD = "dead"  # cut, and the battery empty: UPS, machine and router go off


class LinkAction(StrEnum):
    """What befalls an office's link."""

    CUT = "cut"
    RESTORE = "restore"
    SHAPE = "shape"
    LOSS = "loss"


class AgentAction(StrEnum):
    """What befalls an office's agent."""

    KILL = "kill"
    START = "start"


@dataclass(frozen=True, slots=True)
class Power:
    """power OFFICE cut|restore|low|dead."""

    office: str
    action: PowerAction


@dataclass(frozen=True, slots=True)
class Plan:
    """power OFFICE plan TIME: from now on, in seconds."""

    office: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Link:
    """link OFFICE cut [TIME]|restore|shape RATE|loss SHARE. amount: seconds, bit/s or a share from 0 to 1."""

    office: str
    action: LinkAction
    amount: float = 0


@dataclass(frozen=True, slots=True)
class Service:
    """service NAME break|down|slow|freeze|maintenance|repair."""

    service: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Agent:
    """agent OFFICE kill|start."""

    office: str
    action: AgentAction


@dataclass(frozen=True, slots=True)
class Status:
    """status: the view, once."""


Order = Power | Plan | Link | Service | Agent | Status


USAGE = f"""\
  power OFFICE {"|".join(PowerAction)}
  power OFFICE plan TIME                                    a planned cut is told, and not made
  link OFFICE cut [TIME]|restore|shape RATE|loss SHARE      for example cut 12m, shape 2mbit, loss 10%
  service {"|".join(service.id for service in SERVICES)} {"|".join(Condition)}
  agent OFFICE {"|".join(AgentAction)}
  status
"""


def parse(words: Sequence[str], offices: Sequence[str]) -> Order:
    """LabError says what is wrong with the words and what may stand there."""
    match words:
        case ["power", office, "plan", time]:
            return Plan(_one_of(offices, office), seconds(time))
        case ["power", office, action]:
            return Power(_one_of(offices, office), PowerAction(_one_of(PowerAction, action)))
        case ["link", office, "shape", rate]:
            return Link(_one_of(offices, office), LinkAction.SHAPE, bits_per_second(rate))
        case ["link", office, "loss", amount]:
            return Link(_one_of(offices, office), LinkAction.LOSS, share(amount))
        case ["link", office, "cut", time]:
            return Link(_one_of(offices, office), LinkAction.CUT, seconds(time))
        case ["link", office, ("cut" | "restore") as action]:
            return Link(_one_of(offices, office), LinkAction(action))
        case ["service", service, condition]:
            service = _one_of([each.id for each in SERVICES], service)
            return Service(service, Condition(_one_of(Condition, condition)))
        case ["agent", office, action]:
            return Agent(_one_of(offices, office), AgentAction(_one_of(AgentAction, action)))
        case ["status"]:
            return Status()
        case _:
            raise LabError(f"{' '.join(words)!r} is not an order; there are\n{USAGE}")


def _one_of(choices: Iterable[str], text: str) -> str:
    if text in (known := [str(choice) for choice in choices]):
        return text
    raise LabError(f"{text!r} is none of {', '.join(known)}")


def bits_per_second(text: str) -> float:
    """Rates as tc writes them: 512kbit, 2mbit."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(kbit|mbit|gbit)", text)
    if not match or float(match[1]) == 0:
        raise LabError(f"{text!r} is not a rate; write 512kbit or 2mbit")
    return float(match[1]) * UNITS[match[2]]


def seconds(text: str) -> float:
    """For how long: 90s, 12m, 1h."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text)
    if not match or float(match[1]) == 0:
        raise LabError(f"{text!r} is not a time; write 90s or 12m")
    return float(match[1]) * TIMES[match[2]]


def share(text: str) -> float:
    """A percentage, as a number from 0 to 1."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)%", text)
    if not match or float(match[1]) > 100:
        raise LabError(f"{text!r} is not a share; write 10%")
    return float(match[1]) / 100
