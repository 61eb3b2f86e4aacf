"""WHAT is measured: one module (or one small package) per collector, pure, registered by being here.

A collector is handed a target and the ports and returns a reading. It reads no configuration, keeps no state, opens no
socket. Not here: when a probe runs and who the office is (agent/), and how a library is called (agent/io).
"""

import pkgutil
from importlib import import_module

from collectors.core import Collector


def names() -> tuple[str, ...]:
    """The names of all collectors, sorted: every module here but the contract and the message catalogue."""
    return tuple(
        sorted(found.name for found in pkgutil.iter_modules(__path__) if found.name not in ("core", "messages"))
    )


def load(name: str) -> Collector:
    """Import one collector. A module that fails to import fails loudly: nothing is skipped."""
    collector: Collector = import_module(f"collectors.{name}").COLLECTOR
    return collector
