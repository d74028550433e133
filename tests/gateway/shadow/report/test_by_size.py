"""What reports say of versions by the size of the history is what was measured, and what the page shows."""

from pathlib import Path

import pytest

from bench.versions import page_of, verdict
from gateway.shadow.report.by_size import PAGE, BySize, by_size_text, measured_by_size
from pipelines.versions import list_versions

ROOT = Path(__file__).resolve().parents[4]
FOUND = {0: {"v1": 37, "v2": 36}, 150: {"v1": 0, "v2": 36}, 500: {"v1": 0, "v2": 36}}
MEASURED = BySize(50, FOUND, {150: "v2", 500: "v2"})


def test_the_page_is_written_from_what_reports_cite() -> None:
    measured = measured_by_size()
    base, *_, newest = list_versions()
    page = (ROOT / PAGE).read_text()
    assert page == page_of(measured)
    assert by_size_text(measured, base, newest) in page
    for size, found in measured.found.items():
        assert f"| {size:,} | {found[base]} | {found[newest]} |" in page


def test_a_sentence_has_the_figures_of_both_and_which_is_better_where() -> None:
    assert by_size_text(MEASURED, "v1", "v2") == (
        "Of 50 true hobbies, v1 and v2 found 37 and 36 behind 0, 0 and 36 behind 150, 0 and 36 behind 500 newer chats: "
        f"v2 is better behind 150 and 500 ({PAGE})."
    )
    assert "neither is better" in by_size_text(BySize(50, MEASURED.found, {}), "v1", "v2")


@pytest.mark.parametrize("pair", [("v1", "v3"), ("v2", "v2"), ("v8", "v9")])
def test_versions_that_were_not_measured_have_no_sentence(pair: tuple[str, str]) -> None:
    assert by_size_text(MEASURED, *pair) == ""


def test_a_version_is_better_only_where_chance_is_ruled_out() -> None:
    assert verdict([False] * 30, [True] * 30, ("v1", "v2")).better == "v2"
    assert verdict([False, True], [True, True], ("v1", "v2")).better == ""
    assert verdict([True], [True], ("v1", "v2")).text == "the same"
