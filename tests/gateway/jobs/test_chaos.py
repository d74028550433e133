"""The fault test in a short form, on real processes: after kills, a pause and a crash of Postgres, nothing is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHORT = ("--jobs", "40", "--workers", "2", "--kills", "5", "--restarts", "1", "--seconds", "10", "--seed", "5")


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_every_promise_holds_under_faults() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.chaos", *SHORT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every promise held" in done.stdout
