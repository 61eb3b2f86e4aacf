"""Places in a JSON text: what Python's own reader finds there, at a fraction of its memory."""

import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collectors.service.json_places import Place, find

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
DOCUMENTS = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner), max_leaves=30
)
PLACES = st.frozensets(st.lists(st.sampled_from(("a", "b", 0, 1, 3)), max_size=3).map(tuple), max_size=3)
QUARTER = 262_144
MEMORY = 512 * 1024
MISSING = object()


def at(document: Any, place: Place) -> Any:
    for part in place:
        if isinstance(part, int):
            there = isinstance(document, list) and part < len(document)
        else:
            there = isinstance(document, dict) and part in document
        if not there:
            return MISSING
        document = document[part]
    return document


def full_of(part: str) -> str:
    """A list of a quarter of a megabyte."""
    return "[" + ",".join([part] * (QUARTER // (len(part) + 1))) + "]"


@given(DOCUMENTS, PLACES, st.sampled_from((None, 1, "\t")))
@example([[[["a"]]], {"a": {"b": [{}]}}], frozenset({(0, 0), (1, "a", "b")}), None)
def test_each_place_holds_what_pythons_reader_finds_there(
    document: object, places: frozenset[Place], indent: int | str | None
) -> None:
    found = find(json.dumps(document, indent=indent), places)
    for place in places:
        assert (json.loads(found[place]) if place in found else MISSING) == at(document, place)


@given(st.text(alphabet='[]{},:"a1.-e\\u0 tnl', max_size=40) | st.text())
@example("[1,]")
@example('{"a":1,}')
@example('[1 2,{"a":[]]')
@example("[[[1],[2],],3]")
@example("01")
@example('["\\x",1]')
@example('["\t",1]')
@example("[١,1]")
@example("1 2")
def test_whatever_is_no_json_to_pythons_reader_is_refused(text: str) -> None:
    assert is_taken(lambda: find(text, {("a",), (1, 0)})) == is_taken(
        lambda: json.loads(text, parse_int=str, parse_constant=int)
    )


def is_taken(read: Callable[[], object]) -> bool:
    try:
        read()
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("text", ["[" * QUARTER, "NaN", "[Infinity]", '{"a":-Infinity}', "[" * 501 + "]" * 501])
def test_what_is_too_deep_or_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the words are, it is said to be no JSON
        find(text, {()})


def test_of_a_key_that_stands_twice_the_last_one_counts() -> None:
    assert find('{"a": 1, "b": 0, "a": 2}', {("a",)}) == {("a",): "2"}


@pytest.mark.parametrize("part", ["{}", "[]", "1", '"ab"', '{"a":1}', "[[[]]]", '"\\u1ea3"'])
@pytest.mark.parametrize("place", [("a",), (0,), (40_000,)])
def test_no_text_costs_more_memory_than_its_own_length(part: str, place: Place) -> None:
    text = full_of(part)
    tracemalloc.start()
    try:
        found = find(text, {place})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MEMORY
    assert found == ({place: part} if place[0] in range(QUARTER // (len(part) + 1)) else {})
