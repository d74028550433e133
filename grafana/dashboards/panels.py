"""Panels in the few shapes that the dashboards use: lines over time, numbers, bars, tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from grafana_foundation_sdk.builders import bargauge, common, prometheus, stat, table, timeseries
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import common as shapes
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE = model.DataSourceRef(type_val="prometheus", uid="${datasource}")
GREEN, YELLOW, RED = "green", "yellow", "red"
# A series is coloured by the last of these words that its name has, and dashed by the first of those.
COLOURS = {
    "primary": "blue",
    "shadow": "purple",
    "noise": "#8e8e8e",
    # Versions by their last digit: any five that follow each other differ. The console's tokens.css has the same.
    r"v\d*[16]": "#5794f2",
    r"v\d*[27]": "#ff9830",
    r"v\d*[38]": "#19b18f",
    r"v\d*[49]": "#fade2a",
    r"v\d*[05]": "#56a9ba",
    "failed": "red",
}
DASHES = {r"p90|p95|low|high|v\d+ shadow": [8, 6], r"p99|v\d+ noise": [2, 5]}
SOFT_MOST = {"none": 1, "reqps": 0.5, "ops": 0.5, "percentunit": 0.05}  # an axis of zeros ends here
RUNBOOKS = "${runbooks}"

AnyPanel = timeseries.Panel | stat.Panel | bargauge.Panel | table.Panel
P = TypeVar("P", timeseries.Panel, stat.Panel, bargauge.Panel, table.Panel)


@dataclass(frozen=True, slots=True)
class Query:
    """One expression; `legend` names its series by their labels: "{{pipeline}}"."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """What a panel says of itself: its title, what it shows and when to worry, and the runbook for that."""

    title: str
    description: str
    runbook: str


def lines(  # noqa: PLR0913 - a panel's few choices
    text: Text,
    *queries: Query,
    unit: str,
    width: int = 8,
    height: int = 8,
    stacked: bool = False,
    limits: Mapping[float, str] | None = None,
    most: float | None = None,
    by_word: bool = True,
) -> timeseries.Panel:
    """Values over time. `limits` are drawn as dashed lines, colour by value.

    `by_word`: colours and dashes by `COLOURS` and `DASHES`, so that a pipeline looks the same on every panel.
    """
    panel = timeseries.Panel().fill_opacity(25 if stacked else 5).line_width(2).min(0).span(width).height(height)
    panel = panel.color_scheme(build.FieldColor().mode(model.FieldColorModeId.PALETTE_CLASSIC))
    panel = panel.show_points(shapes.VisibilityMode.NEVER).span_nulls(span_nulls=60_000)
    if stacked:
        panel = panel.stacking(common.StackingConfig().mode(shapes.StackingMode.NORMAL))
    if most is not None:
        panel = panel.max(most)
    if limits:
        style = common.GraphThresholdsStyleConfig().mode(shapes.GraphThresholdsStyleMode.DASHED)
        panel = panel.thresholds_style(style)
    if unit in SOFT_MOST and most is None:
        panel = panel.axis_soft_max(SOFT_MOST[unit])
    if by_word:
        panel = coloured(panel, dashed=not stacked)
    return finish(panel, text, queries, unit, limits or {}, instant=False)


def coloured(panel: timeseries.Panel, *, dashed: bool) -> timeseries.Panel:
    """Colours, and dashes if wanted, by the words in a series' name."""
    for word, colour in COLOURS.items():
        panel = panel.override_by_regexp(with_word(word), [fixed(colour)])
    for words, dash in DASHES.items() if dashed else ():
        style = model.DynamicConfigValue(id_val="custom.lineStyle", value={"fill": "dash", "dash": dash})
        panel = panel.override_by_regexp(with_word(words), [style])
    return panel


def number(  # noqa: PLR0913 - a panel's few choices
    text: Text,
    *queries: Query,
    unit: str,
    width: int = 4,
    limits: Mapping[float, str] | None = None,
    below: str = GREEN,
    words: Mapping[str, tuple[str, str]] | None = None,
    absent: str = "-",
) -> stat.Panel:
    """The value now. `limits`: from this value on, that colour; under them, `below`. `words`: value to text, colour."""
    panel = stat.Panel().span(width).height(5).no_value(absent).color_mode(shapes.BigValueColorMode.VALUE)
    panel = panel.graph_mode(shapes.BigValueGraphMode.NONE).reduce_options(last_value())
    if words:
        results = {value: model.ValueMappingResult(text=said, color=colour) for value, (said, colour) in words.items()}
        panel = panel.mappings([model.ValueMap(options=results)])
    return finish(panel, text, queries, unit, limits or {}, below=below, instant=True)


def bars(
    text: Text,
    *queries: Query,
    unit: str,
    width: int = 8,
    limits: Mapping[float, str] | None = None,
    below: str = GREEN,
) -> bargauge.Panel:
    """Values now, side by side."""
    panel = bargauge.Panel().span(width).height(8).min(0).display_mode(shapes.BarGaugeDisplayMode.BASIC)
    panel = panel.orientation(shapes.VizOrientation.HORIZONTAL).reduce_options(last_value())
    return finish(panel, text, queries, unit, limits or {}, below=below, instant=True)


def listing(
    text: Text,
    columns: Mapping[str, tuple[str, str]],
    *,
    labels: Mapping[str, str],
    width: int = 24,
    height: int = 8,
) -> table.Panel:
    """A table: `columns` are expressions and units by title, all with exactly these `labels` (and their titles)."""
    panel = table.Panel().span(width).height(height)
    queries = [Query(expr, title) for title, (expr, _) in columns.items()]
    panel = finish(panel, text, queries, "short", {}, instant=True, as_table=True)
    names = (
        {f"Value #{letter(n)}": title for n, title in enumerate(columns)}
        if len(columns) > 1
        else {"Value": next(iter(columns))}
    )
    if len(columns) > 1:
        panel = panel.with_transformation(model.DataTransformerConfig(id_val="merge", options={}))
    order = {name: at for at, name in enumerate([*labels, *names])}
    options = {"excludeByName": {"Time": True}, "renameByName": {**labels, **names}, "indexByName": order}
    panel = panel.with_transformation(model.DataTransformerConfig(id_val="organize", options=options))
    for title, (_, unit) in columns.items():
        panel = panel.override_by_name(title, [model.DynamicConfigValue(id_val="unit", value=unit)])
    return panel


def finish(  # noqa: PLR0913 - what all panels share
    panel: P,
    text: Text,
    queries: Sequence[Query],
    unit: str,
    limits: Mapping[float, str],
    *,
    below: str = GREEN,
    instant: bool,
    as_table: bool = False,
) -> P:
    """Title, words, runbook, data source, unit, thresholds and queries."""
    link = (
        build.DashboardLink(f"Runbook: {text.runbook}")
        .url(f"{RUNBOOKS}/{text.runbook}.md")
        .target_blank(target_blank=True)
    )
    steps = [model.Threshold(value=None, color=below)]
    steps += [model.Threshold(value=value, color=colour) for value, colour in sorted(limits.items())]
    panel = panel.title(text.title).description(text.description).links([link]).datasource(SOURCE).unit(unit)
    if unit == "short":  # counts: increases over a range come out as fractions
        panel = panel.decimals(0)
    panel = panel.thresholds(build.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(steps))
    for n, query in enumerate(queries):
        target = prometheus.Dataquery().expr(query.expr).ref_id(letter(n)).datasource(SOURCE)
        target = target.instant() if instant else target.range()
        if as_table:
            target = target.format(PromQueryFormat.TABLE)
        elif query.legend:
            target = target.legend_format(query.legend)
        panel = panel.with_target(target)
    return panel


def letter(n: int) -> str:
    """A query's name: A, B, C, ..."""
    return chr(ord("A") + n)


def with_word(word: str) -> str:
    """A pattern for the names that have this word."""
    return f"/(^|[^a-z0-9])({word})([^a-z0-9]|$)/"


def fixed(colour: str) -> model.DynamicConfigValue:
    """Always this colour."""
    return model.DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": colour})


def last_value() -> common.ReduceDataOptions:
    """Of a series, its last value."""
    return common.ReduceDataOptions().calcs(["lastNotNull"]).values(values=False).fields("")


def as_json(value: Any) -> Any:
    """A built object as plain JSON values."""
    if hasattr(value, "to_json"):
        value = value.to_json()
    if isinstance(value, dict):
        return {key: as_json(member) for key, member in value.items()}
    if isinstance(value, list):
        return [as_json(member) for member in value]
    return value
