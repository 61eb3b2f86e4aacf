"""What ModemManager says of a modem, by its own program mmcli, which needs no library and no daemon of ours."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import Mapping
from contextlib import suppress

from collectors.core import ProbeError, Reason

_MOST = 65536  # bytes of an answer


async def modem(which: str, timeout: float) -> Mapping[str, object]:
    """State and signal, and the cell where the modem tells it, as one JSON object with mmcli's own keys.

    Raises ProbeError: UNSUPPORTED (no mmcli), NO_ANSWER (no such modem), PERMISSION, BAD_ANSWER, TIMEOUT.
    """
    program = shutil.which("mmcli")
    if program is None:
        raise ProbeError(Reason.UNSUPPORTED, "there is no ModemManager (mmcli) on this machine")
    try:
        async with asyncio.timeout(timeout):
            found = await _ask(program, which)
            radio = await _ask(program, which, "--signal-get")
            with suppress(ProbeError):  # many modems do not tell, or nobody has allowed it
                radio = {**radio, **await _ask(program, which, "--location-get")}
    except TimeoutError:
        raise ProbeError(Reason.TIMEOUT, f"ModemManager does not answer within {timeout:.3g} s") from None
    return {**found, **radio}


async def _ask(program: str, which: str, *question: str) -> Mapping[str, object]:
    """The object below "modem"."""
    child = await asyncio.create_subprocess_exec(
        program,
        f"--modem={which}",
        *question,
        "--output-json",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.defpath, "LC_ALL": "C"},
    )
    try:
        said, complaint = await child.communicate()
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                # Not child.kill(): that looks whether it has ended, and so takes its status from whoever waits for it.
                os.kill(child.pid, signal.SIGKILL)
            await child.wait()
    if child.returncode:
        raise _failure(complaint.decode("utf-8", "replace"))
    return _read(said)


def _failure(complaint: str) -> ProbeError:
    line = next((line.strip() for line in complaint.splitlines() if line.strip()), "mmcli failed")[:200]
    denied = "not authorized" in complaint.lower() or "unauthorized" in complaint.lower()
    return ProbeError(Reason.PERMISSION if denied else Reason.NO_ANSWER, line)


def _read(said: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(said[: _MOST + 1]) if len(said) <= _MOST else None
    except (ValueError, RecursionError):
        found = None
    inner = found.get("modem") if isinstance(found, dict) else None
    if not isinstance(inner, dict):
        raise ProbeError(Reason.BAD_ANSWER, "mmcli does not answer with a modem in JSON")
    return inner
