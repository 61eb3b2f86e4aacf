"""`communewatch inventory check|show|diff|render|planned|ca`: files judged, explained, turned into others."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from collectors.core.decode import DecodeError
from inventory import difference, explain, output, register, render, show
from inventory.load import EXAMPLE, SHIPPED, examine, load
from inventory.model import Inventory

_FOLDER = "folder with provinces/NN/*.yml; default: the one with the example province that comes with the product"


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 fine; 1 communes missing, folders different, nothing of that code; 2 wrong use or wrong files."""
    if argv[:1] == ["ca"]:
        from inventory.ca.cli import main as authority  # noqa: PLC0415 - cryptography only for those who need it

        return authority(argv[1:])
    if argv[:1] == ["planned"]:
        from inventory.planned.cli import main as planned  # noqa: PLC0415 - it needs what else nobody does

        return planned(argv[1:])
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except DecodeError as error:
        print(error, file=sys.stderr)
        print(f"{_count(len(error.problems), 'problem')}: nothing was done", file=sys.stderr)
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="communewatch inventory", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    check = verbs.add_parser("check", help="say everything that is wrong, with file and line")
    _add_folder(check)
    check.add_argument("--services", action="store_true", help="list the services that are off, and why")
    check.set_defaults(run=_check)

    shown = verbs.add_parser("show", help="show a province, commune or office")
    shown.add_argument("code", metavar="CODE", help="04, 01273 or 01273-1")
    _add_folder(shown)
    shown.set_defaults(run=_show)

    diff = verbs.add_parser("diff", help="say what rendering B instead of A would change")
    diff.add_argument("before", type=Path, metavar="A", help="an inventory folder")
    diff.add_argument("after", type=Path, metavar="B", help="another one")
    diff.add_argument("--names", action="store_true", help="names of files only")
    diff.set_defaults(run=_diff)

    rendered = verbs.add_parser("render", help="write agent.yml per office, Prometheus targets and facts")
    rendered.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where to write")
    _add_folder(rendered)
    rendered.set_defaults(run=_render)
    verbs.add_parser("planned", help="import: planned cuts and maintenance, from tables and calendars")
    verbs.add_parser("ca", help="init|issue|renew|server|revoke|list: certificates of offices and gateways")
    return parser


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, default=SHIPPED, metavar="DIR", help=_FOLDER)


def _check(arguments: argparse.Namespace) -> int:
    findings = examine(arguments.folder)
    _tell_example(arguments.folder)
    for problem in (*findings.problems, *findings.gaps):
        print(problem, file=sys.stderr)
    if findings.inventory is None:
        print(f"{_count(len(findings.problems), 'problem')} in {arguments.folder}", file=sys.stderr)
        return 2
    print(_summary(findings.inventory))
    if arguments.services:
        for province in findings.inventory.provinces.values():
            print("\n".join(("", *explain.services(province), *explain.joint(province))))
        print("\n".join(("", *explain.elsewhere(findings.inventory.elsewhere))))
    return 1 if findings.gaps else 0


def _summary(inventory: Inventory) -> str:
    offices = list(inventory.offices)
    links, upses = sum(len(office.links) for office in offices), sum(len(office.upses) for office in offices)
    return ", ".join(
        (
            _count(len(inventory.provinces), "province"),
            _count(len(offices), "office"),
            _count(links, "link"),
            _count(upses, "UPS", "UPSes"),
        )
    )


def _show(arguments: argparse.Namespace) -> int:
    found = list(show.lines(arguments.code, load(arguments.folder), register.load(), datetime.now(UTC)))
    if not found:
        print(f"no province, commune or office has the code {arguments.code!r}", file=sys.stderr)
        print(
            "a province's code has 2 digits, a commune's 5, an office's a suffix too: 04, 01273, 01273-1",
            file=sys.stderr,
        )
        return 1
    print("\n".join(found).strip("\n"))
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    changes = difference.between(render.files(load(arguments.before)), render.files(load(arguments.after)))
    for change in changes:
        print(change.sign, change.path)
        if not arguments.names:
            for line in change.lines():
                print("   ", line)
    print(f"{_count(len(changes), 'file')} would change" if changes else "nothing would change")
    return 1 if changes else 0


def _render(arguments: argparse.Namespace) -> int:
    files = render.files(load(arguments.folder))
    _tell_example(arguments.folder)
    try:
        written = output.write(arguments.out, files)
    except OSError as error:
        print(f"cannot write to {arguments.out}: {error}", file=sys.stderr)
        return 2
    changed, removed = len(written.changed), len(written.removed)
    print(f"{arguments.out}: {changed} written, {removed} removed, {written.unchanged} unchanged")
    return 0


def _tell_example(folder: Path) -> None:
    if folder == SHIPPED:
        print(EXAMPLE, file=sys.stderr)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
