"""The agent's side of a trace: start the helper, ask, wait, and make sure that it is gone."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import agent
from agent.io.address import IP
from agent.io.path.wire import MOST_BYTES, PATIENCE, Question, load_trace
from collectors.core import ProbeError, Reason
from collectors.core.ports import Trace, TraceRequest

_START = 3.0  # seconds for the helper to start and to answer on a slow machine
_LEAST = 2.0  # seconds without which a trace tells nothing
_HERE = Path(agent.__file__).parents[1]


class PathClient:
    """One helper at a time: each needs 60 MiB as long as it lives."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def trace(self, ip: IP, request: TraceRequest, timeout: float) -> Trace:
        """Raises ProbeError: UNSUPPORTED (IPv6, no scapy), PERMISSION, UNREACHABLE, TIMEOUT, INTERNAL."""
        if ip.version != 4:
            raise ProbeError(Reason.UNSUPPORTED, f"{ip}: paths are traced over IPv4")
        try:
            async with asyncio.timeout(timeout), self._turn:
                return load_trace(await _ask(_question(ip, request, timeout)))
        except TimeoutError:
            raise ProbeError(Reason.TIMEOUT, f"the helper gave no answer within {timeout:.3g} s") from None


def _question(ip: IP, request: TraceRequest, timeout: float) -> Question:
    seconds = max(_LEAST, timeout - _START)
    apart = min(request.apart, seconds / (request.rounds + PATIENCE))
    hops, sizes = request.most_hops, request.sizes
    try:
        return Question(str(ip), request.port, request.methods, hops, request.rounds, sizes, seconds, apart)
    except ValueError as error:
        raise ProbeError(Reason.UNSUPPORTED, str(error)) from None


async def _ask(question: Question) -> bytes:
    """The helper's whole answer; whatever happens, it is dead afterwards."""
    helper = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "agent.io.path.helper",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_HERE,
        env={},  # nothing of ours is its business
    )
    assert helper.stdin  # noqa: S101 - as asked for
    assert helper.stdout  # noqa: S101
    try:
        with suppress(ConnectionError):
            helper.stdin.write(question.dump())
            await helper.stdin.drain()
        answer = bytearray()
        while len(answer) <= MOST_BYTES and (piece := await helper.stdout.read(65536)):
            answer += piece
        if len(answer) <= MOST_BYTES:
            await helper.wait()
        return bytes(answer)
    finally:
        helper.stdin.close()
        if helper.returncode is None:
            with suppress(ProcessLookupError):
                # Not helper.kill(): that looks whether it has ended, and so takes its status from whoever waits for it.
                os.kill(helper.pid, signal.SIGKILL)
            await helper.wait()
