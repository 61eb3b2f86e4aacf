"""A UPS with a network card, for the lab: a real snmpd whose objects follow a scenario that changes while it runs."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from tests.lab.snmpd import Snmpd
from tests.lab.ups_card import LOW_CHARGE, ROOTS, Scenario

CARD = Path(__file__).with_name("ups_card.py")


class State(StrEnum):
    """What may befall a UPS."""

    ON_LINE = "on_line"
    ON_BATTERY = "on_battery"
    LOW_BATTERY = "low_battery"  # on battery, with little left
    SELF_TEST = "self_test"
    LINK_LOST = "link_lost"  # between the card and the UPS
    BYPASS = "bypass"
    OVERLOAD = "overload"


class LabUps:
    """One UPS. Run `argv` with `environment` where it is to stand, or let `start` do it.

    mibs: "powernet" and "rfc1628", one or both, as real cards answer. directives: further lines of snmpd.conf, such as
    SNMPv3 users. Nothing outside `folder` is written.
    """

    def __init__(
        self,
        folder: Path,
        host: str,
        port: int,
        mibs: Sequence[str] = ("powernet", "rfc1628"),
        community: str = "public",
        directives: Sequence[str] = (),
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._scenario = Scenario(since=time.time())
        self._path = folder / "scenario.json"
        self._scenario.write(self._path)
        card = f"{sys.executable} -I -S {CARD} {self._path}"
        objects = (f"pass_persist .{ROOTS[mib]} {card} {mib}" for mib in mibs)
        who = f"rocommunity{6 if ':' in host else ''} {community}"
        self._snmpd = Snmpd(folder, [who, *objects, "sysDescr simulated UPS card", *directives], host, port)
        self._process: asyncio.subprocess.Process | None = None

    @property
    def host(self) -> str:
        return self._snmpd.host

    @property
    def port(self) -> int:
        return self._snmpd.port

    @property
    def argv(self) -> tuple[str, ...]:
        return self._snmpd.argv

    @property
    def environment(self) -> Mapping[str, str]:
        return self._snmpd.environment

    def set_state(self, state: State, *, charge: float | None = None, empty_after: float | None = None) -> None:
        """From now on. charge (0 to 1) is where it starts, by default where it is; empty_after: seconds from full."""
        now = time.time()
        began = self._scenario.charge_at(now) if charge is None else charge
        if state is State.LOW_BATTERY:
            state, began = State.ON_BATTERY, min(began, LOW_CHARGE - 0.02)
        mains_lost = state is State.ON_BATTERY and self._scenario.state != State.ON_BATTERY
        self._scenario = replace(
            self._scenario,
            state=state.value,
            since=now,
            charge=began,
            empty_after=empty_after or self._scenario.empty_after,
            line_bads=self._scenario.line_bads + mains_lost,
        )
        self._scenario.write(self._path)

    async def start(self, prefix: Sequence[str] = ()) -> None:
        """Start it as a child of this process. prefix: what goes before, such as ("ip", "netns", "exec", NAME)."""
        with self._snmpd.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *prefix,
                *self.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
            )
        if not prefix:
            process = self._process
            await asyncio.to_thread(self._snmpd.until_it_answers, lambda: process.returncode is not None)

    async def stop(self) -> None:
        """The battery is empty, or the lab is over."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.terminate()
            await self._process.wait()
            self._process = None
