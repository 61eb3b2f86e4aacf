"""/etc/hosts, and the noticing of changes in small files of the system."""

import os
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from agent.io.address import IP

_LOOPBACK = (IPv6Address("::1"), IPv4Address("127.0.0.1"))


class WatchedFile:
    """A small file that may change, appear or vanish while the agent runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int] | None = None

    def changed(self) -> bool:
        """Whether it differs from what it was at the last call; True at the first."""
        try:
            state = os.stat(self.path)  # noqa: PTH116 - asked with every probe; Path.stat takes as long again
            now = (state.st_mtime_ns, state.st_ino)
        except OSError:
            now = (0, 0)
        changed, self._seen = now != self._seen, now
        return changed

    def text(self) -> str:
        """The whole of it, nothing when it cannot be read."""
        try:
            return self.path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""


class Hosts:
    """The names that this machine knows by itself."""

    def __init__(self, path: Path) -> None:
        self._file = WatchedFile(path)
        self._names: dict[str, tuple[IP, ...]] = {}

    def addresses(self, host: str) -> tuple[IP, ...]:
        """() for a name that is not in the file. localhost is always known (RFC 6761, section 6.3)."""
        if self._file.changed():
            self._names = parse(self._file.text())
        name = _canonical(host)
        return self._names.get(name) or (_LOOPBACK if name == "localhost" or name.endswith(".localhost") else ())


def parse(text: str) -> dict[str, tuple[IP, ...]]:
    """Names, in small letters, and their addresses (hosts(5)). Lines that make no sense are left out."""
    names: dict[str, tuple[IP, ...]] = {}
    for line in text.splitlines():
        address, *hosts = line.partition("#")[0].split() or [""]
        try:
            ip = ip_address(address)
        except ValueError:
            continue
        for host in hosts:
            name = _canonical(host)
            names[name] = (*names.get(name, ()), ip)
    return names


def _canonical(host: str) -> str:
    return host.rstrip(".").lower()
