"""Buffers that are filled without pause, each by a process that may be killed: one for each line of standard input.

A line is `FOLDER NUMBER`. Answers: `pid PID`, then `SEQUENCE NUMBER` for each scrape that is on the disk, then `end`.
Forking costs a hundredth of what starting an interpreter costs.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from agent.buffer.folder import Folder
from agent.buffer.quota import Policy
from agent.buffer.receipts import Receipts
from agent.buffer.scrape import Labels, Stamp
from agent.buffer.store import Store

NUMBER: Labels = (("__name__", "number"),)
_OTHERS: list[Labels] = [(("__name__", "other"), ("index", str(index))) for index in range(20)]
TAKEN_EVERY = 5


def stamp(number: int) -> Stamp:
    """So far apart that there are many segments."""
    return Stamp("boot", 100.0 * number, 1_800_000_000.0 + 100 * number)


def values(number: int) -> Mapping[Labels, float]:
    """Some change each time, some never."""
    return {NUMBER: number, **{one: number / 7 if index % 3 else index for index, one in enumerate(_OTHERS)}}


def opened(folder: Path) -> Receipts:
    receipts = Receipts(folder, Store(Folder(folder)), Policy())
    receipts.open()
    return receipts


def write(folder: Path, number: int) -> None:
    """Until the disk refuses or somebody kills it."""
    receipts = opened(folder)
    while True:
        sequence = receipts.log.append(stamp(number), values(number))
        # A disk whose power is being cut may acknowledge once more; it does not take this after that.
        (folder / "probe").write_bytes(b"x")
        if receipts.log.failures:
            return
        os.write(1, f"{sequence} {number}\n".encode())
        if number % TAKEN_EVERY == 0:
            receipts.acknowledge("centre", sequence, sequence)
        number += 1


def main() -> None:
    for line in sys.stdin:
        folder, number = line.split()
        child = os.fork()
        if child == 0:
            os.write(1, f"pid {os.getpid()}\n".encode())
            try:
                write(Path(folder), int(number))
            except OSError:
                os._exit(1)
            os._exit(0)
        os.waitpid(child, 0)
        os.write(1, b"end\n")


if __name__ == "__main__":
    main()
