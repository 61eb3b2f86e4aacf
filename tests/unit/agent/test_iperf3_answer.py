"""iperf3's JSON, read strictly: complaints have reasons, and what cannot be true is no figure."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.iperf3 import read
from collectors.core import ProbeError, Reason
from collectors.core.ports import Direction, Iperf3Report


def answer(**more: Any) -> dict[str, Any]:
    """Of an upload of 12.5 MB, of which 12 MB have arrived."""
    sent = {"seconds": 4.0, "bytes": 12_500_000, "retransmits": 7}
    received = {"seconds": 5.0, "bytes": 12_000_000}
    end = {"sum_sent": sent, "sum_received": received, "sender_tcp_congestion": "cubic"}
    return {"start": {"version": "iperf 3.12"}, "intervals": [], "end": end, **more}


def understood(said: object, direction: Direction = "up") -> Iperf3Report:
    return read(json.dumps(said).encode(), direction)


def test_both_ends_are_told_with_version_and_congestion_control() -> None:
    assert understood(answer()) == Iperf3Report(12_000_000, 5.0, 12_500_000, 7, "cubic", "3.12")


def test_an_upload_takes_at_least_the_time_that_it_took_here() -> None:
    hasty = answer()
    hasty["end"]["sum_received"]["seconds"] = 0.001
    assert understood(hasty).seconds == 4.0
    assert understood(hasty, "down").seconds == 0.001


def test_one_that_was_stopped_still_tells_what_it_saw() -> None:
    report = understood(answer(error="interrupt - the client has terminated"), "down")
    assert report.stopped
    assert report.received == 12_000_000


COMPLAINTS = {
    "the server is busy running a test. try again later": Reason.BUSY,
    "error - the server is busy running a test. try again later": Reason.BUSY,
    "unable to connect to server: Connection refused": Reason.REFUSED,
    "unable to connect to server - server may have stopped running: Connection timed out": Reason.UNREACHABLE,
    "unable to connect to server: No route to host": Reason.UNREACHABLE,
    "test authorization failed: access denied": Reason.DENIED,
    "control socket has closed unexpectedly": Reason.ERROR,
    "": Reason.ERROR,
}


@pytest.mark.parametrize(("complaint", "reason"), COMPLAINTS.items(), ids=COMPLAINTS.keys())
def test_a_complaint_has_a_reason(complaint: str, reason: Reason) -> None:
    with pytest.raises(ProbeError, match="iperf3") as caught:
        understood({"start": {}, "end": {}, "error": complaint})
    assert caught.value.reason is reason


def touched(part: str, name: str, value: object) -> dict[str, Any]:
    whole = answer()
    whole["end"][part][name] = value
    return whole


UNTRUE = {
    "no object": [],
    "nothing": {},
    "no end": {"start": {}},
    "a negative number": touched("sum_received", "seconds", -1),
    "more than can be": touched("sum_received", "bytes", 1e300),
    "not a number": touched("sum_received", "bytes", "many"),
    "true": touched("sum_received", "bytes", True),
    "infinite": touched("sum_sent", "seconds", 1e999),
    "more than was sent": touched("sum_received", "bytes", 13_000_000),
}


@pytest.mark.parametrize("said", UNTRUE.values(), ids=UNTRUE.keys())
def test_what_cannot_be_true_is_a_bad_answer(said: object) -> None:
    with pytest.raises(ProbeError) as caught:
        understood(said)
    assert caught.value.reason is Reason.BAD_ANSWER


@given(st.binary(max_size=300) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.dictionaries(st.sampled_from(["start", "end", "sum_sent", "sum_received", "bytes", "seconds",
                                                   "error", "version", "retransmits"]), inner, max_size=5),
    max_leaves=12,
).map(lambda found: json.dumps(found).encode()))  # fmt: skip
def test_whatever_the_program_says_is_borne(said: bytes) -> None:
    try:
        report = read(said, "up")
    except ProbeError:
        return
    assert report.received <= report.sent * 1.01
    assert report.seconds >= 0
