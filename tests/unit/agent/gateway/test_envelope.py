"""Bodies unpacked: what is honest comes out as it went in, and nothing takes more memory than it may."""

import tracemalloc
from contextlib import suppress

import cramjam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.gateway.envelope import SNAPPY, ZSTD, BadBodyError, TooLargeError, pack, unpack

MOST = 1 << 20
MESSAGE = b"a line of telemetry " * 500


def zstd(message: bytes) -> bytes:
    return bytes(cramjam.zstd.compress(message))


@given(st.binary(max_size=5000))
def test_what_was_packed_comes_out_again(message: bytes) -> None:
    assert unpack(pack(message), SNAPPY, MOST) == message
    assert unpack(zstd(message), ZSTD, MOST) == message


@pytest.mark.parametrize("size", [0, 1, 255, 256, 65_791, 65_792, 300_000])
def test_every_width_of_the_content_size_of_zstd_is_read(size: int) -> None:
    assert unpack(zstd(b"x" * size), ZSTD, MOST) == b"x" * size


@given(st.binary(max_size=200), st.sampled_from([SNAPPY, ZSTD]))
def test_garbage_is_refused_and_nothing_worse(body: bytes, encoding: str) -> None:
    with suppress(BadBodyError, TooLargeError):
        assert len(unpack(body, encoding, MOST)) <= MOST


@pytest.mark.parametrize("encoding", [SNAPPY, ZSTD])
def test_a_body_that_is_cut_anywhere_is_refused(encoding: str) -> None:
    whole = pack(MESSAGE) if encoding == SNAPPY else zstd(MESSAGE)
    for length in range(len(whole)):
        with pytest.raises(BadBodyError):
            unpack(whole[:length], encoding, MOST)


@pytest.mark.parametrize("encoding", ["", "gzip", "identity", "snappy, zstd"])
def test_any_other_encoding_is_refused_with_those_that_are_taken(encoding: str) -> None:
    with pytest.raises(BadBodyError, match="snappy or zstd"):
        unpack(pack(MESSAGE), encoding, MOST)


def test_an_honest_body_that_is_too_large_is_told_apart_from_a_bad_one() -> None:
    with pytest.raises(TooLargeError, match="10000 bytes, and at most 9999"):
        unpack(pack(MESSAGE), SNAPPY, 9999)
    with pytest.raises(TooLargeError):
        unpack(zstd(MESSAGE), ZSTD, 9999)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"\x80\x80\x80\x80\x04" + b"\x00" * 1000, SNAPPY),  # claims 1 GiB
        (b"\xff\xff\xff\xff\xff\x01", SNAPPY),  # a length without an end
        (zstd(b"\0" * (1 << 26)), ZSTD),  # 64 MiB of zeros in 4 KiB, honestly
        (b"\x28\xb5\x2f\xfd\xe0" + (1 << 30).to_bytes(8, "little") + b"\x01\x00\x00", ZSTD),  # claims 1 GiB
        (b"\x28\xb5\x2f\xfd\x00\x58\x01\x00\x00", ZSTD),  # does not say how large it is
        (b"\x28\xb5\x2f\xfd\x21\x01\x05\x01\x00\x00", ZSTD),  # wants a dictionary
        (b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd", ZSTD),  # a frame to be skipped
    ],
)
def test_a_bomb_is_refused_before_it_takes_room(body: bytes, encoding: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises((BadBodyError, TooLargeError)):
            unpack(body, encoding, MOST)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000


def test_two_frames_in_one_body_are_refused() -> None:
    with pytest.raises(BadBodyError):
        unpack(zstd(MESSAGE) * 2, ZSTD, MOST)


def test_a_frame_that_holds_more_than_its_header_says_is_refused() -> None:
    lying = bytearray(zstd(b"x" * 300))
    place = lying.index((300 - 256).to_bytes(2, "little"), 4)
    lying[place : place + 2] = (10).to_bytes(2, "little")
    with pytest.raises(BadBodyError):
        unpack(bytes(lying), ZSTD, MOST)
