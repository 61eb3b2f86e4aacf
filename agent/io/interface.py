"""The interface of a machine's line, and what it has carried, as Linux tells it in /proc and /sys."""

from pathlib import Path

from agent.io import proc
from agent.responder.line import Counters

_ROUTES = Path("/proc/net/route")
_INTERFACES = Path("/sys/class/net")


def of_default_route() -> str:
    """Its name. OSError where the machine has none."""
    gateway = proc.default_route(_ROUTES.read_text(encoding="ascii").splitlines(), "ip4")
    if gateway is None:
        raise OSError("this machine has no default route: name the interface of its line")
    return gateway.interface


def counters(name: str) -> Counters:
    """OSError where there is no such interface."""
    if "/" in name or not (folder := _INTERFACES / name / "statistics").is_dir():
        raise OSError(f"this machine has no interface {name}")
    return Counters(*(int((folder / file).read_text(encoding="ascii")) for file in ("rx_bytes", "tx_bytes")))
