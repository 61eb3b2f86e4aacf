"""Arrivals from the kernel's counts: right with holes, with small segments at the start, and never falling."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.tcp import ArrivalCounter, PaceWatch, TcpInfo

MSS = 1448


def info(segments: int = 0, in_order: int = 0, **more: float) -> TcpInfo:
    fields = {"app_limited": False, "receiver_limited": 0.0, "buffer_limited": 0.0} | more
    return TcpInfo(
        receive_mss=MSS, data_segments_in=segments, bytes_received=in_order, min_round_trip=0.01, bytes_sent=0,
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def counted(*looks: tuple[int, int]) -> list[int]:
    counter = ArrivalCounter()
    return [counter.look(info(segments, in_order)) for segments, in_order in looks]


def test_full_segments_in_order_are_counted_as_they_are() -> None:
    looks = [(number * 10, number * 10 * MSS) for number in range(50)]
    assert counted(*looks) == [in_order for _, in_order in looks]


def test_what_arrived_before_the_first_look_does_not_count() -> None:
    assert counted((7, 900), (17, 900 + 10 * MSS)) == [0, 10 * MSS]


def test_segments_behind_a_hole_count_and_its_closing_adds_nothing() -> None:
    before = [(number * 10, number * 10 * MSS) for number in range(1, 5)]
    hole = [(40 + number * 10, 40 * MSS) for number in range(1, 4)]
    after = [(71, 71 * MSS), (81, 81 * MSS)]
    arrived = counted((0, 0), *before, *hole, *after)
    assert arrived[5:8] == [50 * MSS, 60 * MSS, 70 * MSS]
    assert arrived[8:] == [71 * MSS, 81 * MSS]


def test_a_hole_that_was_open_at_the_first_look_is_not_taken_for_large_segments() -> None:
    # 30 segments lay behind a hole at the first look; one packet closes it.
    arrived = counted((30, 0), (31, 31 * MSS), (41, 41 * MSS), (51, 51 * MSS))
    assert arrived == [0, 31 * MSS, 41 * MSS, 51 * MSS]


def test_small_segments_at_the_start_do_not_make_the_later_ones_small() -> None:
    looks, segments, in_order = [(0, 0)], 0, 0
    for number in range(60):
        segments += 20
        in_order += 20 * (400 if number < 5 else MSS)
        looks.append((segments, in_order))
    arrived = counted(*looks)
    assert arrived[-1] - arrived[-21] == pytest.approx(20 * 20 * MSS, rel=0.001)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 100_000)), max_size=80))
def test_whatever_the_kernel_says_the_count_never_falls(steps: list[tuple[int, int]]) -> None:
    looks = [(0, 0)]
    for segments, in_order in steps:
        looks.append((looks[-1][0] + segments, looks[-1][1] + in_order))
    arrived = counted(*looks)
    assert arrived == sorted(arrived)
    assert looks[-1][1] <= arrived[-1] <= looks[-1][1] + looks[-1][0] * MSS + 1


def test_an_interval_with_an_empty_buffer_counts_as_held_back_and_waiting_counts_as_long_as_it_lasted() -> None:
    watch = PaceWatch()
    assert watch.look(0.0, info()) == 0
    assert watch.look(0.1, info(app_limited=True)) == pytest.approx(0.1)
    assert watch.look(0.2, info()) == pytest.approx(0.1)
    assert watch.look(0.3, info(receiver_limited=0.02, buffer_limited=0.03)) == pytest.approx(0.15)
    assert watch.look(0.4, info(receiver_limited=9.0, buffer_limited=0.03)) == pytest.approx(0.25)


def test_the_kernels_structure_is_read_at_its_offsets() -> None:
    raw = bytearray(232)
    raw[7] = 1
    for form, offset, value in (
        ("I", 20, 1448), ("Q", 128, 5000), ("I", 148, 20_000), ("I", 152, 77),
        ("Q", 176, 1_500_000), ("Q", 184, 250_000), ("Q", 200, 9000),
    ):  # fmt: skip
        struct.pack_into(f"={form}", raw, offset, value)
    expected = TcpInfo(
        receive_mss=1448, app_limited=True, bytes_received=5000, data_segments_in=77, min_round_trip=0.02,
        receiver_limited=1.5, buffer_limited=0.25, bytes_sent=9000,
    )  # fmt: skip
    assert TcpInfo.unpack(bytes(raw)) == expected
    assert TcpInfo.unpack(bytes(raw[:208])) == expected
    assert TcpInfo.unpack(bytes(raw[:207])) is None
