"""A real Prometheus over a real rollout: every panel and every rule has data, and the data agree with the database."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from tests.observability.panels import PanelQuery, panel_queries
from tests.observability.stack import Stack, rollout, running_stack, traffic_for

pytestmark = [
    pytest.mark.scene,
    pytest.mark.prometheus,
    pytest.mark.skipif(shutil.which("prometheus") is None, reason="no prometheus on this machine"),
    pytest.mark.timeout(600),
]

# A selector: a metric's name and, behind it, its labels.
SELECTOR = re.compile(r"\b(?:gateway[a-z0-9_:]+|up|ALERTS)\b(?:\{[^}]*\})?")
QUERIES = list(panel_queries())
AFTER_A_FAULT = {
    "gateway_guard_acted_age_seconds"
}  # once the guard has turned something off: tests/grafana/test_reading
DECIDED = """
select case reason when 'rolled_back' then 'v3' else pipeline end, count(*) from processing_jobs group by 1
"""
ENDED = 'sum(gateway_jobs_finished_total{mode="primary", outcome=~"complete|failed"})'


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def told() -> Iterator[Stack]:
    """The deployment after the story of a rollout, all of it scraped."""
    with tempfile.TemporaryDirectory(prefix="gateway-observed-") as folder, running_stack(Path(folder)) as stack:
        asyncio.run(rollout(traffic_for(stack)))
        (jobs,) = asyncio.run(stack.rows("select count(*) from processing_jobs"))
        stack.prometheus.wait_for(
            "every job", lambda: stack.prometheus.value("sum(gateway_jobs_accepted_total)") == jobs[0]
        )
        (ended,) = asyncio.run(
            stack.rows("select count(*) from processing_jobs where status in ('complete', 'failed')")
        )
        stack.prometheus.wait_for("every ending", lambda: stack.prometheus.value(ENDED) == ended[0])
        stack.prometheus.wait_for(
            "the recording rules", lambda: all(rule["health"] == "ok" for rule in stack.prometheus.rules())
        )
        for _ in range(2):  # what is recorded from what other rules record is there a round later
            stack.prometheus.wait_for("another round of all rules", partial(stack.prometheus.has_evaluated, now()))
        yield stack


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: f"{query.board}: {query.panel}")
def test_every_panel_has_data(told: Stack, query: PanelQuery) -> None:
    assert told.prometheus.query(query.expression), query.expression


def test_a_panel_that_shows_versions_shows_the_newest_like_those_before(told: Stack) -> None:
    """Where there is a series of v2 there is one of v3, and v3 stands against v2 where v2 stands against v1."""
    lacking = {}
    for query in QUERIES:
        pairs = {(one.get("pipeline"), one.get("against")) for one in labels_of(told, query.expression)}
        versions = {version for version, _ in pairs}
        if ("v2" in versions and "v3" not in versions) or (("v2", "v1") in pairs and ("v3", "v2") not in pairs):
            lacking[f"{query.board}: {query.panel}"] = pairs
    assert lacking == {}


def test_every_rule_reads_series_that_exist(told: Stack) -> None:
    """An alert is silent when nothing is wrong; what it looks at must be there all the same."""
    rules = told.prometheus.rules()
    empty = {
        (rule["name"], selector)
        for rule in rules
        for selector in SELECTOR.findall(rule["query"])
        if selector not in AFTER_A_FAULT and not told.prometheus.query(healthy(selector))
    }
    assert rules
    assert empty == set()


def test_every_recording_rule_records(told: Stack) -> None:
    recorded = [rule for rule in told.prometheus.rules() if rule["type"] == "recording"]
    assert recorded
    assert [rule["name"] for rule in recorded if not told.prometheus.query(rule["name"])] == []
    for rule in recorded:
        labels = labels_of(told, rule["name"])
        versions = {one["pipeline"] for one in labels if "pipeline" in one}
        assert not versions or {"v2", "v3"} <= versions, rule["name"]
        against = {(one["pipeline"], one["against"]) for one in labels if "against" in one}
        assert not against or against >= {("v2", "v1"), ("v3", "v2")}, rule["name"]


def test_nothing_fires_that_should_not(told: Stack) -> None:
    """Two jobs failed, by their exports: fewer than an alert wants to see, and nothing else went wrong."""
    firing = {sample["metric"]["alertname"] for sample in told.prometheus.query('ALERTS{alertstate="firing"}')}
    assert firing == set()


def test_decisions_agree_with_the_database(told: Stack) -> None:
    """A job that a rollback turned to v2 or v1 was decided as v3."""
    rows = asyncio.run(told.rows(DECIDED))
    for pipeline, jobs in rows:
        assert told.prometheus.value(f'sum(gateway_decisions_total{{pipeline="{pipeline}"}})') == jobs


def test_endings_agree_with_the_database(told: Stack) -> None:
    rows = asyncio.run(told.rows("select pipeline, status, count(*) from processing_jobs group by 1, 2"))
    for pipeline, status, jobs in rows:
        assert (
            told.prometheus.value(
                f'sum(gateway_jobs_finished_total{{pipeline="{pipeline}", outcome="{status}", mode="primary"}})'
            )
            == jobs
        )
    assert {status for _, status, _ in rows} == {"complete", "failed"}


def test_comparisons_agree_with_the_database(told: Stack) -> None:
    rows = asyncio.run(told.rows("select mode, count(*) from gateway.comparisons group by 1"))
    assert rows
    for mode, pairs in rows:
        assert told.prometheus.value(f'sum(gateway_shadow_comparisons_total{{mode="{mode}"}})') == pairs


def test_the_split_and_the_dial_are_shown(told: Stack) -> None:
    assert told.prometheus.value("max(gateway_flags_dial_percent)") == 0
    assert told.prometheus.value("max(max_over_time(gateway_flags_dial_percent[10m]))") == 40
    assert (
        told.prometheus.value('sum(gateway_jobs_rescued_total{state="waiting"})')
        == asyncio.run(told.rows("select count(*) from processing_jobs where reason = 'rolled_back'"))[0][0]
    )


def labels_of(told: Stack, expression: str) -> list[dict[str, str]]:
    return [sample["metric"] for sample in told.prometheus.query(expression)]


def healthy(selector: str) -> str:
    """The selector without the labels that only a fault brings: a status or an outcome that did not happen."""
    return re.sub(r',?\s*(?:status|outcome|alertname|alertstate)=~?"[^"]*"', "", selector).replace("{, ", "{")
