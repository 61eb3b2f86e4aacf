"""Everything that is rendered, as text; writing and judging it."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from alerts.engines import Engine
from alerts.render import rule_files, to_yaml
from alerts.routing import alertmanager, receivers_file
from alerts.settings import Settings
from alerts.texts import RUNBOOKS
from inventory.model import Inventory

ALERTMANAGER = "alertmanager.yml"
RECEIVERS = "receivers.yml"


def files(
    settings: Settings, inventory: Inventory, relay: str, watchdog: str = "", runbooks: str = RUNBOOKS,
    engine: Engine = Engine.PROMETHEUS,
) -> Mapping[str, str]:  # fmt: skip
    """Path below the output folder -> text."""
    found = {f"rules/{name}": text for name, text in rule_files(settings, runbooks, engine).items()}
    found[ALERTMANAGER] = to_yaml(alertmanager(settings, inventory, relay, watchdog))
    found[RECEIVERS] = to_yaml(receivers_file(inventory))
    return found


def write(folder: Path, content: Mapping[str, str]) -> None:
    """Each file whole or not at all; rules that are ours no more are removed. Raises OSError."""
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    for name, text in content.items():
        draft = folder / f"{name}.new"
        draft.write_text(text, encoding="utf-8")
        draft.rename(folder / name)
    for path in (folder / "rules").glob("*.yml"):
        if f"rules/{path.name}" not in content:
            path.unlink()


def judge(folder: Path) -> Iterator[str]:
    """What promtool and amtool, where this machine has them, find wrong in a written folder; and which are missing."""
    rules = sorted(str(path) for path in (folder / "rules").glob("*.yml"))
    yield from _ask("promtool", "check", "rules", *rules)
    yield from _ask("amtool", "check-config", str(folder / ALERTMANAGER))


def missing() -> Iterator[str]:
    """Programs that could have judged and are not on this machine."""
    return (name for name in ("promtool", "amtool") if shutil.which(name) is None)


def _ask(name: str, *arguments: str) -> Iterator[str]:
    program = shutil.which(name)
    if program is None:
        return
    answer = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, timeout=60)
    if answer.returncode:
        yield f"{name}: {(answer.stdout + answer.stderr).strip()}"
