"""What a poll asks, in which order, and what it makes of an agent that fails half way."""

from collections.abc import Mapping, Sequence

import pytest

from collectors.core import ProbeError, Reading, Reason
from collectors.core.ports import Oid, SnmpAgent, SnmpValue
from collectors.ups import COLLECTOR, Target
from collectors.ups.detection import SYS_DESCR
from collectors.ups.metrics import METRICS
from tests.fakes.ports import FakePorts
from tests.fakes.snmp import FakeSnmp
from tests.unit.collectors.ups.cards import HOST, derived, exported, judged


class FailingSnmp(FakeSnmp):
    """Fails from the n-th request on, walks included."""

    def __init__(self, answers: Mapping[Oid, SnmpValue], after: int) -> None:
        super().__init__({HOST: answers})
        self.after = after

    def _answers(self, agent: SnmpAgent) -> Mapping[Oid, SnmpValue]:
        if len(self.asked) > self.after:
            raise ProbeError(Reason.NO_ANSWER, "no answer: the card has gone to sleep")
        return super()._answers(agent)


async def poll(snmp: FakeSnmp) -> Reading:
    return await COLLECTOR.collect(Target(HOST), FakePorts(snmp=snmp), 10)


def questions(snmp: FakeSnmp) -> Sequence[tuple[Oid, ...]]:
    return [oids for _, oids in snmp.asked]


async def test_a_poll_finds_out_asks_for_the_state_and_then_for_the_details() -> None:
    found = derived("powernet-online")
    snmp = FakeSnmp({HOST: found})
    reading = await poll(snmp)
    assert list(reading.phases) == ["detect", "state", "details"]
    families, state, details = questions(snmp)
    assert "1.3.6.1.4.1.318.1.1.1.4.1.1.0" in families
    assert {"1.3.6.1.4.1.318.1.1.1.4.1.1.0", "1.3.6.1.4.1.318.1.1.1.8.1.0"} <= set(state), "a mark may be old"
    assert {SYS_DESCR, "1.3.6.1.4.1.318.1.1.1.1.2.3.0"} <= set(details)
    assert not set(state) & set(details)


async def test_rows_under_another_index_are_asked_for_only_where_a_column_gave_nothing() -> None:
    usual, odd = FakeSnmp({HOST: derived("rfc1628-online")}), FakeSnmp({HOST: derived("rfc1628-extra-zero")})
    await poll(usual)
    await poll(odd)
    row = "1.3.6.1.2.1.33.1.3.3.1.3.1.0"
    assert not any(row in oids for oids in questions(usual))
    assert row in questions(odd)[-1]


async def test_alarms_are_walked_only_when_the_card_counts_any() -> None:
    quiet, alarmed = FakeSnmp({HOST: derived("rfc1628-online")}), FakeSnmp({HOST: derived("rfc1628-onbattery")})
    await poll(quiet)
    await poll(alarmed)
    rows = ("1.3.6.1.2.1.33.1.6.2.1.2",)
    assert rows not in questions(quiet)
    assert rows in questions(alarmed)


async def test_details_that_do_not_arrive_cost_no_verdict() -> None:
    reading = await poll(FailingSnmp(derived("powernet-onbattery"), after=2))
    assert exported(reading)["ups_source{battery}"] == 1
    assert any("the details are missing: no answer" in line for line in reading.evidence)


async def test_alarms_that_do_not_arrive_cost_no_verdict() -> None:
    reading = await poll(FailingSnmp(derived("rfc1628-onbattery"), after=2))
    assert exported(reading)["ups_source{battery}"] == 1
    assert any("the alarms are missing" in line for line in reading.evidence)


@pytest.mark.parametrize("after", [0, 1])
async def test_without_a_state_the_poll_fails_as_the_port_did(after: int) -> None:
    with pytest.raises(ProbeError) as caught:
        await poll(FailingSnmp(derived("powernet-online"), after))
    assert caught.value.reason is Reason.NO_ANSWER


async def test_every_metric_is_filled_by_some_card() -> None:
    cards = ("powernet-online", "powernet-onbattery", "rfc1628-onbattery", "both-disagree")
    filled = {sample.metric for card in cards for sample in (await judged(derived(card))).samples}
    assert filled == set(METRICS)


async def test_evidence_names_the_agent_the_mibs_and_the_reason_for_the_verdict() -> None:
    vietnamese, english, mibs, agent = (await judged(derived("powernet-onbattery"))).evidence
    assert vietnamese == "Mất điện lưới: UPS báo đang dùng ắc quy và điện lưới vào không đạt (điện áp vào 0 V)"
    assert english == "outage: the UPS says battery, and its input is bad (input 0 V)"
    assert agent == "agent: Derived card"
    assert mibs == "read as APC PowerNet-MIB"
