"""Name servers compared: which of them answer, and which say something else than the others. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from collectors.path.networks import Network

_SERVER = "nameserver"  # resolv.conf(5)


class Names(StrEnum):
    """What is to be thought of the name servers."""

    GOOD = "good"
    NOT_ASKED = "not_asked"  # the host is an address
    LYING = "lying"
    SILENT = "silent"
    UNKNOWN_NAME = "unknown_name"  # all say that there is none


@dataclass(frozen=True, slots=True)
class Said:
    """One name server's answer. addresses: None = no answer, empty = it says that there are none.

    trusted  the configuration names it, to compare the machine's own with
    seconds  how long it took, None without an answer
    """

    server: str
    trusted: bool
    addresses: frozenset[str] | None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict; suspects: the servers that it is about; addresses: those to believe, sorted; answers: all."""

    verdict: Names
    suspects: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    answers: tuple[Said, ...] = ()


def servers_of(resolv_conf: str) -> tuple[str, ...]:
    """The machine's name servers in their order; those of IPv6 too."""
    lines = (line.split() for line in resolv_conf.splitlines())
    return tuple(dict.fromkeys(words[1] for words in lines if len(words) > 1 and words[0] == _SERVER))


def compare(answers: Sequence[Said], expected: Sequence[Network]) -> Comparison:
    """What is expected counts most, then what trusted servers say, then what most servers say.

    A name with other addresses for everybody who asks needs `expected`.
    """
    answering = [said for said in answers if said.addresses is not None]
    if not answering:
        return Comparison(Names.SILENT, tuple(said.server for said in answers))
    right = _right(answering, expected)
    if not right and not any(said.addresses for said in answering):
        return Comparison(Names.UNKNOWN_NAME, tuple(said.server for said in answering))
    liars = tuple(said.server for said in answering if not _agrees(said, right, expected))
    believed = tuple(sorted(right or next(said.addresses for said in answering if said.addresses)))
    if liars:
        return Comparison(Names.LYING, liars, believed)
    silent = tuple(said.server for said in answers if said.addresses is None and not said.trusted)
    return Comparison(Names.SILENT if silent else Names.GOOD, silent, believed)


def _right(answering: Iterable[Said], expected: Sequence[Network]) -> frozenset[str]:
    """The addresses to believe; empty where nobody is more credible than another."""
    sets = [(said.trusted, said.addresses or frozenset()) for said in answering]
    every = frozenset().union(*(found for _, found in sets))
    if expected:
        return frozenset(address for address in every if any(address in network for network in expected))
    if trusted := frozenset().union(*(found for is_trusted, found in sets if is_trusted)):
        return trusted
    groups = [frozenset().union(*(other for _, other in sets if other & found)) for _, found in sets if found]
    backing = {group: sum(bool(found & group) for _, found in sets) for group in groups}
    best = [group for group, votes in backing.items() if votes == max(backing.values())]
    return best[0] if len(best) == 1 else frozenset()


def _agrees(said: Said, right: frozenset[str], expected: Sequence[Network]) -> bool:
    found = said.addresses or frozenset()
    return found <= right if expected and found else bool(found & right)
