"""A modem at a serial port that understands AT commands: questions, and what it says, until OK or ERROR.

The port is locked while it is used, as ModemManager and others lock it (flock); a modem that somebody else has is left
alone. What it says unasked in between (SMS, ring) comes along and is passed over by whoever reads the answers.
"""

import asyncio
import fcntl
import os
import re
import termios
import tty
from collections.abc import Mapping, Sequence
from contextlib import suppress

from collectors.core import ProbeError, Reason

_QUESTION = re.compile(r"AT\+[A-Z]+\??")  # nothing that could set, dial or send
_MOST = 4096  # bytes of an answer


async def ask(device: str, questions: Sequence[str], timeout: float) -> Mapping[str, tuple[str, ...]]:
    """The lines of each answer; a question that is answered by ERROR is absent.

    Raises ProbeError: NO_ANSWER (no such device, or silence), PERMISSION, BUSY (somebody else has it), BAD_ANSWER.
    """
    if not all(map(_QUESTION.fullmatch, questions)):
        raise ValueError("only questions are asked")
    port = _open(device)
    try:
        async with asyncio.timeout(timeout):
            return {question: lines for question in questions if (lines := await _answer(port, question)) is not None}
    except TimeoutError:
        raise ProbeError(Reason.NO_ANSWER, f"the modem at {device} does not answer within {timeout:.3g} s") from None
    except OSError as error:
        raise ProbeError(Reason.NO_ANSWER, f"the modem at {device} is gone: {error.strerror}") from None
    finally:
        os.close(port)


def _open(device: str) -> int:
    """Raw, without echo of ours, and alone."""
    try:
        port = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = Reason.PERMISSION if isinstance(error, PermissionError) else Reason.NO_ANSWER
        raise ProbeError(reason, f"{device}: {error.strerror}") from None
    try:
        fcntl.flock(port, fcntl.LOCK_EX | fcntl.LOCK_NB)
        tty.setraw(port)
        termios.tcflush(port, termios.TCIOFLUSH)
    except (OSError, termios.error) as error:
        os.close(port)
        if isinstance(error, BlockingIOError):
            raise ProbeError(Reason.BUSY, f"{device}: another program has the modem") from None
        raise ProbeError(Reason.BAD_ANSWER, f"{device} is no serial port") from None
    return port


async def _answer(port: int, question: str) -> tuple[str, ...] | None:
    """None where the modem refuses it."""
    os.write(port, f"{question}\r".encode("ascii"))
    said = bytearray()
    while True:
        said += await _read(port)
        if len(said) > _MOST:
            raise ProbeError(Reason.BAD_ANSWER, "the modem says more than an answer")
        lines = [line.strip() for line in said.decode("ascii", "replace").splitlines()]
        complete = bool(said) and said[-1:] in b"\r\n"
        if complete and "OK" in lines:
            return tuple(line for line in lines if line and line not in (question, "OK"))
        if complete and any(line == "ERROR" or line.startswith(("+CME ERROR", "+CMS ERROR")) for line in lines):
            return None


async def _read(port: int) -> bytes:
    """What comes next."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(port, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(port)
    with suppress(BlockingIOError):
        if piece := os.read(port, 1024):
            return piece
        raise OSError(0, "it was unplugged")
    return b""
