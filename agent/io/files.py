"""Small files that others write for the agent."""

import os
import stat
from pathlib import Path

from collectors.core import ProbeError, Reason


def read_text(path: Path, most: int) -> str:
    """The whole file, at most so many bytes. Raises ProbeError as HostPort.read_text does."""
    try:
        content = _read(path, most)
    except FileNotFoundError:
        raise ProbeError(Reason.NO_ANSWER, f"there is no {path}") from None
    except OSError as error:
        raise ProbeError(Reason.PERMISSION, f"{path} cannot be read: {error.strerror}") from None
    if len(content) > most:
        raise ProbeError(Reason.BAD_ANSWER, f"{path} is longer than {most} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise ProbeError(Reason.BAD_ANSWER, f"{path} is not UTF-8 text") from None


def _read(path: Path, most: int) -> bytes:
    """Opened without waiting, so that a pipe that nobody writes to does not hold up the reader."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ProbeError(Reason.BAD_ANSWER, f"{path} is no regular file")
        return file.read(most + 1)
