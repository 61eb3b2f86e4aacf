"""Recordings of real cards, read in place; skipped where they are not. Their values: test_expected.py."""

import pytest

from collectors.core import ProbeError, Reason
from tests.fakes.snmp import read_snmprec
from tests.tools import shared
from tests.unit.collectors.ups.cards import collect, looked, recordings, seen, spoken, verdict

ALL_ZERO = {
    "socomec__netvision__snmp__hardware-ups-socomec_null_val",
    "standard__snmp__ups-standard-null-val",
}

# Every family of which there is a recording with its state.
FAMILIES = {
    "apc_surt3000xl": "powernet", "cyberpower": "cps", "eatonups": "xups", "eaton-mgeups_9px": "mge",
    "huawei-gse200m": "huawei", "huawei-smu_11b": "huawei_site", "liebert_apm": "liebert", "vertiv-ita2": "ita2",
    "deltaups": "delta", "socomec-ups": "netvision", "socomec__netvision__snmp__netvision5": "netvision5",
    "netagent2": "xppc", "powerwalker": "eppc", "webpower-smart2": "usha", "orvaldi-ups": "voltronic",
    "poweralert_2": "tripplite12", "generex-ups_cs121": "rfc1628", "netmanplus_204": "rfc1628",
    "cetpower": "rfc1628",
}  # fmt: skip


def test_no_recording_of_a_ups_on_mains_is_an_outage() -> None:
    outages = [path.stem for path in recordings() if verdict(read_snmprec(path)).is_outage]
    assert outages == []


@pytest.mark.parametrize(("recording", "family"), FAMILIES.items())
def test_a_recording_is_recognised_as_its_family(recording: str, family: str) -> None:
    (path,) = (path for path in recordings() if path.stem == recording)
    assert seen(read_snmprec(path)).mibs[0] == family


async def test_every_recording_of_a_mib_that_we_know_is_read_as_a_whole_look_sees_it() -> None:
    known = {path.stem: answers for path in recordings() if spoken(answers := read_snmprec(path))}
    assert len(known) >= 46
    for stem in known.keys() - ALL_ZERO:
        reading = await collect(known[stem])
        assert (reading.result, looked(reading)) == (Reason.OK, seen(known[stem])), stem


@pytest.mark.parametrize("recording", ALL_ZERO)
async def test_a_card_of_which_all_is_zero_is_a_bad_answer_not_a_dark_office(recording: str) -> None:
    with pytest.raises(ProbeError) as caught:
        await collect(read_snmprec(shared("ups", "centreon", f"{recording}.snmprec")))
    assert caught.value.reason is Reason.BAD_ANSWER


async def test_every_other_recording_is_refused_as_unsupported() -> None:
    for path in recordings():
        if not spoken(answers := read_snmprec(path)):
            with pytest.raises(ProbeError, match="no UPS that we can read"):
                await collect(answers)


@pytest.mark.parametrize(("recording", "expected"), [("generex-ups_cs141", "bypass"), ("cetpower", "unknown")])
def test_recordings_of_rare_states_have_their_verdict(recording: str, expected: str) -> None:
    answers = read_snmprec(shared("ups", "librenms", "snmpsim", f"{recording}.snmprec"))
    assert verdict(answers) == expected
