"""The form of a request: protobuf within snappy, read back by decoders that share nothing with the encoders."""

import struct
import sys
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.uplink import snappy
from agent.uplink.anchor import Anchor, told
from agent.uplink.request import Fate, fate, request
from agent.uplink.series import STALE, Look, Series, by_series, encode, series
from agent.uplink.snappy import compress, literal
from collectors.core import Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.core.lastword import Receiver, Word
from collectors.core.observed import LAST_WORD, LAST_WORD_CHARGE
from collectors.core.ports import Failure, HttpExchange
from collectors.core.values import Secret, Url

# --- protobuf and snappy --------------------------------------------------------------------------------------------


def number(data: bytes, place: int) -> tuple[int, int]:
    """A varint at this place, and the place behind it."""
    value = shift = 0
    while True:
        byte = data[place]
        value, shift, place = value | (byte & 127) << shift, shift + 7, place + 1
        if byte < 128:
            return value, place


def fields(data: bytes) -> Iterator[tuple[int, bytes | int | float]]:
    place = 0
    while place < len(data):
        key, place = number(data, place)
        if key & 7 == 2:
            length, place = number(data, place)
            yield key >> 3, data[place : place + length]
            place += length
        elif key & 7 == 1:
            yield key >> 3, struct.unpack("<d", data[place : place + 8])[0]
            place += 8
        else:
            assert key & 7 == 0
            value, place = number(data, place)
            yield key >> 3, value if value < 2**63 else value - 2**64


def decoded(data: bytes) -> list[Series]:
    found = []
    for kind, one in fields(data):
        assert kind == 1
        assert isinstance(one, bytes)
        labels, points = [], []
        for part, content in fields(one):
            assert isinstance(content, bytes)
            inner = dict(fields(content))
            if part == 1:
                labels.append((inner[1].decode(), inner[2].decode()))  # type: ignore[union-attr]
            else:
                points.append((inner.get(2, 0), inner.get(1, 0.0)))
        found.append(Series(tuple(labels), *columns(points)))  # type: ignore[arg-type]
    return found


def columns(points: Sequence[tuple[int, float]]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Times and values."""
    return tuple(at for at, _ in points), tuple(value for _, value in points)


def uncompressed(data: bytes) -> bytes:
    """Literals and copies (google/snappy, format_description.txt)."""
    length, place = number(data, 0)
    found = bytearray()
    while place < len(data):
        tag, place = data[place], place + 1
        if tag & 3 == 0:
            size, extra = (tag >> 2) + 1, max(0, (tag >> 2) - 59)
            if extra:
                size, place = int.from_bytes(data[place : place + extra], "little") + 1, place + extra
            found += data[place : place + size]
            place += size
            continue
        width = {1: 1, 2: 2, 3: 4}[tag & 3]
        size = (tag >> 2 & 7) + 4 if width == 1 else (tag >> 2) + 1
        back = int.from_bytes(data[place : place + width], "little") | (tag >> 5 << 8 if width == 1 else 0)
        place += width
        assert 0 < back <= len(found)
        for _ in range(size):
            found.append(found[-back])
    assert len(found) == length
    return bytes(found)


texts = st.text(min_size=1, max_size=20)
labels = st.dictionaries(texts, texts, max_size=5).map(lambda found: tuple(sorted(found.items())))
points = st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False)), max_size=5)
some_series = st.builds(lambda labels, points: Series(labels, *columns(points)), labels, points)


@given(st.lists(some_series, max_size=5))
def test_series_come_back_as_they_were_sent(found: list[Series]) -> None:
    assert decoded(encode(found)) == found


packings = pytest.mark.parametrize("pack", [compress, literal])
Pack = Callable[[bytes], bytes]


@packings
@given(data=st.binary(max_size=400))
def test_an_envelope_holds_what_was_put_in(pack: Pack, data: bytes) -> None:
    assert uncompressed(pack(data)) == data


@packings
@pytest.mark.parametrize("size", [0, 1, 59, 60, 61, 256, 65535, 65536, 65537, 200_000])
def test_an_envelope_of_any_size_is_whole(size: int, pack: Pack) -> None:
    data = bytes(index % 251 for index in range(size))
    assert uncompressed(pack(data)) == data


def test_without_the_library_a_request_is_whole_and_only_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"a series, " * 100
    small = len(compress(data))
    monkeypatch.setitem(sys.modules, "cramjam", None)
    assert uncompressed(compress(data)) == data
    assert snappy.zstd(data) is None
    assert len(compress(data)) > small


def test_series_that_come_and_go_keep_each_value_at_its_time() -> None:
    first, other, third = ((("__name__", name),) for name in "abc")
    looks: list[Look] = [
        (1, {first: 1.0, other: 0.0}),
        (2, {first: 2.0}),
        (3, {third: 5.0, first: 3.0}),
        (4, {first: 4.0}),
    ]
    assert {one.labels: one.points for one in decoded(encode(by_series(looks)))} == {
        first: ((1, 1.0), (2, 2.0), (3, 3.0), (4, 4.0)),
        other: ((1, 0.0),),
        third: ((3, 5.0),),
    }


def test_a_stale_marker_and_a_negative_zero_keep_each_bit() -> None:
    sent = [Series((("__name__", "x"),), (1, 2), (STALE, -0.0))]
    (found,) = decoded(encode(sent))
    assert [struct.pack("<d", value).hex() for _, value in found.points] == ["020000000000f07f", "0000000000000080"]


# --- samples to series ----------------------------------------------------------------------------------------------

OFFICE = {"province": "04", "commune": "01273", "office": "01273-1"}


def test_samples_of_one_series_are_put_together_in_their_order() -> None:
    charges = [(1000, LAST_WORD_CHARGE(0.5)), (2000, LAST_WORD_CHARGE(0.4))]
    (found,) = series(charges, OFFICE)
    assert found.points == ((1000, 0.5), (2000, 0.4))


def test_labels_are_sorted_and_carry_the_office() -> None:
    (found,) = series([(1000, LAST_WORD(1, word="mains"))], OFFICE)
    assert found.labels == (
        ("__name__", "office_last_word"),
        ("commune", "01273"),
        ("office", "01273-1"),
        ("province", "04"),
        ("word", "mains"),
    )


def test_a_label_without_a_value_is_no_label() -> None:
    (found,) = series([(1000, LAST_WORD_CHARGE(1))], {"office": "x", "commune": ""})
    assert dict(found.labels) == {"__name__": "office_last_word_charge_ratio", "office": "x"}


# --- requests and answers -------------------------------------------------------------------------------------------

URL = Url("https://prometheus.example.vn/api/v1/write")


def test_a_request_says_what_the_specification_asks_for() -> None:
    made = request(Receiver(URL), series([(1000, LAST_WORD(1, word=Word.MAINS))], OFFICE))
    assert made.method == "POST"
    assert dict(made.headers) == {
        "Content-Encoding": "snappy",
        "Content-Type": "application/x-protobuf",
        "X-Prometheus-Remote-Write-Version": "0.1.0",
    }
    assert decoded(uncompressed(made.body))[0].points == ((1000, 1.0),)


def test_a_request_without_series_still_has_an_envelope() -> None:
    assert uncompressed(request(Receiver(URL), ()).body) == b""
    assert request(Receiver(URL), ()).body != b""


@pytest.mark.parametrize(
    ("receiver", "header"),
    [
        (Receiver(URL, token=Secret("abc")), ("Authorization", "Bearer abc")),
        (Receiver(URL, user="cw", password=Secret("mật khẩu")), ("Authorization", "Basic Y3c6beG6rXQga2jhuql1")),
        (Receiver(URL, tenant="caobang"), ("X-Scope-OrgID", "caobang")),
    ],
)
def test_a_request_logs_in_as_configured(receiver: Receiver, header: tuple[str, str]) -> None:
    assert header in request(receiver, ()).headers
    assert "abc" not in repr(receiver)


def test_the_request_of_a_secret_does_not_show_it_when_printed() -> None:
    assert "abc" not in repr(Receiver(URL, token=Secret("abc")))


FATES = {
    Fate.TAKEN: (200, 204),
    Fate.REFUSED: (400, 409, 413, 422),
    Fate.LATER: (None, 301, 401, 403, 404, 405, 407, 408, 415, 429, 500, 503),
}


@pytest.mark.parametrize(
    ("status", "expected"), [(status, expected) for expected, statuses in FATES.items() for status in statuses]
)
def test_what_becomes_of_a_request_follows_from_the_status(status: int | None, expected: Fate) -> None:
    assert fate(HttpExchange({}, status=status)) is expected


def test_an_exchange_that_broke_off_is_tried_again() -> None:
    broken = Failure(Reason.FROZEN, "transfer", "silence")
    assert fate(HttpExchange({}, status=204, failure=broken)) is Fate.LATER


# --- the receiver's clock -------------------------------------------------------------------------------------------


def test_the_receiver_tells_its_time_with_every_answer() -> None:
    assert told([("Content-Length", "0"), ("date", "Sat, 21 Nov 2026 22:40:56 GMT")]) == 1795300856


@pytest.mark.parametrize("value", ["", "yesterday", "Sat, 99 Nov 2026 22:40:56 GMT", "Sat, 21 Foo 2026 00:00:00 GMT"])
def test_a_date_that_is_none_tells_nothing(value: str) -> None:
    assert told([("Date", value)]) is None


def test_clocks_that_nearly_agree_are_left_alone() -> None:
    assert Anchor(1000, 50).offset(wall=1013, monotonic=60) == 0


@pytest.mark.parametrize("wrong", [-3600.0, 7200.0, 86400.0 * 365])
def test_a_wrong_clock_is_put_right(wrong: float) -> None:
    assert Anchor(1000, 50).offset(wall=1010 + wrong, monotonic=60) == -wrong


# --- settings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("url: https://x.vn/w\ntoken: a\nuser: b\npassword: c", "exclude each other"),
        ("url: https://x.vn/w\nuser: b", "password: is missing"),
        ("url: https://x.vn/w\npassword: b", "user: is missing"),
        ("url: http://x.vn/w\ntoken: a", "in the clear"),
        ("url: https://x.vn/w\ntimeout: 1m", "between 500ms and 30s"),
        ("url: https://x.vn/w\ntenant: tỉnh", "ASCII in one line"),
        ('url: https://x.vn/w\ntoken: "abc "', "without blanks around it"),
        ('url: https://x.vn/w\ntoken: "a\\nX-Evil: b"', "ASCII in one line"),
        ('url: https://x.vn/w\nuser: "a:b"\npassword: c', "colon"),
    ],
)
def test_a_receiver_that_cannot_work_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(DecodeError, match=complaint):
        decode_text(text, Receiver, "agent.yml")


@pytest.mark.parametrize("host", ["127.0.0.1:9090", "localhost", "[::1]:9090"])
def test_on_loopback_a_token_may_go_in_the_clear(host: str) -> None:
    assert decode_text(f"url: http://{host}/w\ntoken: a", Receiver, "agent.yml").value.token.reveal() == "a"
