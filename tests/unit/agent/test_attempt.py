"""What it means that the time was over: the borders between frozen, too slow, unreachable and a silent name server."""

import pytest

from agent.io.attempt import ran_out
from collectors.core import NameFailure, Reason


@pytest.mark.parametrize(
    ("phase", "silence", "reason"),
    [
        ("resolve", 10.0, Reason.DNS),
        ("connect", 10.0, Reason.UNREACHABLE),
        ("tls", 2.49, Reason.TIMEOUT),
        ("tls", 2.5, Reason.FROZEN),
        ("processing", 2.49, Reason.TIMEOUT),
        ("processing", 2.5, Reason.FROZEN),
        ("transfer", 2.49, Reason.TIMEOUT),
        ("transfer", 2.5, Reason.FROZEN),
        ("talk", 2.49, Reason.TIMEOUT),
        ("talk", 10.0, Reason.FROZEN),
    ],
)
def test_the_phase_in_which_the_time_was_over_says_what_was_wrong(phase: str, silence: float, reason: Reason) -> None:
    failure = ran_out(phase, silence, 10.0)
    assert (failure.reason, failure.phase) == (reason, phase)


def test_only_a_name_server_is_blamed_for_a_name() -> None:
    assert ran_out("resolve", 10.0, 10.0).name_failure is NameFailure.TIMEOUT
    assert ran_out("connect", 10.0, 10.0).name_failure is None


@pytest.mark.parametrize(
    ("phase", "answered", "words"),
    [
        ("tls", False, "silence in the TLS handshake"),
        ("tls", True, "stopped half way"),
        ("processing", False, "no first byte"),
        ("talk", False, "the server says nothing"),
        ("talk", True, "stopped half way"),
        ("transfer", True, "stopped half way"),
    ],
)
def test_silence_from_the_first_is_told_apart_from_silence_half_way(phase: str, answered: bool, words: str) -> None:
    assert words in ran_out(phase, 5.0, 10.0, answered=answered).message
