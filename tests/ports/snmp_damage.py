"""Damage to datagrams, and datagrams that are nearly SNMP: strategies for hypothesis."""

from collections.abc import Callable

from hypothesis import strategies as st

Mutation = Callable[[bytes], bytes]
places = st.floats(0, 0.999999)
octets = st.binary(min_size=1, max_size=6)


def at(datagram: bytes, place: float) -> int:
    return int(place * len(datagram))


def overwrite(place: float, new: bytes) -> Mutation:
    return lambda old: old[: at(old, place)] + new + old[at(old, place) + len(new) :]


def insert(place: float, new: bytes) -> Mutation:
    return lambda old: old[: at(old, place)] + new + old[at(old, place) :]


def cut(place: float) -> Mutation:
    return lambda old: old[: at(old, place)]


def drop(place: float, count: int) -> Mutation:
    return lambda old: old[: at(old, place)] + old[at(old, place) + count :]


def repeat(place: float, times: int) -> Mutation:
    return lambda old: old[: at(old, place)] + old[at(old, place) :] * times


mutations = st.one_of(
    st.builds(overwrite, places, octets),
    st.builds(overwrite, places, st.sampled_from([b"\x80", b"\x84\xff\xff\xff\xff", b"\xff", b"\x00", b"\x30\x80"])),
    st.builds(insert, places, octets),
    st.builds(cut, places),
    st.builds(drop, places, st.integers(1, 4)),
    st.builds(repeat, places, st.integers(2, 40)),
)


def tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    return bytes((tag, size)) + content if size < 128 else bytes((tag, 0x82)) + size.to_bytes(2, "big") + content


fields = st.recursive(
    st.builds(tlv, st.integers(0, 255), st.binary(max_size=20)),
    lambda inner: st.one_of(
        st.builds(lambda parts: tlv(0x30, b"".join(parts)), st.lists(inner, max_size=5)),
        st.builds(lambda tag, parts: tlv(tag, b"".join(parts)), st.integers(0xA0, 0xA8), st.lists(inner, max_size=4)),
        st.builds(lambda parts: b"\x30\x80" + b"".join(parts) + b"\0\0", st.lists(inner, max_size=3)),
    ),
    max_leaves=25,
)
bodies = st.builds(lambda version, parts: tlv(0x30, bytes((2, 1, version)) + b"".join(parts)), st.integers(0, 4),
                   st.lists(fields, max_size=5))  # fmt: skip
anything = st.one_of(
    st.builds(lambda data: lambda _: data, st.binary(max_size=300) | fields | bodies),
    st.builds(lambda steps: lambda old: mutated(old, steps), st.lists(mutations, min_size=1, max_size=3)),
)


def mutated(old: bytes, steps: list[Mutation]) -> bytes:
    for step in steps:
        old = step(old)[:60000]
    return old
