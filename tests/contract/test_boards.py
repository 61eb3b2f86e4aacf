"""Boards against the objects that they speak of: every name, label, word and link in them exists."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import collectors
from alerts.recorded import RECORDED
from alerts.relay.pages import Pages
from alerts.scraped import ALERTS
from collectors.core import Kind, Metric, observed
from collectors.core.values import Url
from collectors.messages import catalogue
from dashboards.boards import BOARDS
from dashboards.check import queries_of
from dashboards.grafana import to_json
from dashboards.model import Board, Panel, Query, Unit, View
from inventory import facts
from inventory.labels import IDENTITY
from tests.contract.labels import Labels, WrongLabelError, labels_of

VALUES = {"province": "04", "office": "01273-ubnd"}
NAMES = ("office_name", "commune_name", "province_name", "service_name")


def declared() -> Mapping[str, Labels]:
    """Every series that there is -> the labels that it may carry."""
    measured = [metric for name in collectors.names() for metric in collectors.load(name).metrics]
    found = {metric.name: {*metric.labels, *IDENTITY} for metric in (*measured, *observed.METRICS)}
    found |= {metric.name: {*metric.labels} for metric in facts.METRICS}
    found |= {series.name: {*series.labels} for series in RECORDED}
    found[ALERTS.name] = {*ALERTS.labels, *IDENTITY, *NAMES}
    return {name: frozenset(labels) for name, labels in found.items()}


DECLARED = declared()
PANELS = [(board, panel) for board in BOARDS for panel in board.panels()]
QUERIES = [(panel, query) for _, panel in PANELS for query in panel.queries]
EXPRESSIONS = [found for board in BOARDS for found in queries_of(board, VALUES)]
PANEL_NAMES = [f"{board.key}-{panel.key}" for board, panel in PANELS]
EACH_PANEL = pytest.mark.parametrize(("board", "panel"), PANELS, ids=PANEL_NAMES)
EACH_BOARD = pytest.mark.parametrize("board", BOARDS, ids=[board.key for board in BOARDS])


def result(query: Query) -> Labels:
    return labels_of(re.sub(r"\$__rate_interval", "5m", query.expression), DECLARED)


def built(board: Board) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to_json(board, BOARDS))
    return found


def everything(node: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in a piece of JSON."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from everything(child)


# --- queries --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("title", "expression"), EXPRESSIONS)
def test_every_series_and_label_in_a_query_exists(title: str, expression: str) -> None:
    labels_of(expression, DECLARED)


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("probe_sucess", KeyError),
        ('probe_success{offices="x"}', WrongLabelError),
        ("sum by (phase) (probe_success)", WrongLabelError),
        ("probe_success * on (office) group_left (name) office:expected", WrongLabelError),
        ("max by (ups) (office_info)", WrongLabelError),
    ],
)
def test_the_check_itself_bites(expression: str, complaint: type[Exception]) -> None:
    with pytest.raises(complaint):
        labels_of(expression, DECLARED)


@EACH_PANEL
def test_legends_and_columns_show_labels_that_the_result_has(board: Board, panel: Panel) -> None:
    shown = {column.label for column in panel.columns}
    for query in panel.queries:
        assert set(re.findall(r"{{(\w+)}}", query.legend)) <= result(query)
    if panel.view is View.TABLE:
        assert shown <= frozenset().union(*(result(query) for query in panel.queries))


@EACH_PANEL
def test_the_queries_of_a_table_share_the_label_that_names_the_row(board: Board, panel: Panel) -> None:
    if panel.view is View.TABLE and len(panel.queries) > 1:
        rows = [result(query) - {"instance", "job"} for query in panel.queries]
        assert frozenset.intersection(*rows) in ({"province"}, {"province", "commune", "office"}, {"service"}, {"hop"})


@EACH_PANEL
def test_a_click_takes_values_that_the_row_shows(board: Board, panel: Panel) -> None:
    if panel.jump:
        (target,) = (other for other in BOARDS if other.uid == panel.jump.board)
        needed = {variable.name for variable in target.variables}
        assert {label for _, label in panel.jump.variables} <= {column.label for column in panel.columns}
        assert {variable for variable, _ in panel.jump.variables} | set(panel.jump.keep) <= needed


def metrics_in(expression: str) -> set[str]:
    return {name for name in DECLARED if re.search(rf"(?<![\w:]){re.escape(name)}(?![\w:])", expression)}


@EACH_PANEL
def test_a_unit_fits_what_the_query_measures(board: Board, panel: Panel) -> None:
    """Base units by the suffix of the name; bytes per second go on the screen as bits."""
    suffixes = {"_ratio": Unit.RATIO, "_volts": Unit.VOLTS, "_seconds": Unit.SECONDS}
    for query in panel.queries:
        names = metrics_in(query.expression)
        if any("bytes_per_second" in name for name in names) or re.search(r"rate\(link_\w+_bytes", query.expression):
            assert query.expression.startswith("8 * ")
            assert panel.unit is Unit.BITS_PER_SECOND
        for name in names:
            for suffix, unit in suffixes.items():
                if name.endswith(suffix) and not re.search(r"[<>]=? *[\d.]", query.expression):
                    assert unit in (panel.unit, query.unit), name


def test_a_new_collector_shows_up_by_itself() -> None:
    (office,) = (board for board in BOARDS if board.key == "office")
    health = [query for panel in office.panels() if panel.key.startswith("probe_") for query in panel.queries]
    assert health
    for query in health:
        assert not re.search(rf'"({"|".join(collectors.names())})"', query.expression)


# --- words ----------------------------------------------------------------------------------------------------------


def keys() -> set[str]:
    """Every key of the catalogue that a board uses, in its own file."""
    found = {"boards.open", "boards.variables.datasource"}
    found |= {
        f"boards.legend.{each}"
        for each in ("at_least", "capacity", "contract", "dips", "dropped", "fails", "goodput", "idle", "limit",
                     "loaded", "lost", "low", "measured", "newest", "of_plan", "oldest_waiting", "one_down", "outage",
                     "outages", "put_aside", "receive", "signal_dips", "tested", "transmit")
    }  # fmt: skip
    for board in BOARDS:
        own = f"boards.{board.key}"
        found |= {f"{own}.{each}" for each in ("title", "help")} | {f"{own}.rows.{row.key}" for row in board.rows}
        found |= {f"boards.variables.{variable.name}" for variable in board.variables}
        for panel in board.panels():
            found |= {f"{board.words_of(panel)}.{each}" for each in ("title", "help")}
            found |= {word.key for word in panel.words} | {column.name for column in panel.columns}
            found |= {word.key for column in panel.columns for word in column.words}
            found |= {query.name for query in panel.queries if query.name}
            found |= {word.key for query in panel.queries for word in query.words}
    return found


def test_every_word_is_in_the_catalogue_in_both_languages() -> None:
    for key in keys():
        assert all(catalogue()[key].values()), key


def test_the_catalogue_has_no_word_that_no_board_uses() -> None:
    assert {key for key in catalogue() if key.startswith("boards.")} - keys() == set()


@EACH_PANEL
def test_titles_put_vietnamese_first(board: Board, panel: Panel) -> None:
    titles = [found["title"] for found in built(board)["panels"]]
    vietnamese = catalogue()[f"{board.words_of(panel)}.title"]["vi"]
    assert any(title.startswith(vietnamese) for title in titles)


# --- what Grafana gets ----------------------------------------------------------------------------------------------


@EACH_BOARD
def test_every_panel_has_title_description_unit_and_a_datasource_by_variable(board: Board) -> None:
    for panel in built(board)["panels"]:
        if panel["type"] == "row":
            assert panel["title"]
            continue
        assert panel["title"]
        assert panel["description"]
        assert panel["options"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        sources = {found["datasource"]["uid"] for found in everything(panel) if "datasource" in found}
        assert sources == {"${datasource}"}


@EACH_BOARD
def test_nothing_is_coloured_by_grafanas_own_thresholds(board: Board) -> None:
    for panel in built(board)["panels"]:
        if panel["type"] != "row":
            steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
            assert steps[0]["value"] is None
            assert steps != [{"color": "green", "value": None}, {"color": "red", "value": 80}]


@EACH_BOARD
def test_a_board_cannot_be_edited_and_keeps_its_name(board: Board) -> None:
    found = built(board)
    assert found["editable"] is False
    assert re.fullmatch(r"cw-[a-z]+", found["uid"])
    assert found["timezone"] == "Asia/Ho_Chi_Minh"


def test_uids_are_those_that_links_hold_for_ever() -> None:
    assert [board.uid for board in BOARDS] == ["cw-country", "cw-province", "cw-office", "cw-bandwidth", "cw-way"]


@EACH_BOARD
def test_panels_have_numbers_of_their_own_and_do_not_overlap(board: Board) -> None:
    found = built(board)["panels"]
    assert len({panel["id"] for panel in found}) == len(found)
    taken: set[tuple[int, int]] = set()
    for panel in found:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not taken & cells, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells


@EACH_BOARD
def test_every_variable_in_a_query_is_one_of_the_board_or_of_grafana(board: Board) -> None:
    offered = {variable.name for variable in board.variables} | {"__rate_interval"}
    for panel in board.panels():
        for query in panel.queries:
            assert set(re.findall(r"\$(\w+)", query.expression)) <= offered


@EACH_BOARD
def test_variables_offer_a_label_that_their_series_has(board: Board) -> None:
    for variable in board.variables:
        expression = re.sub(r"\$\w+", "x", variable.expression)
        assert {variable.name, variable.shown} <= labels_of(expression, DECLARED)


@pytest.mark.parametrize(
    ("variable", "line", "value", "shown"),
    [
        ("province", 'province:expected{province="04", province_name="Cao Bằng"} 1 1', "04", "Cao Bằng"),
        (
            "office",
            'office:expected{commune="01273",office="01273-ubnd",office_name="UBND Thục Phán",province="04"} 1 1',
            "01273-ubnd",
            "UBND Thục Phán",
        ),
    ],
)
def test_a_list_shows_names_and_passes_codes_on(variable: str, line: str, value: str, shown: str) -> None:
    (pattern,) = {
        found["regex"] for board in BOARDS for found in built(board)["templating"]["list"] if found["name"] == variable
    }
    found = re.search(pattern.strip("/").replace("(?<", "(?P<"), line)
    assert found
    assert (found["value"], found["text"]) == (value, shown)


@EACH_BOARD
def test_a_board_is_the_same_file_every_time(board: Board) -> None:
    assert to_json(board, BOARDS) == to_json(board, BOARDS)


@EACH_BOARD
def test_every_board_links_to_the_others(board: Board) -> None:
    linked = {link["url"] for link in built(board)["links"]}
    assert linked == {f"/d/{other.uid}" for other in BOARDS if other is not board}


def test_the_declared_alert_series_is_prometheus_own() -> None:
    assert isinstance(ALERTS, Metric)
    assert (ALERTS.name, ALERTS.kind, ALERTS.borrowed) == ("ALERTS", Kind.GAUGE, "prometheus")


def test_messages_link_to_boards_that_exist_by_the_names_of_their_choices() -> None:
    made = {board.uid: {variable.name for variable in board.variables} for board in BOARDS}
    place = {"province": "04", "commune": "01273", "office": "01273-1"}
    for labels in ({}, {"province": "04"}, place):
        address = urlsplit(Pages(boards=Url("https://grafana.example.vn")).board(labels))
        chosen = {name.removeprefix("var-") for name in parse_qs(address.query)}
        assert chosen <= made[address.path.removeprefix("/d/")]
