"""What a card speaks is found out by its objects, with few questions, and whatever it says of itself."""

from collections.abc import Mapping, Sequence

import pytest

from collectors.core import ProbeError, Reason
from collectors.core.ports import Oid, SnmpAgent, SnmpValue
from collectors.ups import COLLECTOR, Target
from collectors.ups.detection import SYS_DESCR, SYS_OBJECT_ID, first_row, marks
from collectors.ups.profile import PROFILES
from tests.fakes.ports import FakePorts
from tests.fakes.snmp import FakeSnmp, read_snmprec
from tests.tools import shared
from tests.unit.collectors.ups.cards import HOST, derived, looked, recordings, seen, spoken

ENTERPRISES = "1.3.6.1.4.1"
MARKERS = {oid for profile in PROFILES for oid in profile.marker_oids}
NET_SNMP = f"{ENTERPRISES}.8072.3.2.10"


class Slow(FakeSnmp):
    """There is only time to look for so many marks."""

    def __init__(self, answers: Mapping[Oid, SnmpValue], most: int) -> None:
        super().__init__({HOST: answers})
        self.most = most

    async def find(self, agent: SnmpAgent, marks: Sequence[Oid], timeout: float) -> frozenset[Oid]:
        return await super().find(agent, marks[: self.most], timeout)


def card(family: str, object_id: str | None) -> dict[Oid, SnmpValue]:
    return {**derived(f"{family}-online"), **({SYS_OBJECT_ID: object_id} if object_id else {})}


async def poll(snmp: FakeSnmp) -> tuple[str, ...]:
    """The families that were read."""
    return looked(await COLLECTOR.collect(Target(HOST), FakePorts(snmp=snmp), 10)).mibs


async def test_the_marks_of_other_families_are_never_asked_for_but_to_recognise_a_card() -> None:
    """The port remembers what it was asked to find, and nothing else."""
    snmp = FakeSnmp({HOST: card("powernet", f"{ENTERPRISES}.318.1.3.27")})
    assert await poll(snmp) == ("powernet",)
    (_, found), *others = snmp.asked
    assert set(found) == MARKERS
    asked = {oid for _, oids in others for oid in oids}
    assert not [oid for oid in asked & MARKERS if not oid.startswith((f"{ENTERPRISES}.318.", "1.3.6.1.2.1.33."))]


def test_one_marker_of_each_family_comes_before_the_second_of_any() -> None:
    firsts = marks(PROFILES)[: len(PROFILES)]
    assert all(not {*profile.marker_oids}.isdisjoint(firsts) for profile in PROFILES)
    assert firsts[0].startswith("1.3.6.1.2.1.33.")


@pytest.mark.parametrize("object_id", [None, NET_SNMP, f"{ENTERPRISES}.935.10.1", "0.0", "1.3.6.1.2.1.33"])
async def test_a_card_that_names_nobody_or_somebody_else_is_recognised_by_its_objects(object_id: str | None) -> None:
    assert await poll(FakeSnmp({HOST: card("powernet", object_id)})) == ("powernet",)
    assert await poll(FakeSnmp({HOST: card("rfc1628", object_id)})) == ("rfc1628",)


async def test_the_name_of_a_maker_is_no_proof_of_its_mib() -> None:
    named: dict[Oid, SnmpValue] = {SYS_OBJECT_ID: f"{ENTERPRISES}.935.1.1.1", "1.3.6.1.2.1.1.1.0": b"UPS"}
    with pytest.raises(ProbeError) as caught:
        await poll(FakeSnmp({HOST: named}))
    assert caught.value.reason is Reason.UNSUPPORTED


async def test_a_card_without_the_markers_of_its_maker_is_recognised_by_anything_else_of_its_state() -> None:
    (powernet,) = (profile for profile in PROFILES if profile.name == "powernet")
    cut = card("powernet", f"{ENTERPRISES}.318.1.3.27")
    for oid in powernet.marker_oids:
        cut.pop(oid, None)
    assert await poll(FakeSnmp({HOST: cut})) == ("powernet",)


async def test_a_card_that_speaks_several_is_read_by_all_the_makers_first() -> None:
    both = {**derived("powernet-online"), **derived("rfc1628-online")}
    assert await poll(FakeSnmp({HOST: both})) == ("powernet", "rfc1628")


async def test_a_slow_card_is_read_by_the_standard_mib_while_the_makers_are_not_found() -> None:
    both = {**derived("powernet-online"), **derived("rfc1628-online")}
    reading = await COLLECTOR.collect(Target(HOST), FakePorts(snmp=Slow(both, 4)), 10)
    assert looked(reading) == seen(derived("rfc1628-online"))


async def test_a_family_that_is_configured_is_not_looked_for() -> None:
    snmp = FakeSnmp({HOST: derived("powernet-online")})
    await COLLECTOR.collect(Target(HOST, mib="powernet"), FakePorts(snmp=snmp), 10)
    asked = {oid for _, oids in snmp.asked for oid in oids} - {SYS_DESCR}
    assert not [oid for oid in asked if not oid.startswith(f"{ENTERPRISES}.318.")]


def test_the_first_row_is_the_least_number_below_the_column() -> None:
    column = "1.3.6.1.4.1.2011.6.174.1.2.101.1.1"
    assert first_row({f"{column}.12": 3, f"{column}.9": 3, "1.3.6.1.4.1.2011.6.174.1.2.101.1.11.1": 3}, column) == 9
    assert first_row({}, column) is None


# --- recordings of real cards ----------------------------------------------------------------------------------------

FAMILIES = {
    "apc_surt3000xl": "powernet", "cyberpower": "cps", "eatonups": "xups", "eaton-mgeups_9px": "mge",
    "huawei-gse200m": "huawei", "huawei-smu_11b": "huawei_site", "liebert_apm": "liebert", "vertiv-ita2": "ita2",
    "deltaups": "delta", "socomec-ups": "netvision", "socomec__netvision__snmp__netvision5": "netvision5",
    "netagent2": "xppc", "powerwalker": "eppc", "webpower-smart2": "usha", "orvaldi-ups": "voltronic",
    "poweralert_2": "tripplite12", "generex-ups_cs121": "rfc1628", "netmanplus_204": "rfc1628",
    "cetpower": "rfc1628",
}  # fmt: skip


@pytest.mark.parametrize(("recording", "family"), FAMILIES.items())
def test_a_recorded_card_is_recognised_as_its_family(recording: str, family: str) -> None:
    (path,) = shared("ups").rglob(f"{recording}.snmprec")
    assert seen(read_snmprec(path)).mibs[0] == family


async def test_every_recorded_card_is_found_out_with_as_much_as_reading_all_of_it_would_give() -> None:
    known = {path.stem: answers for path in recordings() if spoken(answers := read_snmprec(path))}
    assert len(known) >= 46
    for stem, answers in known.items():
        if not seen(answers).says_nothing:
            reading = await COLLECTOR.collect(Target(HOST), FakePorts(snmp=FakeSnmp({HOST: answers})), 10)
            assert looked(reading) == seen(answers), stem
