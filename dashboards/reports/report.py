"""Everything that a report says, before it becomes a page, a table or a text."""

from dataclasses import dataclass

from dashboards.reports import table
from dashboards.reports.bandwidth import LinkMonth, OperatorMonth
from dashboards.reports.dips import LinkDip, told
from dashboards.reports.month import Month, local


@dataclass(frozen=True, slots=True)
class Report:
    """written: Unix time; place: the province's name, "" = the whole country; dips: with those in power outages."""

    month: Month
    place: str
    written: float
    links: tuple[LinkMonth, ...]
    operators: tuple[OperatorMonth, ...]
    dips: tuple[LinkDip, ...]
    table_file: str
    tests_file: str
    dips_file: str

    @property
    def tests(self) -> int:
        """Distinct tests, valid or not."""
        return sum(line.tests for link in self.links for line in link.lines)

    @property
    def samples(self) -> int:
        """Valid tests."""
        return sum(line.samples for link in self.links for line in link.lines)

    @property
    def told(self) -> list[LinkDip]:
        """The dips, oldest first, without those in power outages."""
        return told(self.dips)

    @property
    def in_outages(self) -> int:
        """How many dips that leaves out."""
        return len(self.dips) - len(self.told)

    def plain(self) -> dict[str, object]:
        """As JSON has it: the tables' columns under the tables' names."""
        return {
            "month": str(self.month),
            "place": self.place,
            "written": local(self.written).isoformat(timespec="seconds"),
            "links": table.as_json(table.COLUMNS, table.line_rows(self.month, self.links)),
            "dips": table.as_json(table.DIP_COLUMNS, table.dip_rows(self.month, self.told)),
            "dips_in_power_outages": self.in_outages,
        }
