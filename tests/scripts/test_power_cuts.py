"""The journal on a disk that loses its power: an ext4 that is shut down with nothing flushed, many times."""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, PIPE

import pytest

from agent.journal.slots import Slots
from tests.lab.process import CHECKOUT
from tests.tools.ext4 import Ext4, ext4

CUTS = 25
# Acknowledges an entry only after one more call that a dead filesystem refuses: fdatasync may return well while the
# shutdown lands.
WRITER = """
import sys
from pathlib import Path
from agent.journal.slots import Slots
folder = Path(sys.argv[1])
slots = Slots(folder / "journal")
number = int(slots.read() or 0)
while True:
    number += 1
    slots.write(str(number))
    (folder / "probe").touch()
    print(number, flush=True)
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Ext4]:
    with ext4(tmp_path) as one:
        yield one


def test_no_acknowledged_entry_is_ever_lost(disk: Ext4) -> None:
    chance = random.Random(4)
    for _ in range(CUTS):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, disk.place], stdout=PIPE, stderr=DEVNULL, cwd=CHECKOUT)
        assert writer.stdout
        acknowledged = 0
        for _ in range(chance.randrange(2, 120)):
            acknowledged = int(writer.stdout.readline())
        disk.cut()
        rest, _ = writer.communicate()  # it ends by the error of its next write
        acknowledged = max(acknowledged, *map(int, rest.split()), 0)
        disk.power_up()
        found = Slots(disk.place / "journal").read()
        assert found is not None
        assert acknowledged <= int(found) <= acknowledged + 1
