"""Debian's snmp-ups 2.8.0 and we before the same derived cards: NUT judges the derivation, and we see its mistakes."""

import getpass
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.snmp import parse_snmprec
from tests.lab.snmpd import free_udp_port
from tests.tools import tool
from tests.ups import derive, nut
from tests.ups.derive import State
from tests.ups.product import looks_at, verdict
from tests.ups.recordings import Recording
from tests.ups.simulator import HOST, serving

LOOKS = 2


def one_of_each_mib() -> Sequence[Recording]:
    """Of the recordings whose state NUT tells."""
    last: Mapping[str, Recording] = {answer.mib: answer.recording for answer in nut.answers() if answer.status}
    return list(last.values())


@dataclass(frozen=True)
class SnmpUps:
    """NUT's driver, run once and for one card at a time."""

    program: Path
    folder: Path
    port: int

    def status(self, community: str) -> frozenset[str]:
        """The words of ups.status after one reading."""
        command = (
            str(self.program), "-s", "card", "-x", f"port={HOST}:{self.port}", "-x", f"community={community}",
            "-x", "mibs=auto", "-d", "1", "-u", getpass.getuser(),
        )  # fmt: skip
        paths = dict.fromkeys(("NUT_STATEPATH", "NUT_ALTPIDPATH", "NUT_CONFPATH"), str(self.folder))
        environment = {**os.environ, **paths}
        told = subprocess.run(command, check=True, env=environment, capture_output=True, text=True, timeout=30)
        (line,) = (line for line in told.stdout.splitlines() if line.startswith("ups.status:"))
        return frozenset(line.partition(":")[2].split())


@pytest.fixture(scope="module")
def snmp_ups(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SnmpUps]:
    program = tool("snmp-ups")
    derived, port = tmp_path_factory.mktemp("derived"), free_udp_port()
    assert list(derive.write(derived, one_of_each_mib()))
    with serving((derived,), tmp_path_factory.mktemp("cache"), port):
        yield SnmpUps(program, tmp_path_factory.mktemp("nut"), port)


async def both(snmp_ups: SnmpUps, state: State) -> Mapping[str, tuple[frozenset[str], str]]:
    """Recording -> what NUT says of the derived card, and what we say."""
    said: dict[str, tuple[frozenset[str], str]] = {}
    for recording in one_of_each_mib():
        if (lines := derive.derived(recording, state)) is not None:
            *_, last = await looks_at(parse_snmprec(lines), LOOKS)
            said[recording.stem] = snmp_ups.status(f"derived-{state}-{recording.stem}"), verdict(last)
    return said


async def test_a_derived_outage_is_one_for_nut_too(snmp_ups: SnmpUps) -> None:
    said = await both(snmp_ups, State.OUTAGE)
    mge = {answer.recording.stem for answer in nut.answers() if answer.mib.startswith("mge")}
    assert len(said) >= 6
    for stem, (nuts, ours) in said.items():
        assert ("OB" in nuts, ours) == (True, "outage"), stem
        assert ("OFF" in nuts) == (stem in mge), "MGE's word for the mains is none for the output"


async def test_mains_that_is_back_is_mains_for_nut_too_whatever_the_card_remembers(snmp_ups: SnmpUps) -> None:
    for stem, (nuts, ours) in (await both(snmp_ups, State.RECOVERED)).items():
        assert ("OL" in nuts, "OB" in nuts, ours) == (True, False, "mains"), stem


async def test_a_self_test_is_an_outage_for_nut_and_not_for_us(snmp_ups: SnmpUps) -> None:
    for stem, (nuts, ours) in (await both(snmp_ups, State.SELF_TEST)).items():
        assert ("OB" in nuts, ours) == (True, "self_test"), stem
