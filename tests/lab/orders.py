"""What a person may tell a running lab to do, and how it is written on the command line."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from tests.lab.errors import LabError
from tests.lab.services import SERVICES, Condition

UNITS = {"kbit": 1e3, "mbit": 1e6, "gbit": 1e9}


class PowerAction(StrEnum):
    """What befalls an office's mains."""

    CUT = "cut"
    RESTORE = "restore"
    LOW = "low"  # cut, and the battery nearly empty


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
    """power OFFICE cut|restore|low."""

    office: str
    action: PowerAction


@dataclass(frozen=True, slots=True)
class Link:
    """link OFFICE cut|restore|shape RATE|loss SHARE. amount: bit/s or a share from 0 to 1."""

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


Order = Power | Link | Service | Agent | Status


def parse(words: Sequence[str], offices: Sequence[str]) -> Order:
    """LabError says what is wrong with the words and what may stand there."""
    parser = _Parser(prog="python -m tests.lab", add_help=False)
    add_orders(parser, offices)
    return order_of(parser.parse_args(list(words)))


def add_orders(parser: argparse.ArgumentParser, offices: Sequence[str] = ()) -> None:
    """Add a subcommand per kind of order. Without `offices` any office's name is taken."""
    verbs = parser.add_subparsers(dest="verb", metavar="ORDER", title="orders to a running lab")
    choices = tuple(offices) or None
    power = verbs.add_parser("power", help="cut|restore|low: an office's mains")
    power.add_argument("subject", metavar="OFFICE", choices=choices)
    power.add_argument("action", choices=list(map(str, PowerAction)))
    link = verbs.add_parser("link", help="cut|restore|shape RATE|loss SHARE: an office's link")
    link.add_argument("subject", metavar="OFFICE", choices=choices)
    link.add_argument("action", choices=list(map(str, LinkAction)))
    link.add_argument("amount", nargs="?", help="for shape, such as 2mbit; for loss, such as 10%%")
    service = verbs.add_parser("service", help=f"{'|'.join(Condition)}: a service's host")
    service.add_argument("subject", metavar="SERVICE", choices=[service.id for service in SERVICES])
    service.add_argument("action", choices=list(map(str, Condition)))
    agent = verbs.add_parser("agent", help="kill|start: an office's agent")
    agent.add_argument("subject", metavar="OFFICE", choices=choices)
    agent.add_argument("action", choices=list(map(str, AgentAction)))
    verbs.add_parser("status", help="print the view once")


def order_of(arguments: argparse.Namespace) -> Order:
    """The order that a parser with `add_orders` has read."""
    match arguments.verb:
        case "power":
            return Power(arguments.subject, PowerAction(arguments.action))
        case "link":
            action = LinkAction(arguments.action)
            return Link(arguments.subject, action, _amount(action, arguments.amount))
        case "service":
            return Service(arguments.subject, Condition(arguments.action))
        case "agent":
            return Agent(arguments.subject, AgentAction(arguments.action))
        case "status":
            return Status()
        case _:
            raise LabError("say power, link, service, agent or status")


def _amount(action: LinkAction, text: str | None) -> float:
    if action is LinkAction.SHAPE:
        return bits_per_second(text or "")
    if action is LinkAction.LOSS:
        return share(text or "")
    if text is not None:
        raise LabError(f"link ... {action} takes no {text!r}")
    return 0


def bits_per_second(text: str) -> float:
    """Rates as tc writes them: 512kbit, 2mbit."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(kbit|mbit|gbit)", text)
    if not match or float(match[1]) == 0:
        raise LabError(f"{text!r} is not a rate; write 512kbit or 2mbit")
    return float(match[1]) * UNITS[match[2]]


def share(text: str) -> float:
    """A percentage, as a number from 0 to 1."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)%", text)
    if not match or float(match[1]) > 100:
        raise LabError(f"{text!r} is not a share; write 10%")
    return float(match[1]) / 100


class _Parser(argparse.ArgumentParser):
    """Raises instead of leaving the program: it also reads what arrives on the control socket."""

    def error(self, message: str) -> NoReturn:
        raise LabError(message)
