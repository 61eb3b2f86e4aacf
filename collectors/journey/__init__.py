"""Journeys: several requests in a row, as one errand of an officer makes them, within one budget of time.

A value of one answer (a Location, a cookie, a header, a JSON path, a group of a regex, the status) may stand in later
requests. Cookies live as long as one run. Clean-up steps run whatever happened before them, within time kept for them.
Never a login: a step that would send a password, a code or an identity number is refused when the configuration loads.
"""

from collections.abc import Mapping

from collectors.core import Ports, Reading, Schedule
from collectors.journey import metrics
from collectors.journey.report import reading
from collectors.journey.target import Target
from collectors.journey.travel import travel


def argument(text: str) -> Mapping[str, str]:
    """A journey does not fit on a command line."""
    raise ValueError(f"{text!r}: a journey is read from a file: communewatch probe journey {text} --config agent.yml")


class Journey:
    """The collector `journey`."""

    name = "journey"
    target = Target
    metrics = metrics.ALL
    schedule = Schedule(every=1800.0, timeout=600.0)
    needs = frozenset({"http"})
    argument = staticmethod(argument)

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """One run: every step until one fails, then the clean-up."""
        return reading(target, await travel(target, ports, timeout))


COLLECTOR = Journey()
