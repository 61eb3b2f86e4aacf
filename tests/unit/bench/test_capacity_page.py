"""What the bench makes of its probes: the verdict on each aim, and a page whose sections can be made anew."""

from dataclasses import replace

import pytest

from collectors.capacity.estimate import Doubt, Estimate
from tests.bench.capacity.aims import aims
from tests.bench.capacity.cells import CELLS, FURTHER, Cell, Others
from tests.bench.capacity.harm import Harm
from tests.bench.capacity.measure import Run, Tested
from tests.bench.capacity.section import SHORT_CELLS, section
from tests.bench.capacity.table import summary, table
from tests.bench.sections import with_section

IPERF3 = ((-0.01, 25_000_000, 10.3),) * 2
GOOD = Run("down", Estimate((), 2.5e6), 0.001, 500_000, 0.5, 0.6)
UNSATURATED = Run("down", Estimate((Doubt.NO_KNEE,), at_least=3e6), None, 4_000_000, 1.5, 1.6)
HARM = Harm(20, "down", 0.1, 0.15, 0.4)


def on_line(cell: Cell, *runs: Run) -> Tested:
    return Tested(cell, runs, IPERF3)


def verdict(words: str, *tried: Tested, harms: tuple[Harm, ...] = ()) -> tuple[str, bool | None]:
    (found,) = [aim for aim in aims(tried, harms) if words in aim.words]
    return found.found, found.met


IDLE = Cell("20 Mbit/s", 20)


@pytest.mark.parametrize(("error", "met"), [(0.009, True), (-0.009, True), (0.011, False)])
def test_the_median_of_an_idle_line_decides(error: float, met: bool) -> None:
    runs = [replace(GOOD, error=each) for each in (error, error, 0.2)]
    assert verdict("idle", on_line(IDLE, *runs)) == (f"{abs(error):.2%} to {abs(error):.2%}", met)


def test_the_worst_line_counts() -> None:
    busy = [replace(IDLE, others=others) for others in (Others.UDP, Others.WEB)]
    found = on_line(busy[0], GOOD), on_line(busy[1], replace(GOOD, error=0.03))
    assert verdict("UDP or web", *found)[1] is False


@pytest.mark.parametrize(("size", "met"), [(600_000, True), (700_000, False)])
def test_bytes_are_compared_with_those_of_iperf3_in_the_same_line(size: int, met: bool) -> None:
    assert verdict("bytes from 20", on_line(IDLE, replace(GOOD, size=size)))[1] is met


@pytest.mark.parametrize(("seconds", "met"), [(0.85, True), (0.95, False)])
def test_a_round_trip_is_allowed_for_four_times(seconds: float, met: bool) -> None:
    assert verdict("0.8 s", on_line(replace(IDLE, round_trip=0.03), replace(GOOD, seconds=seconds)))[1] is met


def test_a_figure_behind_a_deep_policer_is_wrong_however_near() -> None:
    policer = replace(IDLE, title="policer", policed=True)
    assert verdict("policer", on_line(policer, UNSATURATED)) == ("1 of 1 unsaturated, 0 figures", True)
    assert verdict("policer", on_line(policer, UNSATURATED, GOOD))[1] is False


def test_what_is_not_accepted_on_a_busy_machine_is_not_wrong() -> None:
    hogs = replace(IDLE, title="busy", hogs=2)
    assert verdict("busy loops", on_line(hogs, UNSATURATED))[1] is True
    assert verdict("busy loops", on_line(hogs, replace(GOOD, error=0.06)))[1] is False


def test_all_accepted_figures_are_judged_from_three_hundred_probes_on() -> None:
    assert verdict("95 of 100", on_line(IDLE, *[GOOD] * 299))[1] is None
    assert verdict("95 of 100", on_line(IDLE, *[GOOD] * 300))[1] is True
    assert verdict("95 of 100", on_line(IDLE, *[GOOD] * 280, *[replace(GOOD, error=0.1)] * 20))[1] is False


def test_web_objects_may_take_twice_as_long_during_a_probe() -> None:
    assert verdict("web objects", harms=(HARM,)) == ("1.5 (iperf3: 4.0)", True)
    assert verdict("web objects", harms=(replace(HARM, probed=0.21),))[1] is False


def test_an_aim_that_was_not_tried_is_neither_met_nor_missed() -> None:
    assert verdict("1 % lost") == ("not tried", None)


def test_rejected_probes_are_counted_by_their_reasons() -> None:
    failed = Run("up", None, None, 0, 1.0, 1.0, "nobody there")
    said = summary([on_line(IDLE, GOOD, UNSATURATED, UNSATURATED, failed)])
    assert "4 probes, 1 with a figure" in said
    assert said.endswith("Without one: unsaturated 2, nobody there 1.")


def test_a_section_holds_the_table_the_harm_and_the_aims() -> None:
    found = section([on_line(IDLE, GOOD)], [HARM], 5, 10, 21.0)
    assert table([on_line(IDLE, GOOD)]) in found
    assert HARM.row() in found
    assert "| idle, 5 to 100 Mbit/s" in found


def test_a_section_takes_the_place_of_the_older_one_and_leaves_the_others() -> None:
    page = "# Page\n\n## One\n\nold\n\n## Two\n\nkept\n"
    assert with_section(page, "## One\n\nnew\n") == "# Page\n\n## One\n\nnew\n\n## Two\n\nkept\n"
    assert with_section(page, "## Two\n\nnew\n") == "# Page\n\n## One\n\nold\n\n## Two\n\nnew\n"
    assert with_section(page, "## Three\n\nnew\n") == page + "\n## Three\n\nnew\n"


def test_no_two_lines_of_the_bench_are_the_same_and_the_short_form_has_its_own() -> None:
    lines = [(cell.title, cell.company) for cell in (*CELLS, *FURTHER)]
    assert len(lines) == len(set(lines))
    assert {cell.title for cell in CELLS} >= set(SHORT_CELLS)
