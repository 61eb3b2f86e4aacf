"""`communewatch inventory planned import FILE DIR --kind power|link|service`: others' plans into planned.yml."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from collectors.core.decode import DecodeError, decode_text
from collectors.core.problem import Problem
from inventory import register
from inventory.checks import planned as checks
from inventory.files import PLANNED, National, ProvinceFiles, read
from inventory.planned import content, merge, table
from inventory.planned.entries import Terms, entries
from inventory.planned.notice import Notices
from inventory.planned.places import Gazetteer
from inventory.planned.schema import Kind, PlannedFile, WorkEntry
from inventory.planned.written import page
from inventory.schema import OfficeEntry

_SIGNS = {"+": "new", "~": "changed", "x": "cancelled", "-": "over and left out", "=": "as before"}


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 fine; 1 --partial left something out; 2 wrong use or wrong files, and nothing was done."""
    arguments = _parser().parse_args(argv)
    try:
        return _import(arguments, datetime.now(UTC))
    except DecodeError as error:
        print(error, file=sys.stderr)
        number = len(error.problems)
        print(f"{number} problem{'' if number == 1 else 's'}: nothing was done", file=sys.stderr)
    except OSError as error:
        print(f"cannot write: {error}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="communewatch inventory planned", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verb = verbs.add_parser("import", help="take over a CSV table or an iCalendar file (.ics)")
    verb.add_argument("file", type=Path, metavar="FILE", help="what the power company, operator or owner sent")
    verb.add_argument("folder", type=Path, metavar="DIR", help="the inventory: the folder with provinces/")
    verb.add_argument("--kind", type=Kind, choices=tuple(Kind), required=True, help="what is worked at")
    verb.add_argument("--province", metavar="CODE", default="", help="whose; may be left out where there is only one")
    verb.add_argument("--country", action="store_true", help="maintenance of services for all provinces")
    verb.add_argument("--operator", metavar="ID", default="", help="whose lines, where the file does not say")
    verb.add_argument("--service", metavar="ID", action="append", default=[], help="which, where the file does not say")
    verb.add_argument("--source", metavar="NAME", default="", help="who sends such files (default: the kind)")
    verb.add_argument("--replace", action="store_true", help="cancel what this source no longer has")
    verb.add_argument("--partial", action="store_true", help="take over what is right, and say what is not")
    verb.add_argument("--encoding", metavar="NAME", default="", help="of the file, such as cp1258 (default: UTF-8)")
    verb.add_argument("--dry-run", action="store_true", help="only say what would change")
    return parser


def _import(arguments: argparse.Namespace, now: datetime) -> int:
    target = _Target(arguments)
    notices = _read(arguments.file, arguments.encoding, now)
    found, problems = entries(notices.found, target.terms(arguments))
    problems = [*notices.problems, *problems]
    if problems and not arguments.partial:
        raise DecodeError(tuple(problems))
    source = arguments.source or str(arguments.kind)
    changes = merge.into(
        target.works, merge.by_id(found), now, source=source, replace_all=arguments.replace, whole=not problems
    )
    text = page({change.id: change.entry for change in changes if change.sign != "-"})
    target.check(text)
    kept = (
        ["--replace: nothing is cancelled, for not everything could be read"] if arguments.replace and problems else []
    )
    for line in (*map(str, problems), *notices.remarks, *kept):
        print(line, file=sys.stderr)
    _say(changes)
    if not arguments.dry_run:
        _write(target.path, text)
    return 1 if problems else 0


def _read(path: Path, encoding: str, now: datetime) -> Notices:
    text = content.read(path, encoding)
    if path.suffix.lower() in (".ics", ".ical") or text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        from inventory.planned import calendar  # noqa: PLC0415 - its libraries only for those who need them

        return calendar.read(text, str(path), now)
    return table.read(text, str(path))


def _say(changes: Sequence[merge.Change]) -> None:
    for change in changes:
        if change.sign != "=":
            entry = change.entry
            when = ", ".join(window.spoken() for window in entry.times[:3]) + (", ..." if len(entry.times) > 3 else "")
            what = " ".join((*entry.places, entry.operator, *entry.services)).strip()
            print(f"{change.sign} {change.id}  {when}  {what}  {entry.title}".rstrip())
    counts = {words: sum(change.sign == sign for change in changes) for sign, words in _SIGNS.items()}
    print(", ".join(f"{count} {words}" for words, count in counts.items() if count) or "nothing is planned")


def _write(path: Path, text: str) -> None:
    """Readers see the old text or the new one, never half of one."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


class _Target:
    """The planned.yml that is written to, and the inventory around it. Raises DecodeError where that is wrong."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        files = read(arguments.folder)
        if files.problems or files.national is None:
            raise DecodeError(files.problems)
        self._national: National = files.national
        self._province: ProvinceFiles | None = None
        if arguments.country:
            if arguments.kind is not Kind.SERVICE:
                raise _misused("--country", "is for services: power and lines are told for places in a province")
            self.path, planned = arguments.folder / PLANNED, files.national.planned
        else:
            self._province = _chosen(files.provinces, arguments.province)
            self.path, planned = self._province.folder / PLANNED, self._province.planned
        self.works: Mapping[str, WorkEntry] = planned.value.works if planned else {}

    def terms(self, arguments: argparse.Namespace) -> Terms:
        """What the files of this place are read with."""
        organisations, catalogue = self._national.organisations.value, self._national.catalogue.value
        operators = {key: entry.name for key, entry in organisations.operators.items()}
        known = {key: entry.name for key, entry in catalogue.services.items()}
        for option, written, names in (("--operator", [arguments.operator], operators), ("--service", arguments.service,
                                                                                         known)):  # fmt: skip
            if wrong := [one for one in written if one and one not in names]:
                raise _misused(option, f"there is no {wrong[0]!r}; known: {', '.join(sorted(names))}")
        return Terms(
            arguments.kind, arguments.source or str(arguments.kind), arguments.operator, tuple(arguments.service),
            operators, known, _gazetteer(self._province) if self._province else None,
        )  # fmt: skip

    def check(self, text: str) -> None:
        """Nothing is written that `inventory check` would refuse."""
        document = decode_text(text, PlannedFile, str(self.path))
        if self._province is None:
            problems = tuple(checks.of_country(replace(self._national, planned=document)))
        else:
            province = replace(self._province, planned=document)
            problems = tuple(checks.of_province(province, self._national, register.load()))
        if problems:
            raise DecodeError(problems)


def _chosen(provinces: Sequence[ProvinceFiles], code: str) -> ProvinceFiles:
    fitting = [one for one in provinces if code in ("", one.folder.name)]
    if len(fitting) != 1:
        known = ", ".join(one.folder.name for one in provinces)
        raise _misused("--province", f"which one? known here: {known}")
    return fitting[0]


def _gazetteer(files: ProvinceFiles) -> Gazetteer:
    settings, offices = files.settings.value, files.entries
    return Gazetteer(
        communes=register.load().communes_of(settings.province),
        offices=frozenset(offices),
        feeders=frozenset(entry.feeder for entry in offices.values() if entry.feeder),
        circuits={circuit: office for office, entry in offices.items() for circuit in _circuits(entry)},
        words=settings.places,
    )


def _circuits(entry: OfficeEntry) -> list[str]:
    return [link.circuit for link in entry.links.values() if not isinstance(link, str) and link.circuit]


def _misused(option: str, message: str) -> DecodeError:
    return DecodeError((Problem(option, "", message),))
