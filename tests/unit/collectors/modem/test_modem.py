"""The modem collector: what mmcli says, dips of the signal, changes of cell and technology."""

import json
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core import Metric, ProbeError, Reading, Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.modem import COLLECTOR, Target
from collectors.modem.collector import (
    CELL_CHANGES,
    DIP_DEPTH,
    DIP_SECONDS,
    DIPS,
    INFO,
    REGISTERED,
    RSRP,
    RSSI,
    SINR,
    TECHNOLOGY_CHANGES,
)
from collectors.modem.past import LOST, Past
from collectors.modem.said import Signal, read
from tests.fakes.host import FakeHost, machine
from tests.fakes.ports import FakePorts
from tests.fakes.time import run

KEYS = st.sampled_from(["signal", "lte", "rsrp", "generic", "state", "3gpp", "location", "cid"])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def said(
    rsrp: float | str = -95.0, *, technology: str = "lte", state: str = "connected", cell: str = "0A1B2C"
) -> Mapping[str, object]:
    """The object below `modem`, with mmcli's own keys and its "--" for what is not known."""
    lte = {"rsrp": str(rsrp), "rsrq": "-10.00", "snr": "12.40", "rssi": "-65.00"}
    quiet = dict.fromkeys(("rssi", "rscp", "ecio"), "--")
    return {
        "generic": {"state": state, "access-technologies": [technology], "signal-quality": {"value": "60"}},
        "3gpp": {"operator-name": "Viettel", "operator-code": "45204"},
        "signal": {"5g": {"rsrp": "--", "snr": "--"}, "lte": lte, "umts": quiet, "refresh": {"rate": "10"}},
        "location": {"3gpp": {"cid": cell, "mcc": "452"}},
    }


def looks(answers: Sequence[Mapping[str, object]], every: float = 15.0) -> Reading:
    """The last of some looks beside those before it."""

    async def collect() -> Reading:
        past, reading = COLLECTOR.past(), Reading(Reason.INTERNAL)
        for number, answer in enumerate(answers):
            ports = FakePorts(host=FakeHost(machine(), modems={"any": answer}))
            found = await COLLECTOR.collect(Target(), ports, 10.0)
            reading, past = COLLECTOR.compare(found, past, 1e9 + number * every)
        return reading

    return run(collect())


def value(reading: Reading, metric: Metric) -> float | None:
    return next((sample.value for sample in reading.samples if sample.metric is metric), None)


def test_the_signal_of_the_newest_technology_that_has_one_is_told() -> None:
    reading = looks([said()])
    assert reading.result is Reason.OK
    assert [value(reading, metric) for metric in (REGISTERED, RSRP, SINR, RSSI)] == [1, -95, 12.4, -65]
    (info,) = (sample for sample in reading.samples if sample.metric is INFO)
    assert dict(info.labels) == {"technology": "lte", "operator_name": "Viettel", "cell": "0A1B2C"}


def test_what_the_modem_does_not_say_is_absent() -> None:
    reading = looks([{"generic": {"state": "registered"}}])
    assert value(reading, REGISTERED) == 1
    assert value(reading, RSRP) is None


def test_a_dip_is_counted_with_its_seconds_and_depth_once_it_is_over() -> None:
    steady = [said()] * 20
    during = looks([*steady, said(-110), said(-112)])
    assert value(during, DIPS) == 0
    over = looks([*steady, said(-110), said(-112), said()])
    assert value(over, DIPS) == 1
    assert value(over, DIP_SECONDS) == 30
    assert value(over, DIP_DEPTH) == pytest.approx(17, abs=2)


def test_a_signal_that_sways_a_little_has_no_dips() -> None:
    assert value(looks([said(-95 + (number % 5)) for number in range(60)]), DIPS) == 0


def test_a_network_that_is_lost_is_a_dip_of_its_own_depth() -> None:
    lost = said("--", state="searching")
    reading = looks([*[said()] * 5, lost])
    assert reading.result is Reason.UNREACHABLE
    assert value(looks([*[said()] * 5, lost, said()]), DIP_DEPTH) == LOST


def test_another_technology_has_its_own_usual_signal_and_is_counted() -> None:
    reading = looks([*[said()] * 5, *[said(-120, technology="umts")] * 5, said()])
    assert value(reading, DIPS) == 0
    assert value(reading, TECHNOLOGY_CHANGES) == 2


def test_changes_of_the_cell_are_counted_and_silence_is_none() -> None:
    assert value(looks([said(cell=name) for name in ("A", "A", "B", "--", "B", "A")]), CELL_CHANGES) == 2


def test_a_modem_that_is_not_there_is_an_error() -> None:
    ports = FakePorts(host=FakeHost(machine()))

    async def collect() -> Reading:
        return await COLLECTOR.collect(Target(), ports, 10.0)

    with pytest.raises(ProbeError, match="modem"):
        run(collect())


def test_counts_survive_a_file_and_one_that_was_touched_is_refused() -> None:
    counts = COLLECTOR.read_past(json.loads(json.dumps(Past().plain()))).counts
    assert counts == Past().counts
    names = vars_of()
    touched: tuple[object, ...] = (None, [], {}, {**dict.fromkeys(names, 0), "dips": -1}, dict.fromkeys(names, "1"))
    for kept in touched:
        with pytest.raises(ValueError, match="modem"):
            COLLECTOR.read_past(kept)


def vars_of() -> tuple[str, ...]:
    kept = Past().plain()
    assert isinstance(kept, dict)
    return tuple(kept)


@given(st.dictionaries(st.sampled_from(["signal", "generic", "3gpp", "location"]), JSON))
def test_whatever_a_program_says_is_borne(answer: dict[str, object]) -> None:
    found = read(answer)
    assert isinstance(found, Signal)
    assert found.power is None or -200 < found.power < 100


BAD = {"modem: ttyUSB0\n": "modem", "dip_db: 1\n": "dip_db"}


@pytest.mark.parametrize(("text", "word"), BAD.items(), ids=BAD.values())
def test_a_target_that_cannot_be_is_refused(text: str, word: str) -> None:
    with pytest.raises(DecodeError, match=word):
        decode_text(text, Target, "agent.yml")
