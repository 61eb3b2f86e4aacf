"""States that nobody recorded, derived from real cards by their MIBs (tests/ups/derive.py): each gives its verdict."""

from collections.abc import Iterator

import pytest

from tests.fakes.snmp import parse_snmprec
from tests.ups.derive import State, derived
from tests.ups.product import looks_at, verdict
from tests.ups.recordings import Recording, recordings

LOOKS = 8  # under two minutes at the pace of a doubtful card: longer, a self-test that does not end is one no more


def cards(state: State) -> Iterator[tuple[Recording, dict[str, int | bytes | str]]]:
    for each in recordings():
        if each.has_state and (lines := derived(each, state)) is not None:
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
    assert count >= 30
