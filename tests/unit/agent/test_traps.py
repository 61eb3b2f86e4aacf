"""Who may hint, and how often."""

from dataclasses import dataclass, replace
from ipaddress import ip_address

import pytest

import collectors
from agent.config import Probe, loads
from agent.io.traps import address
from agent.traps import Heard, Hints, hosts
from collectors.core.decode import DecodeError
from tests.unit.agent.conftest import probe

CARD, OTHER = ip_address("10.4.1.9"), ip_address("10.4.1.8")


@dataclass(frozen=True, slots=True)
class Where:
    host: str


def ups(key: str, host: str) -> Probe:
    return replace(probe(key), collector=collectors.load(key.partition("/")[0]), target=Where(host))


@pytest.fixture
def hints() -> Hints:
    made = Hints()
    made.probes = hosts([ups("ups/main", "card.lan"), ups("ups/racks", "card.lan"), ups("ups/other", "10.4.1.8")])
    made.addresses = {"card.lan": (CARD,), "10.4.1.8": (OTHER,)}
    return made


def heard(hints: Hints) -> dict[str, float]:
    return {sample.label("result"): sample.value for sample in hints.samples() if sample.value}


def test_a_card_wakes_the_probes_that_ask_it_and_no_others(hints: Hints) -> None:
    assert hints.hear(CARD, 100) == {"ups/main": 0, "ups/racks": 0}
    assert hints.hear(OTHER, 100) == {"ups/other": 0}
    assert heard(hints) == {Heard.ACCEPTED: 2}


def test_a_flood_wakes_a_probe_once_in_two_seconds(hints: Hints) -> None:
    waits = [(tenth, hints.hear(OTHER, 100 + tenth / 10)) for tenth in range(60)]
    runs = [100 + tenth / 10 + wait["ups/other"] for tenth, wait in waits if wait]
    assert runs == pytest.approx([100, 102, 104, 106])
    assert heard(hints) == {Heard.ACCEPTED: 4, Heard.REPEATED: 56}


def test_a_hint_that_comes_too_soon_is_not_lost(hints: Hints) -> None:
    hints.hear(OTHER, 100)
    assert hints.hear(OTHER, 101.5) == {"ups/other": pytest.approx(0.5)}
    assert not hints.hear(OTHER, 101.9)
    assert hints.hear(OTHER, 110) == {"ups/other": 0}


def test_the_flood_of_one_card_does_not_silence_another(hints: Hints) -> None:
    hints.hear(CARD, 100)
    assert hints.hear(OTHER, 100.1)


def test_strangers_wake_nobody(hints: Hints) -> None:
    assert not hints.hear(ip_address("203.0.113.5"), 100)
    assert heard(hints) == {Heard.UNKNOWN_SENDER: 1}


def test_a_card_whose_name_is_not_known_yet_is_a_stranger(hints: Hints) -> None:
    del hints.addresses["card.lan"]
    assert not hints.hear(CARD, 100)


def test_a_card_that_is_no_longer_configured_is_a_stranger(hints: Hints) -> None:
    hints.probes = {}
    assert not hints.hear(CARD, 100)


def test_an_ipv4_card_that_a_socket_of_ipv6_hears_is_the_same_card() -> None:
    assert address("::ffff:10.4.1.9") == CARD
    assert address("2001:db8::9") == ip_address("2001:db8::9")


def test_what_is_no_ups_sends_no_traps() -> None:
    assert hosts([probe("toy/a")]) == {}


AGENT = """
version: 1
identity: {province: "04", commune: "01273", office: 01273-1}
name: {vi: a, en: a}
probes: [{collector: host}]
"""


def test_traps_are_off_until_somebody_asks_for_them() -> None:
    assert loads(AGENT).settings.traps is None
    assert str(loads(AGENT + "traps: 0.0.0.0:1162").settings.traps) == "0.0.0.0:1162"


@pytest.mark.parametrize("text", ["0.0.0.0", "1162", "card.lan:1162", "10.4.1.999:1162", "0.0.0.0:0"])
def test_traps_need_an_address_and_a_port(text: str) -> None:
    with pytest.raises(DecodeError, match="is not an address of this machine and a port"):
        loads(AGENT + f'traps: "{text}"')
