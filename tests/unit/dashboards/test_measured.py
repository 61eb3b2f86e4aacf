"""Each test is counted once, however often it was scraped."""

import pytest

from dashboards.reports.measured import Measurement, Scraped, Tally, contract_on

EVER = (0.0, 1e12)


def scrapes(*values: float, start: float = 1000.0, step: float = 60.0) -> list[tuple[float, float]]:
    return [(start + place * step, value) for place, value in enumerate(values)]


def tally(*windows: Scraped, begin: float = EVER[0], end: float = EVER[1]) -> Tally:
    found = Tally()
    for window in windows:
        found.add(window, begin, end)
    return found


def test_a_result_that_was_scraped_many_times_is_one_test() -> None:
    found = tally(Scraped(stamps=scrapes(990, 990, 990, 1170), rates=scrapes(5, 5, 5, 7), valid=scrapes(1, 1, 1, 1)))
    assert found.measurements == [Measurement(990, 5), Measurement(1170, 7)]


def test_two_tests_with_the_same_rate_are_two_tests() -> None:
    found = tally(Scraped(stamps=scrapes(990, 1050), rates=scrapes(5, 5), valid=scrapes(1, 1)))
    assert [measurement.rate for measurement in found.measurements] == [5, 5]


def test_a_test_that_is_not_valid_counts_without_a_rate() -> None:
    found = tally(Scraped(stamps=scrapes(990, 1050), rates=scrapes(5, 5), valid=scrapes(1, 0)))
    assert [measurement.rate for measurement in found.measurements] == [5, None]


def test_a_rate_without_a_word_on_its_validity_is_not_believed() -> None:
    assert tally(Scraped(stamps=scrapes(990), rates=scrapes(5))).measurements == [Measurement(990, None)]


def test_a_valid_test_whose_rate_is_missing_has_none() -> None:
    assert tally(Scraped(stamps=scrapes(990), valid=scrapes(1))).measurements == [Measurement(990, None)]


def test_windows_that_overlap_count_a_test_once() -> None:
    window = Scraped(stamps=scrapes(990, 1050), rates=scrapes(5, 6), valid=scrapes(1, 1))
    assert len(tally(window, window).measurements) == 2


def test_a_result_that_lasts_into_the_next_window_is_not_counted_again() -> None:
    first = Scraped(stamps=scrapes(990), rates=scrapes(5), valid=scrapes(1))
    second = Scraped(
        stamps=scrapes(990, 9999, start=10_000), rates=scrapes(5, 6, start=10_000), valid=scrapes(1, 1, start=10_000)
    )
    assert [measurement.stamp for measurement in tally(first, second).measurements] == [990, 9999]


def test_last_months_result_that_is_still_shown_does_not_count() -> None:
    found = tally(Scraped(stamps=scrapes(990, 1055), rates=scrapes(5, 6), valid=scrapes(1, 1)), begin=1000, end=2000)
    assert [measurement.stamp for measurement in found.measurements] == [1055]


def test_a_test_of_the_last_minute_counts_though_it_was_scraped_after_midnight() -> None:
    found = tally(
        Scraped(stamps=scrapes(1999, start=2010), rates=scrapes(6, start=2010), valid=scrapes(1, start=2010)), end=2000
    )
    assert len(found.measurements) == 1


def test_a_stamp_from_the_future_is_set_aside_and_counted() -> None:
    found = tally(Scraped(stamps=scrapes(5000, 1055), rates=scrapes(5, 6), valid=scrapes(1, 1)))
    assert found.clock_ahead == 1
    assert [measurement.stamp for measurement in found.measurements] == [1055]


def test_a_clock_that_is_a_little_ahead_is_forgiven() -> None:
    assert tally(Scraped(stamps=scrapes(1290), valid=scrapes(1))).clock_ahead == 0


def test_a_test_says_what_it_spent_valid_or_not() -> None:
    found = tally(Scraped(stamps=scrapes(990, 1050), valid=scrapes(1, 0), bytes_used=scrapes(100, 50)))
    assert [measurement.bytes_used for measurement in found.measurements] == [100, 50]


def test_a_test_without_a_figure_says_why() -> None:
    (found,) = tally(
        Scraped(stamps=scrapes(990), valid=scrapes(0), at_least=scrapes(7),
                doubts={"scattered": scrapes(1), "busy": scrapes(1)})
    ).measurements  # fmt: skip
    assert (found.why, found.at_least) == (("busy", "scattered"), None)


def test_what_a_faster_line_was_seen_to_carry_counts_only_where_that_is_the_only_doubt() -> None:
    (found,) = tally(
        Scraped(stamps=scrapes(990), valid=scrapes(0), at_least=scrapes(7), doubts={"unsaturated": scrapes(1)})
    ).measurements
    assert (found.rate, found.at_least) == (None, 7)


def test_a_test_in_an_outage_is_marked() -> None:
    found = tally(Scraped(stamps=scrapes(990, 1050), rates=scrapes(5, 5), valid=scrapes(1, 1), outages=[1060.0]))
    assert [test.outage for test in found.measurements] == [False, True]


@pytest.mark.parametrize(("day", "contract"), [(1, 10), (2, 10), (4, 10), (5, 20), (9, 20)])
def test_a_day_without_facts_keeps_the_contract_known_before(day: int, contract: float) -> None:
    assert contract_on(day, {2: 10, 3: 10, 5: 20}) == contract


def test_without_facts_there_is_no_contract() -> None:
    assert contract_on(3, {}) is None
