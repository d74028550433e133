"""The rehearsal, small: the real server, the ramp, the rollback, and everything holds."""

import io

import pytest
from rich.console import Console

from gateway.cli.rehearsal.demo.rehearse import Plan, rehearse


@pytest.mark.slow
def test_everything_in_the_rehearsal_holds() -> None:
    seen = io.StringIO()
    assert rehearse(Plan(users=8), Console(file=seen, width=120)) == []
    for line in ("What was measured", "Known facts found by v1", "Known facts found by v2", "Rollback: in force"):
        assert line in seen.getvalue()
