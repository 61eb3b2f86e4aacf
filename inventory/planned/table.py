"""Tables of planned work: CSV as Excel writes it in Vietnam or elsewhere, with the columns of power companies' pages.

Separated by commas, semicolons or tabs. Lines above the heading are skipped; columns that nobody here knows are named.
"""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO

from collectors.core.problem import Problem
from inventory.planned.moments import period, says_a_day, window
from inventory.planned.notice import Notice, Notices
from inventory.planned.window import Window
from inventory.planned.words import fold

# What a column holds, by what its heading is called (folded).
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ref": ("ma", "ma lich", "ma cong viec", "so phieu", "so thong bao", "ma su kien", "id", "uid", "ref"),
    "place": (
        "khu vuc", "khu vuc mat dien", "khu vuc ngung giam cung cap dien", "khu vuc ngung cung cap dien", "dia ban",
        "xa", "xa phuong", "phuong xa", "ma xa", "don vi", "tru so", "ma tru so", "noi", "area", "place", "commune",
        "communes", "office", "offices",
    ),
    "station": ("ma tram", "tram", "ten tram", "lo", "xuat tuyen", "duong day", "ma kenh", "kenh", "feeder", "circuit"),
    "start": ("tu", "tu gio", "thoi gian tu", "bat dau", "thoi gian bat dau", "gio bat dau", "start", "from", "begin"),
    "end": ("den", "den gio", "thoi gian den", "ket thuc", "thoi gian ket thuc", "gio ket thuc", "end", "to", "until"),
    "period": ("thoi gian", "thoi gian mat dien", "thoi gian du kien", "thoi gian thuc hien", "gio", "time"),
    "day": ("ngay", "ngay cat", "ngay mat dien", "ngay thuc hien", "day", "date"),
    "title": ("ly do", "ly do ngung giam cung cap dien", "noi dung", "noi dung cong viec", "cong viec", "mo ta",
              "reason", "title", "description"),
    "operator": ("nha mang", "operator"),
    "service": ("dich vu", "he thong", "service", "system"),
    "status": ("trang thai", "tinh trang", "status"),
}  # fmt: skip
_KNOWN = {name: column for column, names in COLUMNS.items() for name in names}
_CANCELLED = ("hoan", "tam hoan", "da hoan", "khong thuc hien", "khong cat dien")
_CANCELLING = {"huy", "cancelled", "canceled"}  # words; "hoan" is also part of "hoàn thành", done
_ORDINAL = ("stt", "tt", "no")
_HEADING_WITHIN = 20  # lines

Cells = Mapping[str, str]


def read(text: str, source: str) -> Notices:
    """Every row below the heading. source: the file's name, for messages."""
    try:
        tables = [_Table(text, separator) for separator in ",;\t"]
    except csv.Error as error:
        return Notices((), (Problem(source, "", f"is no table: {error}", "save it as CSV UTF-8"),))
    table = max(tables, key=lambda one: len(one.columns))
    if not table.columns:
        hint = "it needs columns such as: Khu vực, Từ, Đến, Lý do (or: area, from, to, reason), see docs/planned.md"
        return Notices((), (Problem(f"{source}:1", "", "has no heading that says where and when", hint),))
    found, problems = [], []
    for line, row, cells in table.rows():
        try:
            _closed(row, table)
            found.append(_notice(f"{source}:{line}", cells, table.columns))
        except _WrongCellError as error:
            problems.append(Problem(f"{source}:{line}", table.columns.get(error.column, error.column), str(error)))
    return Notices(tuple(found), tuple(problems), tuple(table.remarks()))


def _closed(row: list[str], table: "_Table") -> None:
    """A quotation mark that nobody closed takes the rows below into its cell, and nobody would miss them."""
    for column, cell in enumerate(row, 1):
        for line in cell.splitlines()[1:]:
            if line.count(table.separator) >= table.width - 1 and says_a_day(line):
                raise _WrongCellError(
                    f"column {column}", f"has a quotation mark that is not closed before {line[:40]!r}"
                )


class _WrongCellError(ValueError):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


class _Table:
    """The rows of a text under the assumption of one separator. columns: ours -> the heading, {} for no heading."""

    def __init__(self, text: str, separator: str) -> None:
        reader = csv.reader(StringIO(text.replace("\0", ""), newline=None), delimiter=separator)
        self.separator, self.width = separator, 0
        self.columns: Mapping[str, str] = {}
        self._places: Mapping[str, int] = {}
        self._unknown: list[str] = []
        self._rows: list[tuple[int, list[str]]] = []
        line = 1
        for row in reader:
            if self.columns:
                self._rows.append((line, row))
            elif line <= _HEADING_WITHIN:
                self._try_heading(row)
            line = reader.line_num + 1

    def _try_heading(self, row: list[str]) -> None:
        places: dict[str, int] = {}
        for index, heading in enumerate(row):
            places.setdefault(_KNOWN.get(fold(heading), ""), index)
        places.pop("", None)
        if {"start", "end"} <= places.keys() or "period" in places:
            self._places, self.width = places, len(row)
            self.columns = {column: row[index].strip() for column, index in places.items()}
            known = (*_KNOWN, *_ORDINAL, "")
            self._unknown = [heading.strip() for heading in row if fold(heading) not in known]

    def rows(self) -> Iterator[tuple[int, list[str], Cells]]:
        for line, row in self._rows:
            if any(cell.strip() for cell in row):
                yield (
                    line,
                    row,
                    {column: row[index].strip() if index < len(row) else "" for column, index in self._places.items()},
                )

    def remarks(self) -> Iterator[str]:
        if self._unknown:
            yield f"columns that are not read: {', '.join(self._unknown)}"


def _notice(where: str, cells: Cells, columns: Mapping[str, str]) -> Notice:
    return Notice(
        where=where,
        ref=cells.get("ref", ""),
        title=" ".join(cells.get("title", "").split()),
        times=(_window(cells),),
        places=cells.get("place", ""),
        station=cells.get("station", ""),
        column=columns.get("place") or columns.get("station") or "place",
        operator=cells.get("operator", ""),
        service=cells.get("service", ""),
        cancelled=_cancelled(fold(cells.get("status", ""))),
    )


def _cancelled(status: str) -> bool:
    return status in _CANCELLED or not _CANCELLING.isdisjoint(status.split())


def _window(cells: Cells) -> Window:
    day = cells.get("day", "")
    both = "start" in cells and "end" in cells
    try:
        return window(cells["start"], cells["end"], day) if both else period(cells["period"], day)
    except ValueError as error:
        raise _WrongCellError("start" if both else "period", str(error)) from None
