"""A list of jobs is a line each, whatever the terminal's width: less of each, never a job's id cut."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.cli.table import table_lines
from gateway.cli.text.jobs import age_of, job_table, shorten
from gateway.jobs.listing import ListedJob

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
IDS = ("835dc0a5-bbb2-4737-9055-7db3073f7817", "0a0a0a0a-bbb2-4737-9055-7db3073f7817")
JOBS = [
    ListedJob(
        IDS[0], IDS[1], "processing", "v2", "flags_unavailable", "reduce facts", 60, 1, NOW - timedelta(seconds=12),
        None, None, None, None, None, pinned=False,
    ),
    ListedJob(
        IDS[1], "ana", "failed", "v1", "flag", "export", 10, 3, NOW - timedelta(hours=30), None, None, "no answer",
        "dependency:storage", None, pinned=False,
    ),
]  # fmt: skip


@pytest.mark.parametrize("width", [80, 100, 120, 300])
def test_a_job_is_a_line(width: int) -> None:
    lines = list(table_lines(*job_table(JOBS, NOW, width), width))
    assert len(lines) == 1 + len(JOBS)
    assert all(len(line) <= width for line in lines)
    assert all(job in line for job, line in zip(IDS, lines[1:], strict=True))
    assert (IDS[1] in lines[1]) == (width == 300)
    assert ("dependency:storage" in lines[2]) == (width >= 120)


def test_an_age_is_said_in_one_unit_and_a_short_id_is_whole() -> None:
    ages = [age_of(NOW - timedelta(seconds=seconds), NOW) for seconds in (-3, 0, 119, 120, 7199, 7200, 172_800)]
    assert ages == ["0 s", "0 s", "119 s", "2 min", "119 min", "2 h", "2 d"]
    assert (shorten("ana"), shorten("abcdefgh"), shorten("abcdefghi")) == ("ana", "abcdefgh", "abcdefg…")
