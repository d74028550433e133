"""Pytest plugin: under CI=true a skipped test fails the run, so that a missing tool cannot hide a test.

Only tests that need the sibling data directory may skip there: a clone on its own does not have it.
"""

import os
from collections.abc import Generator

import pytest

SHARED_DATA = "shared test data"

Terminal = pytest.TerminalReporter


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The text given to skip(), without file and line."""
    longrepr = report.longrepr
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr or "")


def unexcused(reports: list[pytest.TestReport]) -> list[str]:
    """The skips that are an error in CI, one line each. Expected failures (xfail) are no skips."""
    return sorted(
        f"{report.nodeid}: {reason_of(report)}"
        for report in reports
        if not hasattr(report, "wasxfail") and SHARED_DATA not in reason_of(report).lower()
    )


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Turn a green run with unexcused skips into a failed one."""
    yield
    terminal: Terminal | None = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None or os.environ.get("CI") != "true" or session.exitstatus != pytest.ExitCode.OK:
        return
    lines = unexcused(terminal.stats.get("skipped", []))
    if lines:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        terminal.section("skips are errors when CI=true", red=True)
        for line in lines:
            terminal.line(line, red=True)
