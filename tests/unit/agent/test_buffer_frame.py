"""Scrapes as records and back."""

import math
import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from hashlib import md5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.buffer.frame import FRAME_EVERY, Decoder, Encoder, UnreadableError
from agent.buffer.record import Kind, Record, pack
from agent.buffer.scrape import Labels, Scrape, Stamp

STALE = struct.unpack("<d", (0x7FF0000000000002).to_bytes(8, "little"))[0]
_SERIES: list[Labels] = [(("__name__", f"metric_{number}"), ("office", 'Bà "Rịa"\n')) for number in range(12)]
_VALUES = st.one_of(st.sampled_from([0.0, -0.0, 1.0, math.inf, math.nan, STALE, 1 / 3]), st.floats())
_LOOKS = st.lists(st.dictionaries(st.sampled_from(_SERIES), _VALUES, max_size=12), min_size=1, max_size=60)


def scrape(number: int, values: Mapping[Labels, float], boot: str = "boot") -> Scrape:
    return Scrape(number, Stamp(boot, 15.0 * number, 1.8e9 + 15 * number), values)


def bits(values: Mapping[Labels, float]) -> dict[Labels, bytes]:
    return {labels: struct.pack("<d", value) for labels, value in values.items()}


def encoded(looks: list[dict[Labels, float]]) -> list[Record]:
    encoder = Encoder()
    return [encoder.encode(scrape(number, values)) for number, values in enumerate(looks, 1)]


@settings(max_examples=50)
@given(_LOOKS)
def test_every_scrape_comes_back_to_the_bit_whatever_changes_comes_and_goes(looks: list[dict[Labels, float]]) -> None:
    decoder = Decoder()
    for number, (record, values) in enumerate(zip(encoded(looks), looks, strict=True), 1):
        found = decoder.decode(record)
        assert bits(found.values) == bits(values)
        assert (found.sequence, found.stamp) == (number, scrape(number, {}).stamp)


def test_every_kind_of_step_comes_back_to_the_bit() -> None:
    odd = [0.0, -0.0, 1.0, -1.0, 2.0**31, -(2.0**31), 2.0**53, 2.0**53 + 2, 0.5, math.inf, -math.inf, math.nan, STALE]
    series: dict[Labels, float] = {
        (("__name__", f"{number}_{at}"),): value for number in range(13) for at, value in enumerate(odd)
    }
    turned: dict[Labels, float] = dict(
        zip(series, [odd[(at + number) % 13] for number in range(13) for at in range(13)], strict=True)
    )
    records, decoder = encoded([series, turned]), Decoder()
    assert [record.kind for record in records] == [Kind.FRAME, Kind.CHANGES]
    assert [bits(decoder.decode(record).values) for record in records] == [bits(series), bits(turned)]


def office(number: int) -> dict[Labels, float]:
    """A hundred series of which some change."""
    return {
        (("__name__", f"metric_{index}"), ("office", "x")): number * index / 7 if index % 3 == 0 else index / 7
        for index in range(100)
    }


def test_what_does_not_change_takes_no_room() -> None:
    whole, *changes = encoded([office(1)] * 20)
    assert {record.kind for record in changes} == {Kind.CHANGES}
    assert max(len(record.payload) for record in changes) < len(whole.payload) / 30


def test_a_frame_comes_every_forty_scrapes_and_with_every_boot() -> None:
    kinds = [record.kind for record in encoded([office(number) for number in range(2 * FRAME_EVERY + 1)])]
    assert [at for at, kind in enumerate(kinds) if kind is Kind.FRAME] == [0, FRAME_EVERY, 2 * FRAME_EVERY]
    encoder = Encoder()
    boots = [encoder.encode(scrape(number, office(1), boot)) for number, boot in enumerate(["a", "a", "b", "b"])]
    assert [record.kind is Kind.FRAME for record in boots] == [True, False, True, False]
    decoder = Decoder()
    assert [decoder.decode(record).stamp.boot for record in boots] == ["a", "a", "b", "b"]


def test_much_that_is_new_becomes_a_frame_of_its_own() -> None:
    other = {(("__name__", md5(bytes([index])).hexdigest()),): 1.0 for index in range(100)}
    kinds = [record.kind for record in encoded([office(1), office(1), office(1) | other, office(1) | other])]
    assert kinds == [Kind.FRAME, Kind.CHANGES, Kind.FRAME, Kind.CHANGES]


def test_without_its_own_frame_no_change_is_read_by_another() -> None:
    records = encoded([office(number) for number in range(FRAME_EVERY + 2)])
    decoder = Decoder()
    decoder.decode(records[0])
    with pytest.raises(UnreadableError, match=f"its key frame {FRAME_EVERY + 1} is damaged"):
        decoder.decode(records[FRAME_EVERY + 1])


@pytest.mark.parametrize("payload", [b"", b"x", zlib.compress(b""), zlib.compress(b"\x05\0\0\0[1]  "), bytes(50)])
@pytest.mark.parametrize("kind", [Kind.FRAME, Kind.CHANGES])
def test_a_payload_that_is_none_is_told_never_a_defect(kind: Kind, payload: bytes) -> None:
    decoder, frame = Decoder(), encoded([office(1)])[0]
    decoder.decode(frame)
    with pytest.raises(UnreadableError):
        decoder.decode(Record(kind, 2, 2 if kind is Kind.FRAME else 1, 0.0, 0.0, payload))


@settings(max_examples=50)
@given(st.one_of(st.binary(max_size=300), st.lists(st.sampled_from([0, 1, 2, 3, 255]), max_size=300).map(bytes)))
def test_no_payload_breaks_the_decoder(junk: bytes) -> None:
    decoder, frame = Decoder(), encoded([office(1)])[0]
    decoder.decode(frame)
    for kind in (Kind.CHANGES, Kind.FRAME):
        with suppress(UnreadableError):
            decoder.decode(replace(frame, kind=kind, payload=zlib.compress(junk)))


def test_an_hour_of_an_office_is_a_tenth_of_a_megabyte() -> None:
    hour = b"".join(map(pack, encoded([office(number) for number in range(240)])))
    assert len(hour) < 100_000
