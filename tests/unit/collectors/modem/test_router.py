"""Modems in routers: what each family's objects mean, which of several modems counts, and what cannot be a signal."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core import ProbeError, Reading, Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.core.ports import Oid, SnmpValue
from collectors.modem import COLLECTOR, Target
from collectors.modem.family import decode_family, families
from collectors.modem.router import signal_of
from collectors.modem.said import Signal
from tests.fakes.ports import FakePorts
from tests.fakes.snmp import FakeSnmp
from tests.fakes.time import run

ROUTER = "192.168.1.1"
MIKROTIK = "1.3.6.1.4.1.14988.1.1.16.1.1"
TELTONIKA = "1.3.6.1.4.1.48690.2.2.1"
OLD_TELTONIKA = "1.3.6.1.4.1.48690.2"
SIERRA = "1.3.6.1.4.1.20542.9.1.1"
CRADLEPOINT = "1.3.6.1.4.1.20992.1.2.2.1"
PEPWAVE = "1.3.6.1.4.1.27662.200.1.12.1.1.1"


def below(base: Oid, said: Mapping[str, SnmpValue], row: str = "") -> dict[Oid, SnmpValue]:
    return {f"{base}.{part}{row}": value for part, value in said.items()}


def look(said: Mapping[Oid, SnmpValue], **more: Any) -> Signal:
    async def collect() -> Reading:
        ports = FakePorts(snmp=FakeSnmp({ROUTER: said}))
        return await COLLECTOR.collect(Target(router=ROUTER, **more), ports, 10.0)

    seen: Any = run(collect()).seen
    found: Signal = seen.signal
    return found


SAYS: dict[str, tuple[dict[Oid, SnmpValue], Signal]] = {
    "MikroTik": (
        below(MIKROTIK, {"2": -65, "3": -11, "4": -97, "5": 2_590_977, "6": 7, "7": 9}, ".4"),
        Signal("registered", "lte", "", -97, -11, 9, None, -65, "2590977"),
    ),
    "Teltonika": (
        below(TELTONIKA, {"11": b"Registered, home", "12": -58, "13": b"Viettel", "16": b"LTE", "18": b"1A2B3C",
                          "19": b"12.4", "20": -88, "21": -9}, ".1"),
        Signal("registered", "lte", "Viettel", -88, -9, 12.4, None, -58, "1A2B3C"),
    ),
    "an older Teltonika": (
        below(OLD_TELTONIKA, {"3.0": b"registered (roaming)", "4.0": -71, "5.0": b"VINAPHONE", "8.0": b"4G (LTE)",
                              "21.0": b"77", "22.0": b"3.0", "23.0": b"-101", "24.0": b"-14"}),
        Signal("registered", "4g (lte)", "VINAPHONE", -101, -14, 3, None, -71, "77"),
    ),
    "Sierra": (
        below(SIERRA, {"1.259.0": b"Network Ready", "1.261.0": -70, "1.264.0": b"LTE", "1.770.0": b"MobiFone",
                       "2.773.0": b"1234", "2.10209.0": b"-10", "2.10210.0": -99, "2.10211.0": b"7.2"}),
        Signal("registered", "lte", "MobiFone", -99, -10, 7.2, None, -70, "1234"),
    ),
    "Cradlepoint": (
        below(CRADLEPOINT, {"4": -67, "5": 1, "13": 8, "14": -95, "15": -12}, ".2"),
        Signal("registered", "", "", -95, -12, 8, None, -67),
    ),
    "Pepwave": (
        below(PEPWAVE, {"3": -64, "5": 11, "7": -92, "8": -10, "9": b"LTE-A"}, ".0"),
        Signal("registered", "lte-a", "", -92, -10, 11, None, -64),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("said", "signal"), SAYS.values(), ids=SAYS.keys())
def test_the_objects_of_a_family_make_a_signal_whichever_it_is(said: dict[Oid, SnmpValue], signal: Signal) -> None:
    assert look(said) == signal


NO_NETWORK: dict[str, tuple[dict[Oid, SnmpValue], bool]] = {
    "a searching Teltonika": (below(TELTONIKA, {"11": b"Searching", "20": -88}, ".1"), False),
    "an unregistered Teltonika": (below(TELTONIKA, {"11": b"Unregistered", "20": -88}, ".1"), False),
    "a Cradlepoint whose modem is disconnected": (below(CRADLEPOINT, {"4": -67, "5": 5}, ".1"), False),
    "a Sierra without service": (below(SIERRA, {"1.259.0": b"No Service", "1.261.0": -113}), False),
    "a MikroTik without a signal": (below(MIKROTIK, {"2": 0, "4": 0, "6": -1}, ".1"), False),
    "a MikroTik with one": (below(MIKROTIK, {"2": -65, "4": -97}, ".1"), True),
    "a Pepwave that knows nothing": (below(PEPWAVE, {"3": -9999, "7": -9999}, ".0"), False),
}


@pytest.mark.parametrize(("said", "registered"), NO_NETWORK.values(), ids=NO_NETWORK.keys())
def test_a_modem_without_a_network_is_told_from_one_with(said: dict[Oid, SnmpValue], registered: bool) -> None:
    assert look(said).registered is registered


def test_what_a_router_says_in_place_of_a_value_is_none() -> None:
    said = below(TELTONIKA, {"11": b"Registered, home", "12": 0, "19": b"N/A", "20": -140, "21": 127}, ".1")
    signal = look(said)
    assert (signal.rssi, signal.sinr, signal.rsrq, signal.rsrp) == (None, None, None, -140)


TWO = {**below(TELTONIKA, {"11": b"Unregistered", "20": -80}, ".1"),
       **below(TELTONIKA, {"11": b"Registered, home", "20": -105}, ".2")}  # fmt: skip


def test_of_several_modems_the_one_that_serves_counts_or_the_one_that_was_named() -> None:
    assert look(TWO).rsrp == -105
    assert look(TWO, modem="1").rsrp == -80
    with pytest.raises(ProbeError) as caught:
        look(TWO, modem="3")
    assert caught.value.reason is Reason.NO_ANSWER


def test_a_router_of_a_named_family_is_asked_for_nothing_else() -> None:
    both = {**SAYS["Teltonika"][0], **SAYS["MikroTik"][0]}
    assert look(both, family="teltonika").operator == "Viettel"
    snmp = FakeSnmp({ROUTER: SAYS["Teltonika"][0]})

    async def collect() -> None:
        await COLLECTOR.collect(Target(router=ROUTER, family="teltonika"), FakePorts(snmp=snmp), 10.0)

    run(collect())
    assert all(oid.startswith(TELTONIKA) for _, oids in snmp.asked for oid in oids)


def test_a_router_that_tells_of_no_modem_is_unsupported() -> None:
    with pytest.raises(ProbeError, match="no modem") as caught:
        look({"1.3.6.1.2.1.1.1.0": b"a switch"})
    assert caught.value.reason is Reason.UNSUPPORTED


def test_a_router_that_does_not_answer_is_no_answer() -> None:
    async def collect() -> None:
        await COLLECTOR.collect(Target(router="10.0.0.9"), FakePorts(snmp=FakeSnmp({})), 10.0)

    with pytest.raises(ProbeError) as caught:
        run(collect())
    assert caught.value.reason is Reason.NO_ANSWER


@given(st.dictionaries(st.integers(0, 5), st.integers() | st.binary(max_size=60) | st.text(max_size=20), max_size=6))
def test_whatever_a_router_says_is_borne(values: dict[int, SnmpValue]) -> None:
    for family in families():
        said = {family.oid(part, "1"): values[number] for number, part in enumerate(family.parts) if number in values}
        signal = signal_of(family, "1", said)
        assert signal.power is None or -157 <= signal.power <= -10
        assert (signal.operator + signal.cell + signal.technology).isprintable()


def test_every_family_says_where_its_facts_come_from_and_has_a_mark_among_its_objects() -> None:
    for family in families():
        assert family.reference
        assert family.mark in family.parts
        assert {"rsrp", "rssi"} & family.numbers.keys()


GOOD = "name: x\ntitle: X\nreference: r\nbase: 1.3.6.1.4.1.9\nmark: 1.0\nnumbers: {rsrp: {oid: 1.0}}\n"
BAD = {
    GOOD.replace("rsrp:", "power:"): "power",
    GOOD.replace("base: 1.3.6.1.4.1.9", "base: 1.2"): "no OID",
    GOOD.replace("mark: 1.0", "mark: a.b"): "part of an OID",
}


@pytest.mark.parametrize(("text", "words"), BAD.items(), ids=BAD.values())
def test_a_family_that_cannot_be_is_refused_with_its_place(text: str, words: str) -> None:
    assert decode_family(GOOD, "x.yml").name == "x"
    with pytest.raises(DecodeError, match=words):
        decode_family(text, "x.yml")


def test_a_target_names_its_router_its_family_and_its_ports() -> None:
    text = "router: 192.168.1.1\nfamily: teltonika\ncommunity: public\n"
    target = decode_text(text, Target, "agent.yml").value
    assert target.router == "192.168.1.1"
    assert target.needs == {"snmp"}
    assert decode_text("{}", Target, "agent.yml").value.needs == {"host"}
    for wrong in ("family: nokia\n", "router: a b\n", "router: r\nversion: 3\n"):
        with pytest.raises(DecodeError):
            decode_text(wrong, Target, "agent.yml")


@pytest.mark.parametrize(("text", "field"), [("2", "modem"), ("any", "modem"), ("192.168.1.1", "router")])
def test_by_hand_a_number_is_a_modem_here_and_all_else_a_router(text: str, field: str) -> None:
    assert COLLECTOR.argument(text) == {field: text}
