"""AT commands by the host port: the fake, and the adapter at a pseudo terminal with a modem that a test plays."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.io import at
from agent.io.host import HostAdapter
from collectors.core import ProbeError, Reason
from collectors.core.ports import HostPort
from tests.fakes.host import FakeHost, machine

PLENTY = 20.0
SAYS = {"AT+CSQ": "+CSQ: 23,99", "AT+CREG?": "+CREG: 0,1"}
Answer = Callable[[str], str]


def usual(question: str) -> str:
    """With an echo of the question, as many modems do."""
    if question not in SAYS:
        return f"{question}\r\r\nERROR\r\n"
    return f"{question}\r\r\n{SAYS[question]}\r\n\r\nOK\r\n"


@asynccontextmanager
async def modem(answer: Answer = usual, piece: int = 1024) -> AsyncIterator[str]:
    """The name of a serial port at which a modem answers, in pieces of so many bytes."""
    ours, theirs = os.openpty()
    loop, heard = asyncio.get_running_loop(), bytearray()
    os.set_blocking(ours, False)

    def listen() -> None:
        heard.extend(os.read(ours, 1024))
        while b"\r" in heard:
            question, _, rest = bytes(heard).partition(b"\r")
            heard[:] = rest
            said = answer(question.decode()).encode()
            for start in range(0, len(said), piece):
                os.write(ours, said[start : start + piece])

    loop.add_reader(ours, listen)
    try:
        yield os.ttyname(theirs)
    finally:
        loop.remove_reader(ours)
        os.close(ours)
        os.close(theirs)


@pytest.fixture(params=["fake", "adapter"])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[tuple[HostPort, str]]:
    """A port, and the name of a device where the modem is."""
    if request.param == "fake":
        said: Mapping[str, Sequence[str]] = {question: (line,) for question, line in SAYS.items()}
        yield FakeHost(machine(), serials={"/dev/modem": said}), "/dev/modem"
        return
    async with modem() as device:
        yield HostAdapter(), device


async def test_each_question_has_its_lines_and_a_refused_one_none(place: tuple[HostPort, str]) -> None:
    port, device = place
    answers = await port.at(device, ("AT+CSQ", "AT+CESQ", "AT+CREG?"), PLENTY)
    assert {question: tuple(lines) for question, lines in answers.items()} == {
        "AT+CSQ": ("+CSQ: 23,99",), "AT+CREG?": ("+CREG: 0,1",),
    }  # fmt: skip


async def test_a_device_that_is_not_there_gives_no_answer(place: tuple[HostPort, str]) -> None:
    with pytest.raises(ProbeError) as caught:
        await place[0].at("/dev/no-such-modem", ("AT+CSQ",), PLENTY)
    assert caught.value.reason is Reason.NO_ANSWER


async def ask(device: str, timeout: float = PLENTY) -> Mapping[str, Sequence[str]]:
    return await HostAdapter().at(device, ("AT+CSQ",), timeout)


async def test_an_answer_may_come_byte_by_byte() -> None:
    async with modem(piece=1) as device:
        assert await ask(device) == {"AT+CSQ": ("+CSQ: 23,99",)}


async def test_a_modem_that_is_silent_gives_no_answer() -> None:
    async with modem(lambda _: "") as device:
        with pytest.raises(ProbeError, match="does not answer") as caught:
            await ask(device, 0.1)
    assert caught.value.reason is Reason.NO_ANSWER


async def test_one_that_never_ends_is_a_bad_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at, "_MOST", 100)
    async with modem(lambda _: "RING\r\n" * 30) as device:
        with pytest.raises(ProbeError, match="more than an answer") as caught:
            await ask(device)
    assert caught.value.reason is Reason.BAD_ANSWER


async def test_a_modem_that_another_program_has_is_left_alone() -> None:
    async with modem() as device:
        other = os.open(device, os.O_RDWR | os.O_NOCTTY)
        try:
            fcntl.flock(other, fcntl.LOCK_EX)
            with pytest.raises(ProbeError, match="another program") as caught:
                await ask(device)
        finally:
            os.close(other)
    assert caught.value.reason is Reason.BUSY


async def test_what_is_no_serial_port_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProbeError, match="no serial port") as caught:
        await ask(str(tmp_path / "file"))
    assert caught.value.reason is Reason.BAD_ANSWER


@pytest.mark.parametrize("question", ["ATD123", "AT+CFUN=0", "AT+CSQ\rATD123", "AT+CMGS=1"])
async def test_nothing_that_could_set_or_dial_is_ever_said(question: str) -> None:
    async with modem() as device:
        with pytest.raises(ValueError, match="only questions"):
            await HostAdapter().at(device, (question,), PLENTY)
