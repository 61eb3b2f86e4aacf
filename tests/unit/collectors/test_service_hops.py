"""A chain of redirects and the time: who is blamed when it is over."""

from collectors.core import Reason
from collectors.core.values import Duration
from tests.fakes.http import Page
from tests.unit.collectors.test_service_http import URL, probe, redirect

HOPS = {f"{URL}{number}": redirect(f"/{number + 1}", seconds={"processing": 0.5}) for number in range(1, 6)}


def test_a_chain_that_moves_all_the_time_is_too_slow_and_not_frozen() -> None:
    pages = {URL: redirect("/1", seconds={"processing": 0.5}), **HOPS, f"{URL}6": Page(hangs="processing")}
    reading = probe(pages, timeout=3.2, second_opinion=False)
    assert (reading.result, reading.evidence[-1]) == (
        Reason.TIMEOUT,
        "the redirects used up the time (phase processing)",
    )


def test_a_chain_that_ends_in_silence_is_frozen() -> None:
    pages = {URL: redirect("/1", seconds={"processing": 0.5}), f"{URL}1": Page(hangs="processing")}
    assert probe(pages, timeout=3.0, second_opinion=False).result is Reason.FROZEN


def test_a_silence_that_the_target_calls_frozen_is_so_at_the_end_of_a_chain_too() -> None:
    pages = {URL: redirect("/1", seconds={"processing": 0.5}), **HOPS, f"{URL}6": Page(hangs="processing")}
    assert probe(pages, timeout=3.2, second_opinion=False, stall=Duration(0.05)).result is Reason.FROZEN
