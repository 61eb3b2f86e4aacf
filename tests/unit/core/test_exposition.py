"""Prometheus' text format, read back by the parser of the client library."""

import math

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from collectors.core import Kind, Metric
from collectors.core.exposition import page

PART = Metric("toy_answer", Kind.GAUGE, "What \\ the toy\nsaid.", ("part",))
BYTES = Metric("toy_bytes_total", Kind.COUNTER, "Bytes.")
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def read(text: str) -> list[tuple[str, dict[str, str], float]]:
    families = text_string_to_metric_families(text)
    return [(sample.name, sample.labels, sample.value) for family in families for sample in family.samples]


def test_a_page_has_help_and_type_and_families_in_order() -> None:
    assert page([BYTES(3), PART(0.5, part="b"), PART(1, part="a"), PART(9, part="a")]) == (
        "# HELP toy_answer What \\\\ the toy\\nsaid.\n# TYPE toy_answer gauge\n"
        'toy_answer{part="b"} 0.5\ntoy_answer{part="a"} 1\n'
        "# HELP toy_bytes_total Bytes.\n# TYPE toy_bytes_total counter\ntoy_bytes_total 3\n"
    )


def test_nothing_is_an_empty_page() -> None:
    assert page([]) == ""


@given(st.floats())
def test_any_number_comes_back(value: float) -> None:
    ((_, _, back),) = read(page([PART(value, part="x")]))
    assert back == value or (math.isnan(back) and math.isnan(value))


@given(ANY_TEXT)
def test_any_label_comes_back(value: str) -> None:
    # The parser of the library splits lines at more than line feeds; Prometheus and the format do not.
    if len(f"{value}x".splitlines()) == 1 or "\n" in value:
        assert page([PART(1, part=value)]).count("\n") == 3
    if value.isprintable():
        assert read(page([PART(1, part=value)])) == [("toy_answer", {"part": value}, 1.0)]
