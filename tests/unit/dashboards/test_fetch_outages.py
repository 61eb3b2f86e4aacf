"""What the report on outages makes of the store's answers, without a store."""

from collections.abc import Mapping

from alerts.recorded import OFFICE_EXPECTED, OFFICE_VERDICT, PROVINCE_OFFICES
from dashboards.prometheus import Prometheus, Series
from dashboards.reports.fetch import Place
from dashboards.reports.fetch_outages import read_province
from dashboards.reports.period import Period

OFFICE = {"province": "04", "commune": "01273", "office": "01273-1"}
RENAMED = [{**OFFICE, "office_name": name} for name in ("Xã cũ", "Xã mới")]
HOUR = Period(1_790_000_040.0, 1_790_003_640.0, "hour")


class Answers(Prometheus):
    """An hour of a province in which all is well."""

    def __init__(self, *named: Mapping[str, str]) -> None:
        super().__init__("http://store")
        self._named = named

    def query(self, expression: str, at: float) -> list[Series]:
        found = self._named if f"last_over_time({OFFICE_EXPECTED.name}" in expression else ()
        return [Series(labels, [(at, 1.0)]) for labels in found]

    def query_range(self, expression: str, start: float, end: float, step: float) -> list[Series]:
        if PROVINCE_OFFICES.name not in expression or OFFICE_VERDICT.name in expression:
            return []
        return [Series({}, [(start + step * place, 1.0) for place in range(int((end - start) // step) + 1)])]


def test_an_office_with_two_names_is_known_once() -> None:
    for named in (RENAMED, [RENAMED[1], OFFICE], [OFFICE, RENAMED[1]]):
        (history,) = read_province(Place(Answers(*named), "04", 60.0), HOUR, HOUR.end)
        assert (history.subject.office_name, history.seen) == ("Xã mới", 3600.0)
