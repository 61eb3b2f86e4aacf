"""What the receiver of a train may ask its sender for, and what both ends tell each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.train.packet import SESSION, read_stop, stop
from agent.responder.frames import Frames
from agent.responder.summary import heard_frame, read_heard, read_sent, sent_frame
from collectors.capacity.bursts import LONG, MOST_BURSTS, SHORT, Wanted
from collectors.core.ports import Ending, Heard, Sent

OURS = bytes(range(SESSION))
MOST = 1e7  # bytes per second


@pytest.mark.parametrize("wanted", [SHORT.at(2.5e6), LONG.at(MOST), Wanted(0.0, 0, 0.0)])
def test_a_stop_says_which_bursts_are_wanted(wanted: Wanted) -> None:
    assert read_stop(OURS, stop(OURS, wanted), MOST) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        SHORT.at(1.01 * MOST),
        SHORT.at(-1.0),
        SHORT.at(float("nan")),
        Wanted(MOST, MOST_BURSTS + 1, 0.015),
        Wanted(MOST, MOST_BURSTS, 1.1 * LONG.seconds),
        Wanted(MOST, MOST_BURSTS, float("inf")),
    ],
)
def test_no_stop_makes_a_sender_send_more_than_a_probe_needs(wanted: Wanted) -> None:
    assert read_stop(OURS, stop(OURS, wanted), MOST) is None


@given(st.binary(max_size=64))
def test_garbage_and_the_stop_of_another_session_are_no_stop(data: bytes) -> None:
    assert read_stop(OURS, data, MOST) is None
    assert read_stop(OURS, stop(bytes(SESSION), SHORT.at(MOST)), MOST) is None


def payload(message: bytes) -> bytes:
    ((_, found),) = Frames().feed(message)
    return found


def test_what_one_end_saw_arrives_whole_at_the_other() -> None:
    heard = Heard(Ending.QUEUE, 1.0, 2.0, (3.0, 4.0), 5.0, True, True, 6, 7, 8.0, 9, 0.1, 0.2)
    assert read_heard(payload(heard_frame(heard))) == heard
    sent = Sent(1.0, 2.0, 3, tuple(float(each) for each in range(1, MOST_BURSTS + 1)), 0.5)
    assert read_sent(payload(sent_frame(sent))) == sent
