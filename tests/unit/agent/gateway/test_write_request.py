"""WriteRequests read strictly: what the agents write is understood, anything else is refused, nothing crashes."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.gateway.write_request import Found, MalformedError, read
from agent.uplink.series import Series, encode
from tests.unit.agent.test_uplink_wire import columns

TEXT = st.text(max_size=30)
POINTS = st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False)), max_size=5)
LABELS = st.lists(st.tuples(TEXT, TEXT), max_size=5).map(tuple)
SERIES = st.builds(lambda labels, points: Series(labels, *columns(points)), LABELS, POINTS)


def field(number: int, content: bytes) -> bytes:
    assert len(content) < 128
    return bytes((number << 3 | 2, len(content))) + content


LABEL = field(1, field(1, b"__name__") + field(2, b"up"))
SAMPLE = field(2, b"\x09" + struct.pack("<d", 1) + b"\x10\x05")


@given(st.lists(SERIES, max_size=4))
def test_what_the_agent_writes_is_read_as_it_was_meant(series: list[Series]) -> None:
    expected = [Found(one.labels, one.times) for one in series]
    assert list(read(encode(series))) == expected


def test_absent_fields_have_their_usual_values() -> None:
    message = field(1, field(1, field(1, b"a")) + field(2, b"") + field(2, b"\x09" + struct.pack("<d", 1)))
    assert list(read(message)) == [Found((("a", ""),), (0, 0))]
    assert list(read(field(1, LABEL + field(2, b"")))) == [Found((("__name__", "up"),), (0,))]


def test_labels_and_samples_may_stand_in_any_order() -> None:
    assert list(read(field(1, SAMPLE + LABEL))) == [Found((("__name__", "up"),), (5,))]


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        (field(3, b"\x08\x01"), "no series"),  # metadata
        (b"\x08\x01", "no series"),
        (field(1, LABEL + field(3, b"")), "neither label nor sample"),  # an exemplar
        (field(1, LABEL + field(4, b"")), "neither label nor sample"),  # a histogram
        (field(1, field(1, field(1, b"a") + field(1, b"b"))), "a field too many"),
        (field(1, field(1, field(3, b"a"))), "a field too many"),
        (field(1, field(1, field(1, b"\xff"))), "not UTF-8"),
        (field(1, field(2, b"\x09" + bytes(8) + b"\x10\x05\x05")), "bytes too many"),
        (field(1, field(2, b"\x09" + bytes(4))), "cut short"),
        (field(1, field(2, b"\x18\x05")), "neither value nor time"),
        (field(1, field(2, b"\x10" + b"\xff" * 11)), "without an end"),
        (field(1, field(2, b"\x10" + b"\xff" * 9 + b"\x7f")), "too large"),
        (b"\x0a\x05" + LABEL[:3], "longer than what it is in"),
        (b"\x0a", "in mid of a field"),
        (field(1, b"\x0a\x7f"), "longer than what it is in"),
    ],
)
def test_what_is_no_write_request_of_ours_is_refused_with_the_reason(message: bytes, complaint: str) -> None:
    with pytest.raises(MalformedError, match=complaint):
        list(read(message))


@given(st.binary(max_size=300))
def test_no_bytes_make_it_crash(message: bytes) -> None:
    with suppress(MalformedError):
        list(read(message))


@given(st.lists(SERIES, min_size=1, max_size=3), st.data())
def test_no_damage_makes_it_crash(series: list[Series], data: st.DataObject) -> None:
    message = bytearray(encode(series))
    place = data.draw(st.integers(0, len(message) - 1))
    message[place] = data.draw(st.integers(0, 255))
    with suppress(MalformedError):
        list(read(bytes(message[: data.draw(st.integers(0, len(message)))])))
