"""Board -> Grafana's JSON, through the Grafana Foundation SDK. The only place that knows Grafana's words.

The SDK writes schema version 36 (Grafana 9 and 10); newer Grafanas migrate it when they load it. Output depends on
nothing but the board: no clock, no random identifiers, keys sorted.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count

from grafana_foundation_sdk.builders import common, prometheus, stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common as options
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from collectors.messages import text
from dashboards.model import Board, Colour, Column, Jump, Panel, Query, Row, Step, Variable, View, Word, both, explained

AnyPanel = stat.Panel | timeseries.Panel | statetimeline.Panel | table.Panel
DATASOURCE = model.DataSourceRef(type_val="prometheus", uid="${datasource}")
TAG = "communewatch"
TIME_ZONE = "Asia/Ho_Chi_Minh"


def to_json(board: Board, boards: Iterable[Board]) -> str:
    """The board as a file for Grafana, with links to the other boards. Deterministic, ends with a newline."""
    built = to_dashboard(board, boards).build()
    return json.dumps(built, cls=JSONEncoder, sort_keys=True, indent=2, ensure_ascii=False) + "\n"


def to_dashboard(board: Board, boards: Iterable[Board]) -> build.Dashboard:
    """The board as the SDK's builder."""
    key = f"boards.{board.key}"
    dashboard = (
        build.Dashboard(both(f"{key}.title"))
        .uid(board.uid)
        .description(explained(f"{key}.help"))
        .tags([TAG])
        .readonly()
        .timezone(TIME_ZONE)
        .time(f"now-{board.hours}h", "now")
        .refresh("1m")
        .tooltip(model.DashboardCursorSync.CROSSHAIR)
        .with_variable(
            build.DatasourceVariable("datasource").label(both("boards.variables.datasource")).type("prometheus")
        )
    )
    for variable in board.variables:
        dashboard.with_variable(_variable(variable))
    for other in boards:
        if other.uid != board.uid:
            dashboard.link(_link(other))
    identifiers = count(1)
    for row in board.rows:
        _add_row(dashboard, board, row, identifiers)
    return dashboard


def _add_row(dashboard: build.Dashboard, board: Board, row: Row, identifiers: Iterator[int]) -> None:
    dashboard.with_row(build.Row(both(f"boards.{board.key}.rows.{row.key}")).id(next(identifiers)))
    for panel in row.panels:
        dashboard.with_panel(_panel(board, panel).id(next(identifiers)))


def _link(board: Board) -> build.DashboardLink:
    return (
        build.DashboardLink(both(f"boards.{board.key}.title"))
        .type(model.DashboardLinkType.LINK)
        .icon("dashboard")
        .tooltip(text(f"boards.{board.key}.help"))
        .url(f"/d/{board.uid}")
        .include_vars(True)
        .keep_time(True)
    )


def _variable(variable: Variable) -> build.QueryVariable:
    """A list of codes that shows names: named groups in the pattern tell Grafana which is which."""
    built = (
        build.QueryVariable(variable.name)
        .label(both(f"boards.variables.{variable.name}"))
        .datasource(DATASOURCE)
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.ALPHABETICAL_CASE_INSENSITIVE_ASC)
        .query(f"query_result({variable.expression})")
        .regex(_pattern(variable))
    )
    return built.multi(True).include_all(True).all_value(".*") if variable.every else built


def _pattern(variable: Variable) -> str:
    """Prometheus sends labels in alphabetical order, so a code ("office") comes before its name ("office_name")."""
    code = f'{variable.name}="(?<value>[^"]+)"'
    return f'/{code}.*{variable.shown}="(?<text>[^"]+)"/' if variable.shown else f"/{code}/"


# --- panels ---------------------------------------------------------------------------------------------------------


def _panel(board: Board, panel: Panel) -> AnyPanel:
    key = board.words_of(panel)
    built = _VIEWS[panel.view](panel)
    built.title(both(f"{key}.title")).description(explained(f"{key}.help")).datasource(DATASOURCE)
    built.span(panel.width).height(panel.height).unit(panel.unit).no_value("–")
    built.color_scheme(build.FieldColor().mode(_colour_mode(panel)))
    built.thresholds(_thresholds(panel.steps or _NEUTRAL))
    if panel.words:
        built.mappings([_mapping(panel.words)])
    if panel.jump:
        built.data_links([_jump(panel.jump)])
    if panel.lowest is not None:
        built.min(panel.lowest)
    if panel.highest is not None:
        built.max(panel.highest)
    for reference, query in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", panel.queries, strict=False):
        built.with_target(_target(panel.view, reference, query))
    return built


def _colour_mode(panel: Panel) -> model.FieldColorModeId:
    coloured = panel.view in (View.NUMBER, View.STATES, View.TABLE)
    return model.FieldColorModeId.THRESHOLDS if coloured else model.FieldColorModeId.PALETTE_CLASSIC


def _number(panel: Panel) -> stat.Panel:
    judged = panel.steps or panel.words
    return (
        stat.Panel()
        .graph_mode(options.BigValueGraphMode.NONE)
        .color_mode(options.BigValueColorMode.BACKGROUND if judged else options.BigValueColorMode.VALUE)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]).values(False))
        .text_mode(options.BigValueTextMode.AUTO)
        .orientation(options.VizOrientation.AUTO)
    )


def _lines(panel: Panel) -> timeseries.Panel:
    style = options.GraphTresholdsStyleMode.DASHED if panel.steps else options.GraphTresholdsStyleMode.OFF
    return (
        timeseries.Panel()
        .legend(
            common.VizLegendOptions()
            .display_mode(options.LegendDisplayMode.LIST)
            .placement(options.LegendPlacement.BOTTOM)
            .show_legend(True)
        )
        .tooltip(common.VizTooltipOptions().mode(options.TooltipDisplayMode.MULTI).sort(options.SortOrder.DESCENDING))
        .line_width(2)
        .fill_opacity(8)
        .show_points(options.VisibilityMode.AUTO)
        .thresholds_style(common.GraphThresholdsStyleConfig().mode(style))
    )


def _states(panel: Panel) -> statetimeline.Panel:
    return (
        statetimeline.Panel()
        .show_value(options.VisibilityMode.AUTO)
        .merge_values(True)
        .row_height(0.8)
        .fill_opacity(80)
        .legend(
            common.VizLegendOptions()
            .display_mode(options.LegendDisplayMode.LIST)
            .placement(options.LegendPlacement.BOTTOM)
            .show_legend(not panel.words)
        )
        .tooltip(common.VizTooltipOptions().mode(options.TooltipDisplayMode.SINGLE))
    )


def _table(panel: Panel) -> table.Panel:
    """One row per thing: the queries' rows are merged on the labels that they share."""
    built = table.Panel().show_header(True)
    names = [column.label for column in panel.columns]
    names += [_value_column(panel, place) for place in range(len(panel.queries))]
    built.with_transformation(model.DataTransformerConfig(id_val="merge", options={}))
    built.with_transformation(
        model.DataTransformerConfig(id_val="filterFieldsByName", options={"include": {"names": names}})
    )
    built.with_transformation(
        model.DataTransformerConfig(
            id_val="organize", options={"indexByName": {name: place for place, name in enumerate(names)}}
        )
    )
    for column in panel.columns:
        built.override_by_name(column.label, list(_label_column(column)))
    for place, query in enumerate(panel.queries):
        built.override_by_name(_value_column(panel, place), list(_query_column(query)))
    return built


def _value_column(panel: Panel, place: int) -> str:
    """Grafana numbers the value columns of a table once there is more than one query."""
    return f"Value #{chr(ord('A') + place)}" if len(panel.queries) > 1 else "Value"


def _label_column(column: Column) -> Iterator[model.DynamicConfigValue]:
    yield _property("displayName", both(column.name))
    if column.words:
        yield _property("mappings", [_mapping(column.words)])
        yield _property("custom.cellOptions", {"type": "color-text"})


def _query_column(query: Query) -> Iterator[model.DynamicConfigValue]:
    yield _property("displayName", both(query.name))
    yield _property("unit", query.unit)
    if query.words:
        yield _property("mappings", [_mapping(query.words)])
    if query.steps:
        yield _property("thresholds", _thresholds(query.steps).build())
        yield _property("custom.cellOptions", {"type": "color-background", "mode": "basic"})


def _property(name: str, value: object) -> model.DynamicConfigValue:
    return model.DynamicConfigValue(id_val=name, value=value)


_VIEWS: Mapping[View, Callable[[Panel], AnyPanel]] = {
    View.NUMBER: _number,
    View.LINES: _lines,
    View.STATES: _states,
    View.TABLE: _table,
}


def _target(view: View, reference: str, query: Query) -> prometheus.Dataquery:
    target = prometheus.Dataquery().expr(query.expression).ref_id(reference).datasource(DATASOURCE)
    if legend := query.legend or (both(query.name) if query.name else ""):
        target.legend_format(legend)
    if view is View.TABLE:
        return target.instant().format(PromQueryFormat.TABLE)
    return target.instant() if view is View.NUMBER else target.range()


_NEUTRAL = (Step(None, Colour.PLAIN),)  # without thresholds of its own Grafana paints everything above 80 red


def _thresholds(steps: Iterable[Step]) -> build.ThresholdsConfig:
    return (
        build.ThresholdsConfig()
        .mode(model.ThresholdsMode.ABSOLUTE)
        .steps([model.Threshold(value=step.value, color=_COLOURS[step.colour]) for step in steps])
    )


def _mapping(words: Iterable[Word]) -> model.ValueMap:
    return model.ValueMap(
        {
            f"{word.value}": model.ValueMappingResult(text=both(word.key), color=_COLOURS[word.colour], index=place)
            for place, word in enumerate(words)
        }
    )


_COLOURS: Mapping[Colour, str] = {
    Colour.GOOD: "green",
    Colour.WARNING: "orange",
    Colour.BAD: "red",
    Colour.PLAIN: "text",
}


def _jump(jump: Jump) -> build.DashboardLink:
    """Grafana fills in the row's own values, the chosen ones, and the time range."""
    kept = "".join(f"&${{{variable}:queryparam}}" for variable in ("datasource", *jump.keep))
    taken = "".join(f"&var-{variable}=${{__data.fields.{label}}}" for variable, label in jump.variables)
    return build.DashboardLink(both("boards.open")).url(f"/d/{jump.board}?${{__url_time_range}}{kept}{taken}")
