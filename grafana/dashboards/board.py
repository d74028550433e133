"""The frame of a dashboard: its variables, its annotations, its links to the others, its rows."""

from collections.abc import Sequence

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import dashboard as model

from grafana.dashboards.panels import SOURCE, AnyPanel

# What every query of counts narrows itself to. Values that are one for all processes take no instance.
INSTANCE = 'instance=~"$instance"'
PIPELINE = 'pipeline=~"$pipeline"'
HERE = f"{INSTANCE}, {PIPELINE}"
STEP = "[$__rate_interval]"
RANGE = "[$__range]"

Row = tuple[str, Sequence[AnyPanel]]


def narrowed(selector: str, matcher: str) -> str:
    """`name{...}`, narrowed further."""
    return f"{selector.removesuffix('}')}, {matcher}}}"


def or_zero(label: str) -> str:
    """What follows an expression by `label` that may have no series yet: then there is one, named none, of 0."""
    return f'or on () label_replace(vector(0), "{label}", "none", "", "")'


def board(name: str, title: str, description: str, rows: Sequence[Row]) -> model.Dashboard:
    """A dashboard whose address ends in gateway-`name`."""
    made = (
        build.Dashboard(title)
        .uid(f"gateway-{name}")
        .description(description)
        .tags(["soulprint-gateway"])
        .timezone("browser")
        .readonly()
        .refresh("30s")
        .time("now-6h", "now")
        .tooltip(model.DashboardCursorSync.CROSSHAIR)
        .link(build.DashboardLink("Gateway").type(model.DashboardLinkType.DASHBOARDS).tags(["soulprint-gateway"]))
        .variables(variables())
        .annotations([dial_changes(), releases()])
    )
    number = 0
    for row_title, panels in rows:
        number += 1
        made = made.with_row(build.Row(row_title).id(number))
        for panel in panels:
            number += 1
            made = made.with_panel(panel.id(number))
    return made.build()


def variables() -> list[Builder[model.VariableModel]]:
    """Where to look, at which processes and pipelines, and where runbooks can be read."""
    everything = model.VariableOption(text="All", value="$__all", selected=True)

    def of(name: str, label: str, query: str) -> build.QueryVariable:
        made = build.QueryVariable(name).label(label).datasource(SOURCE).query(query)
        made = made.multi(multi=True).include_all(include_all=True).all_value(".*").current(everything)
        return made.refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED).sort(model.VariableSort.ALPHABETICAL_ASC)

    return [
        build.DatasourceVariable("datasource").label("Data source").type("prometheus"),
        of("instance", "Process", "label_values(gateway_build_info, instance)"),
        of("pipeline", "Pipeline", "label_values(gateway_jobs_started_total, pipeline)"),
        build.ConstantVariable("runbooks").value("/public/runbooks"),
    ]


def dial_changes() -> build.AnnotationQuery:
    """A mark where a version's share of users changed, labelled with what it became."""

    def shares(when: str) -> str:
        return f"max by (pipeline) (gateway_flags_share_percent{when})"

    def values(when: str) -> str:
        return f'count_values by (pipeline) ("percent", {shares(when)})'

    expr = f"({values('')} unless {values(' offset 1m')}) and on (pipeline) {shares(' offset 1m')} >= 0"
    return build.AnnotationQuery().name("Dial").datasource(SOURCE).enable(enable=True).icon_color("orange").expr(expr)


def releases() -> build.AnnotationQuery:
    """A mark where another version began to run."""
    expr = "count by (version) (gateway_build_info) unless count by (version) (gateway_build_info offset 1m)"
    return build.AnnotationQuery().name("Version").datasource(SOURCE).enable(enable=True).icon_color("blue").expr(expr)
