"""The plugin that makes skips an error in CI: which runs fail, and which do not."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[1]
Run = Callable[[str, str | None], pytest.RunResult]
SKIPS = "import pytest\ndef test_one():\n    pytest.skip({reason!r})\ndef test_two():\n    pass\n"


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs one skipping test and returns how the run ended."""

    def run_skipping(reason: str, ci: str | None) -> pytest.RunResult:
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        monkeypatch.delenv("CI", raising=False)
        if ci is not None:
            monkeypatch.setenv("CI", ci)
        pytester.makepyfile(SKIPS.format(reason=reason))
        return pytester.runpytest_subprocess("-p", "tests.strict_skips")

    return run_skipping


def test_a_skip_fails_the_run_in_ci_and_is_named(run: Run) -> None:
    result = run("no node here", "true")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*skips are errors*", "*test_one*no node here*"])


def test_a_skip_is_allowed_elsewhere(run: Run) -> None:
    assert run("no node here", None).ret == pytest.ExitCode.OK


def test_absent_shared_data_may_skip_in_ci(run: Run) -> None:
    assert run("the shared test data is not at ../shared", "true").ret == pytest.ExitCode.OK
