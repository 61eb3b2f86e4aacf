"""What a card speaks is found out by its objects, with few questions, and whatever it says of itself."""

from collections.abc import Mapping, Sequence

import pytest

from collectors.core import ProbeError, Reason
from collectors.core.ports import Oid, SnmpAgent, SnmpValue
from collectors.ups import COLLECTOR, Target
from collectors.ups.detection import SYS_OBJECT_ID, first_row
from collectors.ups.profile import PROFILES
from tests.fakes.ports import FakePorts
from tests.fakes.snmp import FakeSnmp
from tests.unit.collectors.ups.cards import HOST, derived, looked, seen

ENTERPRISES = "1.3.6.1.4.1"
MARKERS = {oid for profile in PROFILES for oid in profile.marker_oids}
NET_SNMP = f"{ENTERPRISES}.8072.3.2.10"


class DeafTo(FakeSnmp):
    """No answer to a question that has this object in it."""

    def __init__(self, answers: Mapping[Oid, SnmpValue], oid: Oid) -> None:
        super().__init__({HOST: answers})
        self.oid = oid

    async def get(self, agent: SnmpAgent, oids: Sequence[Oid], timeout: float) -> Mapping[Oid, SnmpValue]:
        if self.oid in oids:
            raise ProbeError(Reason.NO_ANSWER, "no answer: the card is slow")
        return await super().get(agent, oids, timeout)


def card(family: str, object_id: str | None) -> dict[Oid, SnmpValue]:
    return {**derived(f"{family}-online"), **({SYS_OBJECT_ID: object_id} if object_id else {})}


async def poll(snmp: FakeSnmp) -> tuple[str, ...]:
    """The families that were read."""
    return looked(await COLLECTOR.collect(Target(HOST), FakePorts(snmp=snmp), 10)).mibs


async def test_a_maker_that_is_named_is_asked_about_and_nobody_else() -> None:
    snmp = FakeSnmp({HOST: card("powernet", f"{ENTERPRISES}.318.1.3.27")})
    assert await poll(snmp) == ("powernet",)
    asked = {oid for _, oids in snmp.asked for oid in oids}
    others = {oid for oid in asked & MARKERS if not oid.startswith((f"{ENTERPRISES}.318.", "1.3.6.1.2.1.33."))}
    assert others == set()


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
    snmp = DeafTo(derived("rfc1628-online"), f"{ENTERPRISES}.3808.1.1.1.4.1.1.0")
    reading = await COLLECTOR.collect(Target(HOST), FakePorts(snmp=snmp), 10)
    assert looked(reading) == seen(derived("rfc1628-online"))
    assert any("no time to look for more than the standard MIB" in line for line in reading.evidence)


async def test_a_family_that_is_configured_is_not_looked_for() -> None:
    snmp = FakeSnmp({HOST: derived("powernet-online")})
    await COLLECTOR.collect(Target(HOST, mib="powernet"), FakePorts(snmp=snmp), 10)
    assert not [oid for _, oids in snmp.asked for oid in oids if not oid.startswith(f"{ENTERPRISES}.318.")]


def test_the_first_row_is_the_least_number_below_the_column() -> None:
    column = "1.3.6.1.4.1.2011.6.174.1.2.101.1.1"
    assert first_row({f"{column}.12": 3, f"{column}.9": 3, "1.3.6.1.4.1.2011.6.174.1.2.101.1.11.1": 3}, column) == 9
    assert first_row({}, column) is None
