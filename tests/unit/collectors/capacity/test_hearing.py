"""Whole probes over imaginary links: what is accepted is right, whoever else uses the link and however packets come."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.capacity.estimate import Doubt, Estimate, estimate
from tests.fakes.link import Link, probe

MEGABIT = 125_000.0
BUCKET = 3_500_000
SEEDS = range(4)


def measured(link: Link, contract: float = 1.0, seed: int = 0) -> Estimate:
    """By the product's train and bounds; contract: the link's rate as its owner has it, in times of the real one."""
    expected = link.rate * contract
    return estimate(*probe(link, 1.5 * expected, round(BUCKET + 0.45 * expected), seed))


def errors(link: Link, contract: float = 1.0) -> list[float]:
    """Of the probes that gave a figure; at least half of them must."""
    found = [measured(link, contract, seed).capacity for seed in SEEDS]
    known = [abs(one / link.rate - 1) for one in found if one is not None]
    assert len(known) >= len(SEEDS) / 2
    return known


RATES = (3, 7, 15, 33, 75, 150, 300)
COMPANY = {"idle": (0.0, 0.0), "steady": (0.3, 0.0), "web": (0.0, 0.3), "busy": (0.25, 0.2)}


def in_company(link: Link, company: str) -> Link:
    steady, bursty = COMPANY[company]
    return replace(link, steady=steady, bursty=bursty)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("company", COMPANY)
def test_a_link_is_read_within_a_percent_whoever_else_uses_it(rate: float, company: str) -> None:
    assert max(errors(in_company(Link(rate * MEGABIT), company))) < 0.01


@pytest.mark.parametrize("bucket", [32_000, 200_000, 700_000, 1_000_000])
@pytest.mark.parametrize("company", ["idle", "steady"])
def test_no_bucket_that_the_bytes_allow_for_is_taken_for_the_link(bucket: float, company: str) -> None:
    assert max(errors(in_company(Link(15 * MEGABIT, bucket=bucket), company))) < 0.01


@pytest.mark.parametrize("loss", [0.005, 0.02])
def test_lost_packets_and_a_bucket_and_others_together_change_nothing(loss: float) -> None:
    assert max(errors(Link(33 * MEGABIT, loss=loss, bucket=200_000, steady=0.3))) < 0.02


@pytest.mark.parametrize(
    ("rate", "batch"),
    [(7, 0.005), (7, 0.01), *((rate, batch) for rate in (12, 20, 50) for batch in (0.005, 0.01, 0.02))],
)
def test_batches_of_a_mobile_scheduler_are_read_within_two_percent(rate: float, batch: float) -> None:
    assert max(errors(Link(rate * MEGABIT, batch=batch))) < 0.02


@pytest.mark.parametrize("batch", [0.005, 0.01])
def test_others_behind_a_mobile_scheduler_do_not_pass_for_a_slower_link(batch: float) -> None:
    assert max(errors(Link(33 * MEGABIT, batch=batch, steady=0.3))) < 0.03


@pytest.mark.parametrize("jitter", [0.002, 0.003])
def test_packets_that_are_held_up_at_random_are_read_within_three_percent(jitter: float) -> None:
    assert max(errors(Link(33 * MEGABIT, jitter=jitter))) < 0.03


@pytest.mark.parametrize("contract", [0.8, 1.3, 1.7, 5.0])
def test_a_link_of_another_rate_than_its_contract_is_read_right(contract: float) -> None:
    assert max(errors(Link(20 * MEGABIT, steady=0.2), contract)) < 0.01


@pytest.mark.parametrize("bucket", [32_000, 200_000, 1_000_000])
@pytest.mark.parametrize("company", ["idle", "steady"])
def test_a_policer_gives_no_capacity_and_at_least_what_it_let_pass(bucket: float, company: str) -> None:
    link = in_company(Link(20 * MEGABIT, policed=True, bucket=bucket), company)
    found = measured(link)
    assert found.doubts == (Doubt.POLICED,)
    assert found.at_least is not None
    assert found.at_least <= 1.02 * link.rate


def test_a_policer_with_a_deeper_bucket_than_the_bytes_is_unsaturated() -> None:
    link = Link(20 * MEGABIT, policed=True)
    assert measured(replace(link, bucket=link.rate)).doubts == (Doubt.NO_KNEE,)
    assert measured(Link(20 * MEGABIT, bucket=4_000_000)).doubts == (Doubt.NO_KNEE,)


LINKS = st.builds(
    Link,
    rate=st.sampled_from([3, 5, 10, 20, 50]).map(MEGABIT.__mul__),
    queue=st.sampled_from([0.02, 0.05, 0.2]),
    bucket=st.sampled_from([0, 32_000, 64_000, 200_000, 700_000]),
    round_trip=st.sampled_from([0.005, 0.02, 0.1, 0.6]),
    jitter=st.sampled_from([0.0, 0.0, 0.0002, 0.001, 0.005, 0.02]),
    batch=st.sampled_from([0.0, 0.0, 0.002, 0.005, 0.01, 0.02]),
    loss=st.sampled_from([0.0, 0.001, 0.01, 0.02]),
    steady=st.sampled_from([0.0, 0.1, 0.25]),
    bursty=st.sampled_from([0.0, 0.1, 0.25]),
    policed=st.booleans(),
    pauses=st.sampled_from([0.0, 0.005, 0.02]),
)


@given(link=LINKS, contract=st.sampled_from([0.8, 1.0, 1.3, 2.0]))
@settings(max_examples=25, deadline=None)
def test_whatever_the_link_a_figure_is_near_it_or_absent(link: Link, contract: float) -> None:
    found = measured(link, contract)
    assert found.capacity is None or found.capacity == pytest.approx(link.rate, rel=0.15)
    assert found.at_least is None or not link.policed or found.at_least < 2 * 1.5 * contract * link.rate
