"""Looks at one made-up UPS, and what the machine makes of them."""

from collections.abc import Sequence
from dataclasses import replace

from collectors.ups.canonical import Condition, Observation, Source
from collectors.ups.power import Judgement, State, Verdict, step

MAINS = Observation(
    source=Source.LINE, input_voltage={1: 231.0}, output_voltage={1: 230.0}, nominal_voltage=230.0, charge=1.0,
    runtime=3600.0,
)  # fmt: skip
CUT = replace(MAINS, source=Source.BATTERY, input_voltage={1: 0.0})
BLIND = replace(CUT, input_voltage={})  # on battery, and the input is not measured
DOUBTFUL = replace(CUT, input_voltage={1: 231.0})  # on battery, although the input is good
TEST = replace(DOUBTFUL, conditions={Condition.TEST_RUNNING: True})
LOST = replace(MAINS, conditions={Condition.LINK_LOST: True})

Look = tuple[float, Observation | None]


def judged(*looks: Look) -> Judgement:
    """The last judgement of these looks; each with its monotonic time."""
    return history(looks)[-1]


def history(looks: Sequence[Look]) -> list[Judgement]:
    state, found = State(), []
    for at, seen in looks:
        state, judgement = step(state, seen, at)
        found.append(judgement)
    return found


def verdicts(*looks: Look) -> list[Verdict]:
    return [judgement.verdict for judgement in history(looks)]


def every(seconds: float, until: float, seen: Observation, first: float = 0.0) -> list[Look]:
    """The same look again and again; a count of seconds that it carries stands still."""
    return [(first + number * seconds, seen) for number in range(int((until - first) / seconds) + 1)]


def counting(seconds: float, until: float, seen: Observation) -> list[Look]:
    """As `every`, with the UPS's own count of seconds on battery running."""
    return [(at, replace(seen, on_battery_time=at)) for at, _ in every(seconds, until, seen)]
