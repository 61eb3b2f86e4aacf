"""Frames are cut right however a stream was chopped, and no stream makes them keep much or raise the unexpected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.responder.frames import LARGEST_CONTROL, LARGEST_DATA, Frames, Kind, ProtocolError, frame

CONTROL = [kind for kind in Kind if kind is not Kind.DATA]
controls = st.tuples(st.sampled_from(CONTROL), st.binary(min_size=1, max_size=LARGEST_CONTROL))
data = st.tuples(st.just(Kind.DATA), st.binary(min_size=1, max_size=3000))
streams = st.lists(st.one_of(controls, data), max_size=20)


def chopped(stream: bytes, sizes: list[int]) -> list[bytes]:
    chunks, place = [], 0
    for size in sizes:
        chunks.append(stream[place : place + size])
        place += size
    return [*chunks, stream[place:]]


@given(streams, st.lists(st.integers(0, 2000), max_size=30))
def test_however_a_stream_is_chopped_its_control_frames_come_out(
    said: list[tuple[Kind, bytes]], sizes: list[int]
) -> None:
    frames = Frames()
    found = []
    for chunk in chopped(b"".join(frame(kind, payload) for kind, payload in said), sizes):
        found += frames.feed(chunk)
    assert found == [(kind, payload) for kind, payload in said if kind is not Kind.DATA]
    assert frames.between


@given(streams)
def test_reading_only_what_is_missing_never_reads_past_an_edge(said: list[tuple[Kind, bytes]]) -> None:
    stream = b"".join(frame(kind, payload) for kind, payload in said)
    frames, place, found = Frames(), 0, 0
    while place < len(stream):
        size = frames.missing
        assert size > 0
        new = frames.feed(stream[place : place + size])
        assert len(new) <= 1
        found += len(new)
        place += size
    assert place == len(stream)
    assert found == sum(kind is not Kind.DATA for kind, _ in said)


@given(st.lists(st.binary(max_size=200), max_size=50))
def test_garbage_is_refused_or_waited_for_and_never_hoarded(chunks: list[bytes]) -> None:
    frames = Frames()
    try:
        for chunk in chunks:
            frames.feed(chunk)
    except ProtocolError:
        return
    assert len(frames._pending) <= LARGEST_CONTROL


WRONG = {
    "an unknown kind": b"\x63\0\0\0\1x",
    "another protocol": b"SSH-2.0-OpenSSH_9.2p1\r\n",
    "a huge control frame": Kind.HELLO.to_bytes(1) + (2**32 - 1).to_bytes(4),
    "a control frame that is too large": Kind.HELLO.to_bytes(1) + (LARGEST_CONTROL + 1).to_bytes(4),
    "an empty control frame": Kind.HELLO.to_bytes(1) + bytes(4),
    "a huge data frame": Kind.DATA.to_bytes(1) + (LARGEST_DATA + 1).to_bytes(4),
    "an empty data frame": Kind.DATA.to_bytes(1) + bytes(4),
}


@pytest.mark.parametrize("stream", WRONG.values(), ids=WRONG.keys())
def test_what_is_no_frame_is_refused_at_its_header(stream: bytes) -> None:
    with pytest.raises(ProtocolError):
        Frames().feed(stream[:5])
