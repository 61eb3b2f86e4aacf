"""`communewatch alerts build|check`: rules for Prometheus and configuration for Alertmanager."""

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from alerts import build
from alerts.engines import Engine
from alerts.settings import LAB, PRODUCTION, Settings
from alerts.texts import RUNBOOKS
from collectors.core.decode import DecodeError, decode_file
from inventory.load import EXAMPLE, SHIPPED, load

_NAMED = {"production": PRODUCTION, "lab": LAB}
_PACKAGES = {"promtool": "prometheus", "amtool": "prometheus-alertmanager"}
_RELAY = "http://127.0.0.1:9819"


def main(argv: Sequence[str]) -> int:
    """0 = fine, 1 = promtool or amtool object or are missing, or the folder cannot be written, 2 = wrong use."""
    arguments = _parser().parse_args(argv)
    try:
        content = _content(arguments)
    except DecodeError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        status: int = arguments.run(arguments, content)
    except OSError as error:
        print(f"cannot write: {error}", file=sys.stderr)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="communewatch alerts", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    written = verbs.add_parser("build", help="write rules/*.yml and alertmanager.yml")
    written.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where to write")
    engines = tuple(Engine)
    written.add_argument(
        "--engine", type=Engine, choices=engines, default=Engine.PROMETHEUS, help="who evaluates the rules"
    )
    written.set_defaults(run=_build)
    checked = verbs.add_parser("check", help="let promtool and amtool judge what build would write")
    checked.set_defaults(run=_check)
    for verb in (written, checked):
        _add_sources(verb)
    return parser


def _add_sources(parser: argparse.ArgumentParser) -> None:
    known = ", ".join(_NAMED)
    parser.add_argument("--settings", default="production", metavar="NAME|FILE", help=f"{known} or a YAML file")
    parser.add_argument("--pace", type=_pace, default=1.0, metavar="X", help="make all windows X times shorter")
    parser.add_argument("--inventory", type=Path, default=SHIPPED, metavar="DIR", help="whose contacts are told")
    parser.add_argument("--relay", default=_RELAY, metavar="URL", help=f"where the relay listens ({_RELAY})")
    outside = "who hears the dead man's switch, outside this building; @FILE: a file with the URL, which is a secret"
    parser.add_argument("--watchdog", type=_secret, default="", metavar="URL|@FILE", help=outside)
    parser.add_argument("--runbooks", default=RUNBOOKS, metavar="URL", help=f"where people find them ({RUNBOOKS})")


def _secret(text: str) -> str:
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _pace(text: str) -> float:
    pace = float(text)
    if not 0.01 <= pace <= 1000:
        raise argparse.ArgumentTypeError("should be between 0.01 and 1000")
    return pace


def _content(arguments: argparse.Namespace) -> Mapping[str, str]:
    settings = _settings(arguments.settings)
    if arguments.pace != 1:
        settings = settings.scaled(arguments.pace)
    inventory = load(arguments.inventory)
    if arguments.inventory == SHIPPED:
        print(EXAMPLE, file=sys.stderr)
    where = (arguments.relay, arguments.watchdog, arguments.runbooks)
    return build.files(settings, inventory, *where, getattr(arguments, "engine", Engine.PROMETHEUS))


def _settings(name: str) -> Settings:
    return _NAMED[name] if name in _NAMED else decode_file(Path(name), Settings).value


def _build(arguments: argparse.Namespace, content: Mapping[str, str]) -> int:
    build.write(arguments.out, content)
    print(f"{len(content)} files written to {arguments.out}")
    if not arguments.watchdog:
        print("nobody outside will notice when this centre dies: set --watchdog (docs/watchdog.md)", file=sys.stderr)
    return 0


def _check(_: argparse.Namespace, content: Mapping[str, str]) -> int:
    with tempfile.TemporaryDirectory(prefix="communewatch-alerts-") as name:
        build.write(Path(name), content)
        problems = list(build.judge(Path(name)))
    for problem in problems:
        print(problem, file=sys.stderr)
    missing = tuple(build.missing())
    for program in missing:
        print(f"{program} is not on this machine, so it has not judged: install {_PACKAGES[program]}", file=sys.stderr)
    if not problems and not missing:
        print(f"{len(content)} files are fine")
    return 1 if problems or missing else 0
