"""Two looks at byte counters: what went by, wrapped, reset or not to be told."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.wan.counters import Load, Look, load

FAST = 1.25e8
BEFORE = Look(100.0, 1_000_000, 500_000, uptime=5000.0)
NOW = Look(110.0, 2_000_000, 500_500, uptime=5010.0)


def test_bytes_by_seconds_are_the_load() -> None:
    assert load(BEFORE, NOW, FAST) == Load(100_000.0, 50.0)


def test_a_counter_of_32_bits_wraps() -> None:
    before, now = replace(BEFORE, bits=32, down=2**32 - 1000), replace(NOW, bits=32, down=9000)
    found = load(before, now, FAST)
    assert found is not None
    assert found.down == 1000.0


@pytest.mark.parametrize(
    "now",
    [
        replace(NOW, uptime=3.0),  # it started anew
        replace(NOW, down=0),  # its counters did
        replace(NOW, up=0),
        replace(NOW, at=100.0),  # no time went by
        replace(NOW, at=90.0),
        replace(NOW, bits=32),  # other counters
        replace(NOW, down=NOW.down + 10**10),  # more than the interface can carry
    ],
)
def test_what_cannot_be_told_is_not_told(now: Look) -> None:
    assert load(BEFORE, now, FAST) is None


def test_counters_without_an_uptime_are_believed() -> None:
    assert load(replace(BEFORE, uptime=None), NOW, FAST) is not None


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**31), st.sampled_from([32, 64]))
def test_a_wrap_changes_nothing(start: int, size: int, bits: int) -> None:
    top = 2**bits
    before = Look(0.0, top - 1 - start % top, 0, bits)
    now = Look(100.0, (before.down + size) % top, 0, bits)
    found = load(before, now, 1e9)
    assert found is not None
    assert found.down == pytest.approx(size / 100)
