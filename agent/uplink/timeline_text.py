"""The timeline as a text that outlives the agent: JSON, so that a person at the machine can read it too."""

import json
import math
from typing import Any

from agent.uplink.course import Course, Knot
from agent.uplink.timeline import Timeline

_VERSION = 1


def write(timeline: Timeline) -> str:
    """ASCII without line ends. It changes only with news: what may have left, and that all is right, is not in it."""
    plain = [
        {
            "boot": one.boot,
            "begun": one.begun,
            "ended": one.ended,
            "battery": one.battery,
            "rank": one.rank,
            "knots": [[knot.at, knot.offset] for knot in one.knots],
        }
        for one in timeline.courses
    ]
    return json.dumps({"version": _VERSION, "boots": plain}, allow_nan=False)


def read(text: str) -> Timeline:
    """The timeline that `write` gave. Raises ValueError for anything else."""
    try:
        found = json.loads(text)
        if found["version"] != _VERSION:
            raise ValueError(f"version {found['version']!r} of the timeline is not known here")
        return Timeline(tuple(_course(one) for one in found["boots"]))
    except (KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"is not a timeline: {type(error).__name__}") from None


def _course(found: Any) -> Course:
    knots = tuple(Knot(_number(at), _number(offset)) for at, offset in found["knots"])
    return Course(
        boot=str(found["boot"]),
        begun=_number(found["begun"]),
        ended=None if found["ended"] is None else _number(found["ended"]),
        battery=None if found["battery"] is None else _number(found["battery"]),
        knots=knots,
        rank=int(_number(found["rank"])),
        confirmed=knots[-1].at if knots else 0.0,
    )


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError
    return float(value)
