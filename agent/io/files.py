"""Small files that others write for the agent."""

import os
import stat
from pathlib import Path

from collectors.core import ProbeError, Reason
from collectors.messages.said import Said


def read_text(path: Path, most: int) -> str:
    """The whole file, at most so many bytes. Raises ProbeError as HostPort.read_text does."""
    try:
        content = _read(path, most)
    except FileNotFoundError:
        raise ProbeError(Reason.NO_ANSWER, Said("report.missing", path=str(path))) from None
    except OSError as error:
        raise ProbeError(Reason.PERMISSION, Said("report.closed", path=str(path), why=error.strerror or "")) from None
    if len(content) > most:
        raise ProbeError(Reason.BAD_ANSWER, Said("report.long", most=most))
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise ProbeError(Reason.BAD_ANSWER, Said("report.no_text")) from None


def _read(path: Path, most: int) -> bytes:
    """Opened without waiting, so that a pipe that nobody writes to does not hold up the reader."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ProbeError(Reason.BAD_ANSWER, Said("report.no_file", path=str(path)))
        return file.read(most + 1)
