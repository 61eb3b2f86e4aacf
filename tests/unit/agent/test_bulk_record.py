"""What the client keeps of a flow, and which of the responder's reports it does not believe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.bulk_record import Pace, Record
from agent.responder.frames import ProtocolError
from agent.responder.protocol import Progress
from collectors.core.ports import Direction


def test_up_the_points_are_the_responders_reports() -> None:
    record = Record("up")
    for number in range(1, 4):
        record.reported(Progress(number * 0.02, number * 1000), elapsed=number * 0.02, sent=10_000)
    assert record.points == [(0.02, 1000), (0.04, 2000), (0.06, 3000)]
    assert record.arrived == 3000


LIES = {
    "more than was sent": [Progress(0.1, 10_000_000)],
    "what had arrived is gone": [Progress(0.1, 5000), Progress(0.2, 4000)],
    "back in time": [Progress(0.2, 1000), Progress(0.1, 1000)],
    "from the future": [Progress(9.0, 1000)],
}


@pytest.mark.parametrize("reports", LIES.values(), ids=LIES.keys())
def test_a_report_that_cannot_be_true_is_not_believed(reports: list[Progress]) -> None:
    record = Record("up")
    *fine, lie = reports
    for report in fine:
        record.reported(report, elapsed=0.5, sent=5000)
    with pytest.raises(ProtocolError):
        record.reported(lie, elapsed=0.5, sent=5000)


@pytest.mark.parametrize("direction", ["up", "down"])
def test_reports_that_come_too_thick_take_no_memory(direction: Direction) -> None:
    record = Record(direction)
    for number in range(100_000):
        record.reported(Progress(number * 1e-5, number), elapsed=2.0, sent=200_000)
    assert len(record.points) + len(record._pace) < 500
    assert record.arrived == (99_999 if direction == "up" else 0)


def paced(direction: Direction, *held: float) -> Record:
    """Looks 20 ms apart at a sender that was held back for so long in each interval."""
    record, total = Record(direction), 0.0
    for number, seconds in enumerate(held):
        total += seconds
        record.looked(number * 0.02, number)
        record.paced(Pace(number * 0.02, total, number * 10, 0.04 if number else 0.0))
    return record


def test_the_share_held_back_is_that_of_the_second_half() -> None:
    assert paced("up", *[0.02] * 20, *[0.0] * 20).held_back == pytest.approx(0.0, abs=0.06)
    assert paced("up", *[0.0] * 20, *[0.02] * 20).held_back == pytest.approx(1.0, abs=0.06)
    assert paced("up", *[0.005] * 40).held_back == pytest.approx(0.25, abs=0.01)


def test_the_round_trip_under_load_is_that_of_the_second_half() -> None:
    record = Record("up")
    for number in range(40):
        record.looked(number * 0.02, number)
        record.paced(Pace(number * 0.02, 0.0, 0, 0.02 if number < 20 else 0.07))
    assert record.loaded_round_trip == 0.07
    assert paced("up", *[0.0] * 40).repeated == 390


def test_nothing_is_said_of_a_sender_that_was_hardly_heard() -> None:
    assert Record("down").held_back is None
    assert Record("down").loaded_round_trip is None
    assert Record("down").repeated is None
    assert paced("up", 0.0, 0.0, 0.0).held_back is None


def test_reports_that_are_late_because_the_link_is_slow_say_nothing_of_the_second_half() -> None:
    record = Record("down")
    for number in range(120):
        record.looked(number * 0.02, number)
    for number in range(10):
        record.reported(Progress(number * 0.1, 0, number * 0.05), elapsed=2.4, sent=0)
    assert record.held_back is None


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 10**9), st.floats(0, 50)), max_size=60))
def test_no_report_makes_a_share_that_is_none(said: list[tuple[float, int, float]]) -> None:
    record = Record("down")
    for number, (seconds, size, held_back) in enumerate(said):
        record.looked(number * 0.02, number)
        record.reported(Progress(seconds, size, held_back), elapsed=5.0, sent=0)
    share = record.held_back
    assert share is None or 0 <= share <= 1
