"""Most services fail for one province at once: told as what the province shares, and services one by one otherwise."""

from pathlib import Path

from tests.rules.case import of_all
from tests.rules.cases_of_owners import QUICK, SERVICES_DOWN, answers, asked, country, everybody, shared
from tests.rules.scene import Firing, Scene, offices
from tests.rules.test_incidents import during

END = 1200.0
TOLD = Firing(SERVICES_DOWN.alert, SERVICES_DOWN.labels)
ONE_BY_ONE = 'count(ALERTS{alertname="ProvincialServiceDown", alertstate="firing"})'
TOGETHER = 'count(ALERTS{alertname="ProvincialServicesDown", alertstate="firing"})'


def test_what_the_province_shares_is_told_once_and_its_services_never(tmp_path: Path) -> None:
    series = shared(END, (1, 120), (0, 480), (1, END - 600))
    Scene(series, during(0, 210) | during(210, 720, TOLD) | during(765, END)).judge(tmp_path)


def test_what_is_asked_seldom_is_not_told_by_itself_when_the_others_work_again(tmp_path: Path) -> None:
    series = shared(END, (1, 120), (0, 480), (1, END - 600)) | asked(END, "04", archive=300)
    series |= answers(offices(4), "archive", (1, 300), (0, 600), (1, END - 900))
    Scene(series, during(210, 720, TOLD) | during(765, END)).judge(tmp_path)


def test_what_goes_on_failing_is_told_by_itself_then(tmp_path: Path) -> None:
    series = shared(END, (1, 120), (0, 300), (1, END - 420))
    series |= answers(offices(4), "vneid", (1, 135), (0, END - 135))
    Scene(series, values={(600.0, TOGETHER): {}, (END - 15, ONE_BY_ONE): {"{}": 1.0}}).judge(tmp_path)


def test_two_services_are_two_matters(tmp_path: Path) -> None:
    series = shared(END, (1, 120), (0, END - 120), failing=2)
    Scene(series, values={(END - 15, TOGETHER): {}, (END - 15, ONE_BY_ONE): {"{}": 2.0}}).judge(tmp_path)


def test_what_fails_in_the_whole_country_is_no_matter_of_a_province(tmp_path: Path) -> None:
    series = (
        country(END) | asked(END, "04", **dict.fromkeys(QUICK, 60.0)) | asked(END, "11", **dict.fromkeys(QUICK, 60.0))
    )
    series |= of_all([answers(everybody(), service, (1, 120), (0, END - 120)) for service in QUICK[:3]])
    series |= answers(everybody(), QUICK[3], (1, END))
    at_large = 'count(ALERTS{alertname="NationalServiceDown", alertstate="firing"})'
    Scene(series, values={(END - 15, TOGETHER): {}, (END - 15, at_large): {"{}": 3.0}}).judge(tmp_path)
