"""States that nobody recorded, derived from real cards by their MIBs (tests/ups/derive.py): each gives its verdict."""

from collections.abc import Iterator, Mapping
from itertools import groupby

import pytest

from collectors.core import ProbeError, Reason
from collectors.core.ports import Oid, SnmpValue
from tests.fakes.snmp import parse_snmprec
from tests.ups.derive import State, derived
from tests.ups.product import looks_at, play, value, verdict
from tests.ups.recordings import Recording, recordings

STATES = {"generex-ups_cs141": "bypass", "cetpower": "unknown"}  # recorded while they were not on mains
LOOKS = 8  # under two minutes at the pace of a doubtful card: longer, a self-test that does not end is one no more


def cards(state: State) -> Iterator[tuple[Recording, Mapping[Oid, SnmpValue]]]:
    for each in recordings():
        if (lines := derived(each, state)) is not None:
            yield each, parse_snmprec(lines)


@pytest.mark.parametrize("state", list(State))
async def test_a_derived_card_gives_its_verdict_within_two_looks_and_no_wrong_one_before(state: State) -> None:
    wrong: list[str] = []
    count = 0
    for recording, answers in cards(state):
        first, *rest = [verdict(reading) for reading in await looks_at(answers, LOOKS)]
        if first not in (state.verdict, "unknown") or set(rest) != {state.verdict}:
            wrong.append(f"{recording.stem}: {', '.join((first, *rest))}")
        count += 1
    assert not wrong, "\n".join(wrong)
    assert count >= (30 if state is not State.DIP else 7)


async def test_an_outage_from_its_beginning_to_its_end_is_told_in_order_and_once() -> None:
    silent = ProbeError(Reason.NO_ANSWER, "no answer")
    wrong: list[str] = []
    for recording, outage in cards(State.OUTAGE):
        low, back = (parse_snmprec(derived(recording, state) or ()) for state in (State.LOW_BATTERY, State.RECOVERED))
        scenes = ((recording.answers(), 3), (outage, 5), (low, 5), (silent, 4), (back, 5), (recording.answers(), 3))
        told = [word for word, _ in groupby(verdict(reading) for reading in await play(scenes))]
        first = STATES.get(recording.stem, "mains")
        whole = [first, "outage", "low_battery", "no_answer", "mains", *([first] if first != "mains" else [])]
        if [word for word in told if word != "unknown" or first == "unknown"] != whole:
            wrong.append(f"{recording.stem}: {', '.join(told)}")
    assert not wrong, "\n".join(wrong)


async def test_a_dip_between_two_looks_is_counted_and_is_no_outage() -> None:
    for recording, dipped in cards(State.DIP):
        if recording.stem not in STATES:
            readings = await play(((recording.answers(), 3), (dipped, 3)))
            assert {verdict(reading) for reading in readings} == {"mains"}, recording.stem
            counted = [value(reading, "ups_disturbances_total") for reading in readings]
            assert counted == [0, 0, 0, 1, 1, 1], recording.stem
