"""Name servers compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.path.names import Names, Said, compare, servers_of
from collectors.path.networks import Network

TRUE, ALSO, FALSE = "203.0.113.80", "203.0.113.81", "192.0.2.66"


def said(server: str, *addresses: str, trusted: bool = False) -> Said:
    return Said(server, trusted, frozenset(addresses))


def silent(server: str, *, trusted: bool = False) -> Said:
    return Said(server, trusted, None)


def test_servers_that_agree_are_good_also_where_they_name_some_of_several_addresses() -> None:
    assert compare((said("a", TRUE), said("b", TRUE, ALSO), said("c", ALSO, TRUE)), ()).verdict is Names.GOOD


def test_what_is_expected_counts_most() -> None:
    found = compare(
        (said("a", FALSE), said("b", FALSE), said("c", TRUE, trusted=True)), (Network.parse("203.0.113.0/24"),)
    )
    assert (found.verdict, found.suspects, found.addresses) == (Names.LYING, ("a", "b"), (TRUE,))


def test_other_addresses_for_everybody_are_no_lie_where_all_are_expected() -> None:
    assert compare((said("a", TRUE), said("b", ALSO)), (Network.parse("203.0.113.0/24"),)).verdict is Names.GOOD


def test_a_trusted_server_counts_more_than_most() -> None:
    found = compare((said("a", FALSE), said("b", FALSE), said("c", TRUE, trusted=True)), ())
    assert (found.verdict, found.suspects, found.addresses) == (Names.LYING, ("a", "b"), (TRUE,))


def test_among_equals_most_count() -> None:
    found = compare((said("a", TRUE), said("b", FALSE), said("c", TRUE)), ())
    assert (found.verdict, found.suspects, found.addresses) == (Names.LYING, ("b",), (TRUE,))


def test_two_that_differ_are_both_suspect() -> None:
    assert compare((said("a", TRUE), said("b", FALSE)), ()).suspects == ("a", "b")


def test_a_server_that_denies_what_others_know_lies() -> None:
    assert compare((said("a"), said("b", TRUE), said("c", TRUE)), ()).suspects == ("a",)


def test_a_name_that_all_deny_is_unknown_and_nobody_lies() -> None:
    assert compare((said("a"), said("b", trusted=True)), ()).verdict is Names.UNKNOWN_NAME


def test_silence_of_the_machines_own_server_is_a_fault_and_of_another_none() -> None:
    assert compare((silent("a"), said("b", TRUE, trusted=True)), ()).suspects == ("a",)
    assert compare((said("a", TRUE), silent("b", trusted=True)), ()).verdict is Names.GOOD
    assert compare((silent("a"), silent("b")), ()).verdict is Names.SILENT


@pytest.mark.parametrize(
    ("text", "servers"),
    [
        ("nameserver 10.0.0.1\nnameserver 10.0.0.2 # second\nnameserver 10.0.0.1\n", ("10.0.0.1", "10.0.0.2")),
        ("# nothing\nsearch lan\noptions edns0\nnameserver\n", ()),
        ("", ()),
    ],
)
def test_resolv_conf_names_the_servers(text: str, servers: tuple[str, ...]) -> None:
    assert servers_of(text) == servers


SETS = st.one_of(st.none(), st.frozensets(st.sampled_from((TRUE, ALSO, FALSE))))


@given(st.lists(st.builds(Said, st.text("abc"), st.booleans(), SETS)), st.booleans())
def test_every_comparison_ends_and_believes_only_what_was_said(answers: list[Said], expect: bool) -> None:
    found = compare(answers, (Network.parse("203.0.113.0/24"),) if expect else ())
    every = frozenset().union(*(one.addresses or frozenset() for one in answers))
    assert set(found.addresses) <= every
    assert bool(found.addresses) <= bool(every)
