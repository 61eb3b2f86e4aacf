"""An SNMP agent without a network, and recorded answers of real ones to feed it with."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from collectors.core import ProbeError, Reason
from collectors.core.ports import Oid, SnmpAgent, SnmpValue

Answers = Mapping[Oid, SnmpValue]


class FakeSnmp:
    """`FakeSnmp({"10.0.0.5": answers})`: a ProbeError in place of answers is raised, hosts not named are silent.

    `asked` keeps every request, so that a test can see what a collector wanted to know.
    """

    def __init__(self, hosts: Mapping[str, Answers | ProbeError]) -> None:
        self.hosts = dict(hosts)
        self.asked: list[tuple[SnmpAgent, tuple[Oid, ...]]] = []

    async def get(self, agent: SnmpAgent, oids: Sequence[Oid], timeout: float) -> Answers:
        self.asked.append((agent, tuple(oids)))
        answers = self._answers(agent)
        return {oid: answers[oid] for oid in oids if oid in answers}

    async def find(self, agent: SnmpAgent, marks: Sequence[Oid], timeout: float) -> frozenset[Oid]:
        self.asked.append((agent, tuple(marks)))
        return frozenset(marks) & self._answers(agent).keys()

    async def walk(self, agent: SnmpAgent, root: Oid, most: int, timeout: float) -> Answers:
        self.asked.append((agent, (root,)))
        answers = self._answers(agent)
        below = sorted((oid for oid in answers if oid.startswith(root + ".")), key=numbers)
        return {oid: answers[oid] for oid in below[:most]}

    def _answers(self, agent: SnmpAgent) -> Answers:
        answers = self.hosts.get(agent.host)
        if answers is None:
            raise ProbeError(Reason.NO_ANSWER, f"no answer: nobody listens on {agent.host}:{agent.port}")
        if isinstance(answers, ProbeError):
            raise answers
        return answers


def numbers(oid: Oid) -> tuple[int, ...]:
    """The order of SNMP: 1.10 comes after 1.9."""
    return tuple(int(part) for part in oid.split("."))


def read_snmprec(path: Path) -> dict[Oid, SnmpValue]:
    """The objects of a recording in snmpsim's format; what the port would call absent (NULL) is left out.

    Of an object that is there twice, the first counts, as in snmpsim.
    """
    return parse_snmprec(path.read_text(encoding="utf-8", errors="surrogateescape").splitlines())


def parse_snmprec(lines: Iterable[str]) -> dict[Oid, SnmpValue]:
    """The same of lines."""
    return dict(reversed(list(_objects(lines))))


def _objects(lines: Iterable[str]) -> Iterable[tuple[Oid, SnmpValue]]:
    for line in lines:
        match = re.fullmatch(r"\.?([\d.]+)\|(\d+)([a-z]?)(:\w+)?\|(.*)", line)
        if match:
            oid, kind, coding, variation, text = match.groups()
            value = _value(int(kind), coding, _varied(text) if variation else text)
            if value is not None:
                yield oid, value


def _varied(parameters: str) -> str:
    """The starting value of an object that snmpsim would change."""
    found = re.search(r"(?:^|,)(?:value|initial)=([^,]*)", parameters)
    return found[1] if found else parameters


def _value(kind: int, coding: str, text: str) -> SnmpValue | None:
    if kind == 5:
        return None
    if kind == 6:
        return text.lstrip(".")
    if kind in (2, 65, 66, 67, 70):
        return int(text)
    if coding == "x":
        return bytes.fromhex(text)
    if coding == "e":
        return text.encode().decode("unicode_escape").encode("latin-1")
    return text.encode("utf-8", errors="surrogateescape")
