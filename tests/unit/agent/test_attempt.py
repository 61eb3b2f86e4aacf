"""What it means that the time was over: the borders between frozen, too slow, unreachable and a silent name server."""

import pytest

from agent.io.attempt import ran_out
from collectors.core import NameFailure, Reason


@pytest.mark.parametrize(
    ("phase", "silence", "reason"),
    [
        ("resolve", 10.0, Reason.DNS),
        ("connect", 10.0, Reason.UNREACHABLE),
        ("tls", 0.0, Reason.FROZEN),
        ("processing", 0.0, Reason.FROZEN),
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
