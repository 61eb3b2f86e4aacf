"""Records as bytes: found again among any damage."""

from hypothesis import given
from hypothesis import strategies as st

from agent.buffer.record import BLOCK, Kind, Record, pack, scan

_RECORDS = st.builds(
    lambda kind, sequence, behind, monotonic, wall, payload: Record(
        kind, sequence, max(0, sequence - behind), monotonic, wall, payload
    ),
    st.sampled_from(Kind),
    st.integers(0, 2**63),
    st.integers(0, 1000),
    st.floats(allow_nan=False),
    st.floats(allow_nan=False),
    st.binary(max_size=60),
)
FEW = [Record(Kind.CHANGES, number, 1, 2.0 * number, 3.0 * number, bytes(range(7 * number))) for number in range(1, 6)]


def records(data: bytes) -> list[Record]:
    return [found.record for found in scan(data) if found.record]


def damage(data: bytes) -> int:
    return sum(1 for found in scan(data) if found.record is None)


@given(st.lists(_RECORDS, max_size=8), st.integers(0, 200))
def test_what_is_written_is_found_also_before_zeros(some: list[Record], zeros: int) -> None:
    data = b"".join(map(pack, some)) + bytes(zeros)
    assert records(data) == some
    assert damage(data) == 0


def test_an_end_that_is_torn_at_any_byte_costs_the_last_record_only() -> None:
    data = b"".join(map(pack, FEW))
    ends = [found.end for found in scan(data)]
    for size in range(len(data) + 1):
        whole = [record for record, end in zip(FEW, ends, strict=True) if end <= size]
        assert records(data[:size]) == whole
        assert damage(data[:size]) == (size not in (0, *ends))
        assert records(data[:size] + bytes(100)) == whole


def test_any_bit_that_flips_costs_one_record_and_is_seen() -> None:
    data = b"".join(map(pack, FEW))
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        left = records(bytes(flipped))
        assert len(left) == len(FEW) - 1
        assert set(left) < set(FEW)
        assert damage(bytes(flipped)) == 1


@given(st.binary(max_size=400))
def test_what_is_no_record_is_one_stretch_of_damage_and_hides_none_behind_it(junk: bytes) -> None:
    data = pack(FEW[0]) + b"\x01" + junk + pack(FEW[4])
    assert records(data) == [FEW[0], FEW[4]]
    assert damage(data) == 1


def test_a_length_that_reaches_beyond_everything_is_damage() -> None:
    data = bytearray(pack(FEW[0]))
    data[8:12] = b"\xff\xff\xff\xff"
    assert records(bytes(data) + pack(FEW[1])) == [FEW[1]]


def test_zeros_up_to_the_next_block_are_no_damage_a_block_of_zeros_is() -> None:
    first, last = b"".join(map(pack, FEW[:4])), pack(FEW[4])
    padded = first.ljust(BLOCK, b"\0")
    assert records(padded + last) == FEW
    assert damage(padded + last + bytes(BLOCK)) == 0
    assert records(padded + bytes(BLOCK) + last) == FEW
    assert damage(padded + bytes(BLOCK) + last) == 1
