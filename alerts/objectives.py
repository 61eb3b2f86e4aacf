"""What services owe to the offices: a share of answers, round the clock and in office hours; and when those are.

Windows and factors are those of the SRE workbook (Alerting on SLOs, multiwindow, multi-burn-rate): a budget for 30
days that burns so many times too fast over a long window, and still does over a twelfth of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from inventory.hours import Hours
from inventory.values import Day


class Objective(StrEnum):
    """The label `objective`."""

    ALWAYS = "always"
    OFFICE_HOURS = "office_hours"


@dataclass(frozen=True, slots=True)
class Burn:
    """seconds: the long window; a twelfth of it is the short one. factor: how many times too fast."""

    seconds: float
    factor: float

    @property
    def short_seconds(self) -> float:
        return self.seconds / 12


def _days(*days: str) -> tuple[Day, ...]:
    return tuple(Day.parse(day) for day in days)


@dataclass(frozen=True, slots=True)
class Objectives:
    """Holidays are those of the Labour Code (article 112); days that the government moves are put right here.

    services      by their id in the catalogue
    always        share of the offices' questions that are answered, of all that are able to judge
    office_hours  the same while offices are open: Monday to Friday, `open`, but not on `holidays`
    fast, slow    what is told at once, and what is told today; the first of each pair is a part of the budget sooner
    """

    services: tuple[str, ...] = ("portal", "vneid", "civil_status")
    always: float = 0.99
    office_hours: float = 0.995
    open: tuple[Hours, ...] = (Hours.parse("07:30-11:30"), Hours.parse("13:00-17:00"))
    holidays: tuple[Day, ...] = _days(
        "2026-01-01", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-04-27", "2026-04-30",
        "2026-05-01", "2026-09-01", "2026-09-02", "2027-01-01", "2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10",
        "2027-04-16", "2027-04-30", "2027-05-03", "2027-09-02", "2027-09-03",
    )  # fmt: skip
    evaluation_seconds: float = 60
    hour_seconds: float = 3600  # 14.4 times too fast for so long is 2 % of the budget ...
    quarter_day_seconds: float = 21600  # ... 6 times for so long 5 % ...
    day_seconds: float = 86400  # ... 3 times 10 % ...
    days_seconds: float = 259200  # ... and as fast as allowed 10 % as well
    budget_seconds: float = 2592000

    @property
    def fast(self) -> tuple[Burn, Burn]:
        """Told at once."""
        return Burn(self.hour_seconds, 14.4), Burn(self.quarter_day_seconds, 6)

    @property
    def slow(self) -> tuple[Burn, Burn]:
        """Told today."""
        return Burn(self.day_seconds, 3), Burn(self.days_seconds, 1)

    def target(self, objective: Objective) -> float:
        """A share."""
        return self.always if objective is Objective.ALWAYS else self.office_hours

    def scaled(self, pace: float) -> "Objectives":
        """All windows `pace` times shorter; the clock on the wall stays."""
        windows = [each.name for each in fields(self) if each.name.endswith("_seconds")]
        return replace(self, **{name: round(getattr(self, name) / pace, 3) for name in windows})

    def check(self) -> Iterable[tuple[str, str]]:
        """An objective of everything leaves no budget, and hours over midnight would end on another day."""
        for objective in Objective:
            if not 0.5 <= self.target(objective) < 1:
                yield objective, "should be at least 0.5 and less than 1"
        for index, hours in enumerate(self.open):
            if hours.end.minutes < hours.start.minutes:
                yield f"open[{index}]", "should end on the day on which it begins"
