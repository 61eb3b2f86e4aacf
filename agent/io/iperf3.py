"""iperf3, called as a program that lives for one transfer: its protocol is its own affair, its JSON is read strictly.

A transfer that lasts too long is asked to end (SIGTERM), upon which iperf3 still tells what it has seen; one that does
not end even then is killed.
"""

import asyncio
import json
import math
import os
import shutil
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from agent.io.address import IP
from collectors.core import ProbeError, Reason
from collectors.core.ports import Direction, Iperf3Report, Iperf3Request

_MOST = 1 << 20  # bytes of an answer
_MOST_BYTES = 2**53
_CONNECT = 5.0  # seconds
_LAST_WORD = 2.0  # seconds in which one that was asked to end should tell what it saw
_SLACK = 1.01  # bytes are counted at both ends, not at the same moment
_REASONS = {  # what its complaints begin with, or hold, in the order in which they are looked for
    "busy running a test": Reason.BUSY,
    "connection refused": Reason.REFUSED,
    "timed out": Reason.UNREACHABLE,
    "no route to host": Reason.UNREACHABLE,
    "network is unreachable": Reason.UNREACHABLE,
    "access denied": Reason.DENIED,
}


async def transfer(ip: IP, request: Iperf3Request, timeout: float) -> Iperf3Report:
    """Raises ProbeError: PERMISSION (not installed), BUSY, REFUSED, UNREACHABLE, DENIED, ERROR, BAD_ANSWER, TIMEOUT."""
    program = shutil.which("iperf3")
    if program is None:
        raise ProbeError(Reason.PERMISSION, "iperf3 is not installed on this machine: apt install iperf3")
    seconds = min(request.max_seconds + _CONNECT, timeout - _LAST_WORD)
    if seconds <= 0:
        raise ProbeError(Reason.TIMEOUT, "there is no time left for a transfer")
    said = await said_by((program, *_arguments(ip, request)), asyncio.sleep(seconds))
    return read(said, request.direction)


def _arguments(ip: IP, request: Iperf3Request) -> tuple[str, ...]:
    reverse = ("--reverse",) if request.direction == "down" else ()
    return (
        f"--client={ip}", f"--port={request.port}", "--json", "--interval=0", f"--bytes={request.max_bytes}",
        f"--connect-timeout={_CONNECT * 1000:.0f}", *reverse,
    )  # fmt: skip


async def said_by(command: tuple[str, ...], patience: Coroutine[Any, Any, None]) -> bytes:
    """What a program says, which is asked to end when the patience ends; whatever happens, it is gone afterwards.

    Raises ProbeError: PERMISSION (it cannot be started), TIMEOUT (it does not end when it is asked to).
    """
    try:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # with --json complaints are in the answer
            env={"PATH": os.defpath, "LC_ALL": "C"},
        )
    except OSError as error:
        patience.close()
        raise ProbeError(Reason.PERMISSION, f"iperf3 cannot be started: {error.strerror or error}") from None
    assert child.stdout  # noqa: S101 - as asked for
    answer, waiting = asyncio.create_task(_read_all(child.stdout)), asyncio.create_task(patience)
    try:
        await asyncio.wait({answer, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            _signal(child, signal.SIGTERM)
            await asyncio.wait({answer}, timeout=_LAST_WORD)
        if not answer.done():
            raise ProbeError(Reason.TIMEOUT, "iperf3 does not end when it is asked to")
        return answer.result()
    finally:
        waiting.cancel()
        _signal(child, signal.SIGKILL)
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORD):
                await asyncio.wait({answer})  # a pipe that is not read to its end keeps `wait` waiting
                await child.wait()


def _signal(child: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """Not by the child's own methods: they look whether it has ended, and take its status from whoever waits for it."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(child.pid, number)


async def _read_all(stream: asyncio.StreamReader) -> bytes:
    """To its end; what goes beyond the bound by more than a piece is dropped."""
    found = bytearray()
    while piece := await stream.read(65536):
        if len(found) <= _MOST:
            found += piece
    return bytes(found)


def read(said: bytes, direction: Direction) -> Iperf3Report:
    """From its JSON. Raises ProbeError for its complaints and for what cannot be true."""
    whole = _decoded(said)
    complaint = whole.get("error")
    stopped = isinstance(complaint, str) and "client has terminated" in complaint
    if complaint is not None and not stopped:
        raise _failure(str(complaint))
    start, end = _part(whole, "start"), _part(whole, "end")
    sent, received = _part(end, "sum_sent"), _part(end, "sum_received")
    report = Iperf3Report(
        _whole(received, "bytes"),
        _seconds(sent, received, direction),
        _whole(sent, "bytes"),
        _whole(sent, "retransmits") if "retransmits" in sent else None,
        _text(end, "sender_tcp_congestion"),
        _text(start, "version").removeprefix("iperf").strip(),
        stopped,
    )
    if direction == "up" and report.received > report.sent * _SLACK:
        raise ProbeError(Reason.BAD_ANSWER, "the server claims to have received more than was sent")
    return report


def _seconds(sent: dict[str, object], received: dict[str, object], direction: Direction) -> float:
    """Of the receiving end; of an upload at least those that it took here, whatever the server says of its own."""
    there = _number(received, "seconds")
    return there if direction == "down" else max(there, _number(sent, "seconds"))


def _decoded(said: bytes) -> dict[str, object]:
    try:
        found = json.loads(said) if len(said) <= _MOST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ProbeError(Reason.BAD_ANSWER, "iperf3 does not answer in JSON; version 3.1 or newer is needed")
    return found


def _failure(complaint: str) -> ProbeError:
    line = "".join(letter for letter in complaint if letter.isprintable()).strip()[:200]
    reason = next((reason for words, reason in _REASONS.items() if words in line.lower()), Reason.ERROR)
    return ProbeError(reason, f"iperf3: {line}")


def _part(whole: dict[str, object], name: str) -> dict[str, object]:
    found = whole.get(name)
    if not isinstance(found, dict):
        raise ProbeError(Reason.BAD_ANSWER, f"iperf3's answer has no {name}")
    return found


def _number(part: dict[str, object], name: str) -> float:
    found = part.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found) or found < 0:
        raise ProbeError(Reason.BAD_ANSWER, f"iperf3's answer has no {name} that can be true")
    return float(found)


def _whole(part: dict[str, object], name: str) -> int:
    found = _number(part, name)
    if found > _MOST_BYTES:
        raise ProbeError(Reason.BAD_ANSWER, f"iperf3's answer has no {name} that can be true")
    return int(found)


def _text(part: dict[str, object], name: str) -> str:
    """What may stand in a label."""
    found = part.get(name)
    return "".join(letter for letter in found if letter.isprintable())[:40] if isinstance(found, str) else ""
