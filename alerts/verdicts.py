"""The words of the one verdict on every office, and of what it stands on: both closed lists."""

from enum import StrEnum

from alerts.stories import Silence


class Verdict(StrEnum):
    """What is wrong with an office."""

    OK = "ok"
    POWER = "power"
    LAN = "lan"  # its own network: cables, switches, the router
    LINK = "link"
    AGENT = "agent"  # the monitoring itself
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """What a verdict stands on; of a silent office one of Silence."""

    HEARD = "heard"  # its agent speaks, and nothing that it says is wrong with the office
    BATTERY = "battery"  # the UPS feeds it, or did at the last word
    OPERATOR = "operator"  # most of its operator's customers there are lost, too
    CUT_OFF = "cut_off"  # neither the reference nor any service answers
    DOWN = "down"  # none of its links leads outside
    LOSSY = "lossy"  # all of them lose packets
    WAY = "way"  # a look at the way has found the place
    ALONE = "alone"  # it reaches no service at all, and others reach them
    NAMES = "names"  # a name server lies or is silent


EVIDENCE: tuple[str, ...] = (*Evidence, *Silence)
