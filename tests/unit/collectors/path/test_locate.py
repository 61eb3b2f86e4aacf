"""The verdict, from ways that are well, broken, silent in places, narrow, lossy or misnamed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.ports import Method, Packet, Reply, Word
from collectors.path.drawing import drawing
from collectors.path.locate import Fault, Lan, Why, locate
from collectors.path.metrics import FAULT, LOSS, METRICS, samples
from collectors.path.names import Comparison, Names
from collectors.path.networks import Networks
from collectors.path.past import Usual
from tests.unit.collectors.path.ways import (
    FAR,
    GATEWAY,
    LAN,
    ROUTERS,
    answers,
    broken,
    end,
    healthy,
    sized,
    way,
)

NOTHING = Networks()
AFTER = (Fault.ISP_ACCESS, Fault.ISP_BACKBONE, Fault.PROVINCE, Fault.NATIONAL, Fault.TARGET)  # router 1, 2, ...
USUAL = Usual(tuple(hop.zone for hop in healthy().hops))


def test_a_way_to_its_end_is_well() -> None:
    assert locate(healthy()).fault is Fault.NONE


@pytest.mark.parametrize("distance", range(1, 6))
def test_a_silent_hop_is_no_fault(distance: int) -> None:
    assert locate(healthy(silent=[distance])).fault is Fault.NONE


@pytest.mark.parametrize("distance", range(1, 6))
def test_a_break_is_in_the_network_that_comes_next_by_the_lists(distance: int) -> None:
    assert locate(broken(distance)).fault is AFTER[distance - 1]


@pytest.mark.parametrize("distance", range(1, 6))
def test_a_break_is_in_what_used_to_come_next(distance: int) -> None:
    usual = Usual(tuple(hop.zone for hop in healthy(NOTHING).hops))
    assert str(locate(broken(distance, NOTHING), usual).fault) == usual.zones[distance]


@pytest.mark.parametrize("distance", range(2, 5))
def test_a_break_behind_a_silent_hop_is_not_blamed_on_the_silence(distance: int) -> None:
    usual = Usual(tuple(hop.zone for hop in healthy(silent=[distance]).hops))
    found = locate(broken(distance, silent=[distance]), usual)
    assert found.fault is AFTER[distance - 1]


def test_another_way_than_usual_is_judged_by_the_lists() -> None:
    other = Usual((*USUAL.zones[:1], *USUAL.zones[2:]))
    assert locate(broken(3), other).fault is Fault.PROVINCE


@pytest.mark.parametrize(
    ("lan", "fault", "why"),
    [
        (Lan(None), Fault.OFFICE_LAN, Why.NO_ROUTE),
        (Lan(GATEWAY, carrier=False), Fault.OFFICE_LAN, Why.NO_CARRIER),
        (Lan(GATEWAY, carrier=True, neighbour=False), Fault.OFFICE_LAN, Why.NO_NEIGHBOUR),
        (Lan(GATEWAY, carrier=True, neighbour=True), Fault.GATEWAY, Why.GATEWAY_SILENT),
        (Lan(GATEWAY, carrier=True, neighbour=True, answers=True), Fault.ISP_ACCESS, Why.SILENT_BEHIND),
        (Lan("", carrier=True), Fault.ISP_ACCESS, Why.SILENT_BEHIND),
    ],
)
def test_where_no_hop_answers_the_office_itself_tells_more(lan: Lan, fault: Fault, why: Why) -> None:
    found = locate(way(*(answers(distance, None) for distance in range(1, 31)), lan=lan))
    assert (found.fault, found.why) == (fault, why)


def test_a_gateway_that_never_says_anything_is_not_the_fault_while_it_is_there() -> None:
    silence = [answers(distance, None) for distance in range(1, 31)]
    mute = Usual((None, *USUAL.zones[1:]), mute=True)
    there, gone = (Lan(GATEWAY, carrier=True, neighbour=neighbour) for neighbour in (True, False))
    assert locate(way(*silence, lan=there), mute).fault is Fault.ISP_ACCESS
    assert locate(way(*silence, lan=there), replace(mute, mute=False)).fault is Fault.GATEWAY
    assert locate(way(*silence, lan=gone), mute).fault is Fault.OFFICE_LAN


@pytest.mark.parametrize("word", [Word.NO_HOST, Word.NO_NETWORK])
def test_a_router_without_a_way_on_speaks_of_what_is_behind_it(word: Word) -> None:
    told = way(answers(1, GATEWAY), answers(2, ROUTERS[1]), answers(3, ROUTERS[1], word), answers(4, ROUTERS[1], word))
    assert locate(told).fault is Fault.ISP_BACKBONE
    at_once = way(answers(1, GATEWAY), answers(2, ROUTERS[1], word), answers(3, ROUTERS[1], word))
    assert locate(at_once).fault is Fault.ISP_BACKBONE


def test_a_router_that_refuses_is_the_fault_itself() -> None:
    found = locate(way(answers(1, GATEWAY), answers(2, ROUTERS[1]), answers(3, ROUTERS[1], Word.REFUSED)))
    assert (found.fault, found.why) == (Fault.ISP_ACCESS, Why.REFUSES)


def test_packets_that_go_round_in_circles_are_seen() -> None:
    rows = [answers(1, GATEWAY), *(answers(distance, ROUTERS[2 + distance % 2]) for distance in range(2, 31))]
    assert locate(way(*rows)).why is Why.LOOP


def test_large_packets_that_vanish_are_a_fault_and_those_that_are_refused_are_none() -> None:
    silence = sized({1500: None, 1492: None, 1480: None})
    assert locate(way(answers(1, GATEWAY), end(2), large=silence)).fault is Fault.MTU
    told = sized({1500: Reply(ROUTERS[1], Word.TOO_BIG, 0.1, 1450), 1492: None, 1480: None})
    assert locate(way(answers(1, GATEWAY), end(2), large=told)).fault is Fault.NONE
    assert way(answers(1, GATEWAY), end(2), large=told).width.most == 1450


def test_loss_is_placed_where_it_begins_and_thrifty_routers_lose_nothing() -> None:
    rows = [answers(1, GATEWAY), answers(2, ROUTERS[1], lost=2), answers(3, ROUTERS[2], lost=1), end(4, lost=1)]
    seen = way(*rows)
    assert locate(seen).fault is Fault.ISP_ACCESS
    assert [hop.loss for hop in seen.hops] == [0, *[pytest.approx(1 / 3)] * 3]
    thrifty = way(answers(1, GATEWAY, lost=2), answers(2, ROUTERS[1], lost=1), end(3))
    assert locate(thrifty).fault is Fault.NONE
    assert [sample.value for sample in samples(thrifty, locate(thrifty)) if sample.metric is LOSS] == [0, 0, 0]


def test_loss_before_the_gateway_is_the_offices_own() -> None:
    assert locate(way(answers(1, GATEWAY, lost=1), end(2, lost=1))).fault is Fault.OFFICE_LAN


def test_only_tcp_that_is_lost_is_placed_by_what_answers_tcp() -> None:
    rows = [answers(1, GATEWAY), answers(2, ROUTERS[1])]
    blocked = [
        packet if packet.method is not Method.TCP else Packet(Method.TCP, 3, 60, None)
        for packet in answers(3, ROUTERS[2])
    ]
    assert locate(way(*rows, blocked, end(4, (Method.ICMP, Method.UDP)))).fault is Fault.ISP_BACKBONE
    assert locate(way(*rows, answers(3, ROUTERS[2]), end(4, (Method.ICMP,)))).fault is Fault.TARGET


@pytest.mark.parametrize("verdict", [Names.LYING, Names.SILENT, Names.UNKNOWN_NAME])
def test_names_are_blamed_only_where_the_way_leads_to_somebody(verdict: Names) -> None:
    names = Comparison(verdict, ("10.4.0.53",), (FAR,))
    assert locate(replace(healthy(), names=names)).fault is Fault.DNS
    if verdict is not Names.UNKNOWN_NAME:
        assert locate(replace(broken(2), names=names)).fault is Fault.ISP_BACKBONE


def test_a_name_that_nobody_knows_is_no_broken_way() -> None:
    nobody = replace(broken(0), address="", names=Comparison(Names.UNKNOWN_NAME, ("10.4.0.53",)), lan=Lan(GATEWAY))
    assert locate(nobody).fault is Fault.DNS


ADDRESSES = st.one_of(st.none(), st.sampled_from((*ROUTERS, "192.0.2.7", FAR)))
REPLIES = st.one_of(
    st.none(),
    st.builds(Reply, st.sampled_from((*ROUTERS, FAR)), st.sampled_from(Word), st.floats(0, 3), st.integers(0, 65535)),
)
PACKETS = st.builds(Packet, st.sampled_from(Method), st.integers(1, 30), st.just(60), REPLIES)
LARGE = st.builds(Packet, st.just(Method.ICMP), st.just(64), st.sampled_from((1500, 1492, 1480, 1400, 1280)), REPLIES)
LANS = st.builds(
    Lan,
    st.sampled_from((None, "", GATEWAY)),
    st.sampled_from((None, True, False)),
    st.sampled_from((None, True, False)),
    st.booleans(),
)


@given(
    st.lists(PACKETS, max_size=90),
    st.lists(LARGE, max_size=15),
    LANS,
    st.sampled_from((NOTHING, healthy().networks)),
    st.sampled_from((Usual(), USUAL, Usual((None, *USUAL.zones)))),
)
def test_whatever_is_seen_has_one_verdict_with_bounded_labels_and_a_drawing(
    packets: list[Packet], large: list[Packet], lan: Lan, networks: Networks, usual: Usual
) -> None:
    seen = way(packets, large=tuple(large), lan=lan, networks=networks)
    found = locate(seen, usual)
    exported = list(samples(seen, found))
    assert sum(sample.value for sample in exported if sample.metric is FAULT) == 1
    assert {sample.metric for sample in exported} <= set(METRICS)
    numbers = {sample.label("hop") for sample in exported} - {"", "gateway", "first_isp"}
    assert all(1 <= int(number) <= 30 for number in numbers)
    assert (found.fault is Fault.NONE) <= (seen.end is not None)
    lines = drawing(seen, found)
    assert all("{" not in line for line in lines)


@given(st.integers(1, 5), st.sets(st.integers(1, 5)))
def test_a_break_is_never_placed_before_a_hop_that_answers(behind: int, silent: set[int]) -> None:
    seen = broken(behind, silent=sorted(silent))
    order = [Fault.OFFICE_LAN, Fault.GATEWAY, *AFTER]
    last = max((distance for distance in range(1, behind + 1) if distance not in silent), default=0)
    found = locate(seen, Usual(tuple(hop.zone for hop in healthy(silent=sorted(silent)).hops)))
    assert order.index(found.fault) > last
    assert LAN.answers
