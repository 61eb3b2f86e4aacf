"""Host names to addresses, as this machine's configuration says, without threads.

The C library's resolver would block a thread per name: with a dead name server they fill the pool and disturb every
other probe. Nothing is cached: a probe that measures the name server has to ask it. The record types are imported here
because dnspython would import them in the middle of the first measurement.
"""

import asyncio
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import ip_address
from itertools import chain, zip_longest
from pathlib import Path

import dns.asyncresolver
import dns.exception
import dns.nameserver
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.OPT
import dns.rdtypes.ANY.SOA
import dns.rdtypes.IN.A
import dns.rdtypes.IN.AAAA
import dns.resolver

from agent.io.address import IP
from agent.io.hosts import Hosts, WatchedFile
from collectors.core import NameFailure, ProbeError, Reason
from collectors.core.ports import Family
from collectors.core.values import HostPort
from collectors.messages.said import Said

_MOST = 8  # addresses of one name that are worth trying
_LAGGARD = 1.0  # seconds that the second family gets once the first has answered
_PER_SERVER = 2.0  # seconds until the next name server is asked
_RECORDS = {"ip4": ("A",), "ip6": ("AAAA",), "any": ("AAAA", "A")}
_WORDS = {"ip4": "IPv4", "ip6": "IPv6", "any": "IP"}

_Outcome = tuple[IP, ...] | ProbeError


class Resolver:
    """`servers` replaces those of /etc/resolv.conf. Both files are read again when they change."""

    def __init__(
        self,
        servers: Sequence[HostPort] = (),
        resolv_conf: Path = Path("/etc/resolv.conf"),
        hosts: Path = Path("/etc/hosts"),
    ) -> None:
        self._fixed = tuple(servers)
        self._resolv_conf = WatchedFile(resolv_conf)
        self._hosts = Hosts(hosts)
        self._resolver: dns.asyncresolver.Resolver | None = None

    async def addresses(self, host: str, family: Family, timeout: float) -> tuple[IP, ...]:
        """The addresses of a name (or literal) in the order in which to try them: families in turn, IPv6 first.

        Raises ProbeError with Reason.DNS.
        """
        found: tuple[IP, ...]
        if literal := _literal(host):
            found = (literal,)
        else:
            found = self._hosts.addresses(host) or await self._ask(host, family, timeout)
        wanted = _in_turn(ip for ip in found if family in ("any", f"ip{ip.version}"))
        if not wanted:
            raise ProbeError(
                Reason.DNS, Said("dns.no_address", name=host, family=_WORDS[family]), NameFailure.NO_ADDRESS
            )
        return wanted[:_MOST]

    def first_server(self) -> HostPort:
        """The name server that is asked first. Raises ProbeError with Reason.DNS when there is none."""
        server = self._configured().nameservers[0]
        if isinstance(server, str):
            return HostPort(server, 53)
        return HostPort(server.answer_nameserver(), server.answer_port())

    async def _ask(self, host: str, family: Family, timeout: float) -> tuple[IP, ...]:
        resolver = self._configured()
        asked = [asyncio.create_task(_lookup(resolver, host, record, timeout)) for record in _RECORDS[family]]
        try:
            first, late = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            if late:
                answered = any(isinstance(task.result(), tuple) and task.result() for task in first)
                await asyncio.wait(late, timeout=_LAGGARD if answered else None)
        finally:
            for task in asked:
                task.cancel()
        outcomes = [task.result() for task in asked if task.done()]
        found = tuple(chain.from_iterable(outcome for outcome in outcomes if isinstance(outcome, tuple)))
        problems = [outcome for outcome in outcomes if isinstance(outcome, ProbeError)]
        if problems and not found:
            raise problems[0]
        return found

    def _configured(self) -> dns.asyncresolver.Resolver:
        if self._resolver is None or (not self._fixed and self._resolv_conf.changed()):
            self._resolver = self._configure()
        if not self._resolver.nameservers:
            raise ProbeError(Reason.DNS, Said("dns.no_server"), NameFailure.NO_SERVER)
        return self._resolver

    def _configure(self) -> dns.asyncresolver.Resolver:
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.timeout = _PER_SERVER
        if self._fixed:
            resolver.nameservers = [
                dns.nameserver.Do53Nameserver(server.host, server.port or 53) for server in self._fixed
            ]
        else:
            try:
                resolver.read_resolv_conf(str(self._resolv_conf.path))
            except (dns.exception.DNSException, OSError):
                resolver.nameservers = []
        return resolver


async def _lookup(resolver: dns.asyncresolver.Resolver, host: str, record: str, timeout: float) -> _Outcome:
    try:
        answer = await resolver.resolve(host, record, lifetime=timeout, search=False, raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN:
        return ProbeError(Reason.DNS, Said("dns.unknown", name=host), NameFailure.NXDOMAIN)
    except dns.resolver.LifetimeTimeout:
        return ProbeError(Reason.DNS, Said("time.names", seconds=float(timeout)), NameFailure.TIMEOUT)
    except dns.resolver.NoNameservers as error:
        said = Said("dns.failed", name=host, why=_last_error(error))
        return ProbeError(Reason.DNS, said, NameFailure.SERVFAIL)
    except (dns.exception.DNSException, OSError, UnicodeError) as error:
        said = Said("dns.unreadable", name=host, why=str(error) or type(error).__name__)
        return ProbeError(Reason.DNS, said, NameFailure.BAD_NAME)
    return tuple(ip_address(found.address) for found in answer.rrset or ())


def _last_error(error: dns.resolver.NoNameservers) -> str:
    errors = error.kwargs.get("errors") or [("", False, 0, "no reason given", None)]
    return str(errors[-1][3])


@lru_cache(maxsize=64)
def _literal(host: str) -> IP | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _in_turn(found: Iterable[IP]) -> tuple[IP, ...]:
    """The families in turn, so that one dead family costs one try (RFC 8305, section 4)."""
    found = tuple(found)
    families = [[ip for ip in found if ip.version == version] for version in (6, 4)]
    return tuple(ip for ip in chain.from_iterable(zip_longest(*families)) if ip is not None)
