"""What modems say to AT commands, by 3GPP TS 27.007."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core import Reading
from collectors.core.decode import DecodeError, decode_text
from collectors.modem import COLLECTOR, Target
from collectors.modem.at import QUESTIONS, read_at
from collectors.modem.said import Signal
from tests.fakes.host import FakeHost, machine
from tests.fakes.ports import FakePorts
from tests.fakes.time import run

LTE = {
    "AT+CEREG?": ('+CEREG: 2,1,"1A2B","01C3D4E5",7',),
    "AT+CREG?": ("+CREG: 0,0",),
    "AT+COPS?": ('+COPS: 0,0,"Viettel",7',),
    "AT+CESQ": ("+CESQ: 99,99,255,255,20,44",),
    "AT+CSQ": ("+CSQ: 23,99",),
}


def look(answers: Mapping[str, Sequence[str]]) -> Signal:
    return read_at(answers)


def test_an_lte_modem_tells_registration_network_cell_and_signal() -> None:
    assert look(LTE) == Signal("registered", "lte", "Viettel", -97, -10, None, None, -67, "01C3D4E5")


def test_of_5g_its_own_qualities_count() -> None:
    found = look({**LTE, "AT+COPS?": ('+COPS: 0,0,"VNPT",11',), "AT+CESQ": ("+CESQ: 99,99,255,255,20,44,65,62,81",)})
    assert (found.technology, found.rsrp, found.rsrq, found.sinr) == ("5gnr", -95, -11, 17)


def test_of_3g_the_code_power_counts() -> None:
    answers = {"AT+CREG?": ('+CREG: 2,5,"00A1","0123"',), "AT+COPS?": ('+COPS: 0,0,"MobiFone",2',),
               "AT+CESQ": ("+CESQ: 99,99,34,40,255,255",)}  # fmt: skip
    found = look(answers)
    assert (found.registered, found.technology, found.rscp, found.power, found.cell) == (True, "umts", -87, -87, "0123")


@pytest.mark.parametrize("registration", ["+CEREG: 0,2", "+CEREG: 0,3", "+CEREG: 0", "+CEREG: x,y", "RING"])
def test_a_modem_that_is_in_no_network_is_searching(registration: str) -> None:
    assert not look({"AT+CEREG?": (registration,)}).registered


def test_a_modem_that_refuses_everything_says_nothing() -> None:
    assert look({}) == Signal("searching")


def test_what_comes_unasked_is_passed_over() -> None:
    assert look({**LTE, "AT+CSQ": ("RING", '+CMTI: "SM",3', "+CSQ: 23,99")}).rssi == -67


@given(st.dictionaries(st.sampled_from(QUESTIONS), st.lists(st.text(max_size=60), max_size=3)))
def test_whatever_a_modem_says_is_borne(answers: dict[str, list[str]]) -> None:
    found = look({**answers, "AT+CESQ": [f"+CESQ: {line}" for line in answers.get("AT+CESQ", [])]})
    assert found.power is None or -157 <= found.power <= -24
    assert (found.operator + found.cell).isprintable()


def test_the_collector_asks_the_device_that_the_target_names() -> None:
    ports = FakePorts(host=FakeHost(machine(), serials={"/dev/ttyUSB2": LTE}))

    async def collect() -> Reading:
        return await COLLECTOR.collect(Target(device="/dev/ttyUSB2"), ports, 10.0)

    assert run(collect()).evidence == ("the modem is registered, lte, -97 dBm",)


@pytest.mark.parametrize("text", ["device: ttyUSB2\n", "device: /etc/passwd\n", "device: /dev/ttyUSB2\nrouter: r\n"])
def test_a_device_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(DecodeError, match="device"):
        decode_text(text, Target, "agent.yml")
