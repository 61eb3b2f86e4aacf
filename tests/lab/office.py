"""One office of the lab: the machine with its agent, and the UPS beside it."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from tests.lab import register
from tests.lab.ground import Ground, Link
from tests.lab.machine import Machine
from tests.lab.process import Command
from tests.lab.product import COMMAND
from tests.lab.ups import LabUps

OF_LINKS = ("link", "bandwidth", "capacity", "echo", "wan", "path")  # collectors


class Office:
    """`index` is its place among the lab's offices."""

    def __init__(self, entry: register.Office, index: int, ground: Ground, folder: Path) -> None:
        self.entry = entry
        self._ground = ground
        self._index = index
        self._place = ground.office(index)
        self._folder = folder / entry.name
        self.configuration = self._folder / "agent.yml"
        self.state = self._folder / "state"
        self.machine = Machine(self._folder / "machine")
        self.ups = LabUps(self._folder / "ups", str(ground.ups(index).address), register.UPS_PORT)

    @property
    def agent_address(self) -> str:
        """host:port of its pages."""
        return f"{self._place.address}:{register.AGENT_PORT}"

    @property
    def ups_address(self) -> str:
        return f"{self._ground.ups(self._index).address}:{register.UPS_PORT}"

    @property
    def link(self) -> Link:
        """LabError in a lab without links."""
        return self._ground.link(self._index)

    def install(self, rendered: Path, key: str) -> None:
        """Put its agent.yml and the responder's key where its agent reads them, as a rollout would."""
        self.state.mkdir(exist_ok=True)
        configuration = (rendered / "offices" / self.entry.id / "agent.yml").read_text(encoding="utf-8")
        configuration = configuration.replace(f"{register.STATE}/", f"{self.state}/")
        if not self._ground.shaped:
            configuration = self._on_loopback(configuration)
        self.configuration.write_text(configuration, encoding="utf-8")
        path = self._folder / register.KEY_FILE
        path.touch(mode=0o600)
        path.write_text(key, encoding="utf-8")

    def ups_command(self) -> Command:
        """How to run its UPS."""
        return Command(f"ups-{self.entry.name}", self.ups.argv, self._place.network, environment=self.ups.environment)

    def agent_command(self, mounts: Mapping[str, str]) -> Command:
        """How to run its agent; `mounts` is what it is to see in places of the machine's own files."""
        argv = (*COMMAND, "agent", "run", "--config", str(self.configuration))
        seen = {**mounts, **self.machine.mounts} if self._ground.shaped else {}
        environment = {"STATE_DIRECTORY": str(self.state)}
        return Command(f"agent-{self.entry.name}", argv, self._place.network, seen, environment)

    def _on_loopback(self, configuration: str) -> str:
        """All offices are one machine there: each listens on its own address only, and none has a link to measure."""
        settings = yaml.safe_load(configuration)
        settings["listen"] = self.agent_address
        settings["probes"] = [probe for probe in settings["probes"] if probe["collector"] not in OF_LINKS]
        return yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
