"""Arrivals from the kernel's counts: exact in order, fair behind holes, and never falling."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.tcp import ArrivalCounter, PaceWatch, TcpInfo

MSS = 1448


def info(segments: int = 0, in_order: int = 0, out_of_order: int = 0, **more: float) -> TcpInfo:
    fields = {"app_limited": False, "receiver_limited": 0.0, "buffer_limited": 0.0} | more
    return TcpInfo(
        receive_mss=MSS, data_segments_in=segments, out_of_order_in=out_of_order, bytes_received=in_order,
        min_round_trip=0.01, bytes_sent=0, send_mss=MSS, timestamps=True, round_trip=0.01, bytes_repeated=0,
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def counted(*looks: tuple[int, ...]) -> list[int]:
    """Looks: segments, bytes in order, and how many came out of order, all so far."""
    counter = ArrivalCounter()
    return [counter.look(info(*look)) for look in looks]


def test_what_comes_in_order_is_counted_to_the_byte() -> None:
    sizes = [0, 100, 100 + 10 * MSS, 5000 + 10 * MSS, 5000 + 30 * MSS]
    assert counted(*((number * 10, size) for number, size in enumerate(sizes))) == sizes


def test_what_arrived_before_the_first_look_does_not_count() -> None:
    assert counted((7, 900), (17, 900 + 10 * MSS)) == [0, 10 * MSS]


def test_segments_behind_a_hole_count_and_its_closing_adds_nothing() -> None:
    before = [(number * 10, number * 10 * MSS, 0) for number in range(5)]
    hole = [(40 + number * 10, 40 * MSS, number * 10) for number in range(1, 4)]
    after = [(71, 71 * MSS, 30), (81, 81 * MSS, 30)]
    arrived = counted(*before, *hole, *after)
    assert arrived[5:8] == [50 * MSS, 60 * MSS, 70 * MSS]
    assert arrived[8:] == [71 * MSS, 81 * MSS]


def test_segments_behind_a_hole_count_with_the_size_that_they_had_before() -> None:
    looks = [(number * 10, number * 10 * 1000, 0) for number in range(5)]
    assert counted(*looks, (50, 40_000, 10))[-1] == 50_000


def test_a_hole_that_closes_after_a_silence_is_no_arrival() -> None:
    looks = [(0, 0, 0), (10, 10 * MSS, 0), (20, 10 * MSS, 10), (20, 10 * MSS, 10), (21, 21 * MSS, 10)]
    assert counted(*looks)[-2:] == [20 * MSS, 21 * MSS]


def test_what_is_there_in_order_has_arrived_whatever_was_guessed() -> None:
    assert counted((0, 0, 0), (10, 400, 9), (20, 90 * MSS, 9))[-1] == 90 * MSS


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 100_000), st.integers(0, 50)), max_size=80))
def test_whatever_the_kernel_says_the_count_never_falls(steps: list[tuple[int, int, int]]) -> None:
    looks = [(0, 0, 0)]
    for segments, in_order, out_of_order in steps:
        looks.append((looks[-1][0] + segments, looks[-1][1] + in_order, looks[-1][2] + out_of_order))
    arrived = counted(*looks)
    assert arrived == sorted(arrived)
    assert arrived[-1] >= looks[-1][1]


def test_an_interval_with_an_empty_buffer_counts_as_held_back_and_waiting_counts_as_long_as_it_lasted() -> None:
    watch = PaceWatch()
    assert watch.look(0.0, info()) == 0
    assert watch.look(0.1, info(app_limited=True)) == pytest.approx(0.1)
    assert watch.look(0.2, info()) == pytest.approx(0.1)
    assert watch.look(0.3, info(receiver_limited=0.02, buffer_limited=0.03)) == pytest.approx(0.15)
    assert watch.look(0.4, info(receiver_limited=9.0, buffer_limited=0.03)) == pytest.approx(0.25)


def test_the_kernels_structure_is_read_at_its_offsets() -> None:
    raw = bytearray(232)
    raw[5], raw[7] = 0b101, 1
    for form, offset, value in (
        ("I", 16, 1400), ("I", 20, 1448), ("I", 68, 35_000), ("Q", 208, 2896),
        ("Q", 128, 5000), ("I", 148, 20_000), ("I", 152, 77),
        ("Q", 176, 1_500_000), ("Q", 184, 250_000), ("Q", 200, 9000), ("I", 224, 55),
    ):  # fmt: skip
        struct.pack_into(f"={form}", raw, offset, value)
    expected = TcpInfo(
        receive_mss=1448, app_limited=True, bytes_received=5000, data_segments_in=77, out_of_order_in=55,
        min_round_trip=0.02, receiver_limited=1.5, buffer_limited=0.25, bytes_sent=9000, send_mss=1400, timestamps=True,
        round_trip=0.035, bytes_repeated=2896,
    )  # fmt: skip
    assert TcpInfo.unpack(bytes(raw)) == expected
    assert TcpInfo.unpack(bytes(raw[:228])) == expected
    assert TcpInfo.unpack(bytes(raw[:227])) is None
