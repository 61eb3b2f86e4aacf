"""What users of NUT saw of their own UPSes, read by us from the same objects."""

from collections.abc import Iterator

import pytest

from tests.ups import nut
from tests.ups.canonical import facts
from tests.ups.dumps import Dump, dumps
from tests.ups.product import collected, looks_at, observation, repeated, verdict

OFTEN = 200  # looks
WHOLE_VOLTS = 0.02  # the error that they make of a small battery's voltage
OUTAGE = "APC__Smart-UPS_1000__snmp-ups__2.7.4__01"  # the one real outage that anybody published
OFF = "IBM__1440VA-1000W_Rack_HV_UPS__snmp-ups__2.6.1__01"
SLIPPED = "Socomec_Sicon__NETYS_RT_1-1__snmp-ups__2.6.4__01"  # volts and per cent in tenths
PUT_RIGHT = {(SLIPPED, "input_voltage"): 0.1, (SLIPPED, "output_voltage"): 0.1, (SLIPPED, "load"): 0.1}
TOO_LITTLE = ("Eaton__93PM__snmp-ups__2.7.4__02", "battery_voltage")  # 1 V is no battery of a UPS
NONSENSE = {("Eaton__93PM__snmp-ups__2.7.4__02", "battery_voltage")}  # 1 V
MISTAKEN = {"HP__R12000-3UPS__snmp-ups__2.6.5__01", "HP__R12000-3UPS__snmp-ups__2.7.1__01"}


def upses() -> Iterator[Dump]:
    return (dump for dump in dumps() if dump.is_ups)


async def test_every_ups_that_a_user_of_nut_had_is_read_with_the_values_that_were_seen() -> None:
    for dump in upses():
        (reading,) = await looks_at(dump.answers())
        assert reading.success, dump.name
        ours = facts(observation(reading))
        for fact, theirs in nut.numbers(dump.numbers):
            nothing = not theirs or (dump.name, fact.name) == TOO_LITTLE
            if fact in ours or not nothing:  # a zero on mains is a card's way to say that it has no such value
                wanted = theirs * PUT_RIGHT.get((dump.name, fact.name), 1)
                assert ours.get(fact) == pytest.approx(wanted, rel=WHOLE_VOLTS), (dump.name, fact)


async def test_the_real_outage_is_an_outage_at_the_first_look() -> None:
    (dump,) = (dump for dump in upses() if dump.name == OUTAGE)
    assert dump.status == {"OB"}
    assert {verdict(reading) for reading in repeated(await collected(dump.answers()), OFTEN)} == {"outage"}


async def test_mains_is_mains_also_where_nut_was_mistaken() -> None:
    assert {dump.name for dump in upses() if dump.mistaken} == MISTAKEN
    for dump in upses():
        if dump.name not in (OUTAGE, OFF):
            said = {verdict(reading) for reading in repeated(await collected(dump.answers()), OFTEN)}
            assert said == {"mains"}, dump.name


async def test_a_ups_that_is_off_tells_nothing_of_the_mains() -> None:
    (dump,) = (dump for dump in upses() if dump.name == OFF)
    assert {verdict(reading) for reading in repeated(await collected(dump.answers()), OFTEN)} == {"unknown"}
