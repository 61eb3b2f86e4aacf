"""The five ports on a real machine, assembled from the adapters that are needed."""

import asyncio
import gc
from collections.abc import Iterable
from contextlib import AsyncExitStack
from importlib import import_module
from typing import Self

from agent.io.clock import MachineClock
from collectors.core.ports import Clock, HostPort, HttpPort, NetPort, SnmpPort
from collectors.messages import catalogue


class MachinePorts:
    """Use as `async with MachinePorts(user_agent) as ports`, then `prepare` what the probes need.

    Preparing imports libraries, which takes tenths of a second: in a thread, so that it delays no measurement.
    A port that was not prepared raises AttributeError: the collector's `needs` does not name it.
    """

    clock: Clock
    http: HttpPort
    net: NetPort
    snmp: SnmpPort
    host: HostPort

    def __init__(self, user_agent: str) -> None:
        self.clock = MachineClock()
        self._user_agent = user_agent
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._closing.aclose()

    async def prepare(self, needs: Iterable[str]) -> None:
        """Import and build the named ports that are not there yet. ImportError when a library is missing."""
        missing = [name for name in sorted(needs) if not hasattr(self, name)]
        for name in missing:
            # A reload may bring a port while probes run: the loop goes on while its libraries are read.
            await asyncio.to_thread(import_module, f"agent.io.{name}")
            getattr(self, f"_prepare_{name}")()
        if missing:
            await asyncio.to_thread(catalogue)  # a failure is told in its words
            _keep_what_is_loaded()

    def _prepare_http(self) -> None:
        from agent.io.http import HttpAdapter  # noqa: PLC0415

        self.http = HttpAdapter(self._user_agent)

    def _prepare_net(self) -> None:
        from agent.io.net import NetAdapter  # noqa: PLC0415

        self.net = NetAdapter()

    def _prepare_snmp(self) -> None:
        from agent.io.snmp import SnmpAdapter  # noqa: PLC0415

        adapter = SnmpAdapter()
        self._closing.push_async_callback(adapter.close)
        self.snmp = adapter

    def _prepare_host(self) -> None:
        from agent.io.host import HostAdapter  # noqa: PLC0415

        adapter = HostAdapter()
        self._closing.push_async_callback(adapter.close)
        self.host = adapter


def _keep_what_is_loaded() -> None:
    """Libraries never become garbage: looking for it among their objects stops the loop for 15 to 40 ms each time."""
    gc.collect()
    gc.freeze()
