"""The fault test in short, on real processes: kills, a pause, a crash of Postgres and each fault of a candidate."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.scene

ROOT = Path(__file__).resolve().parents[3]
SHORT = (
    "--jobs", "20", "--conversations", "5", "--workers", "2", "--kills", "2", "--restarts", "1", "--faults", "5",
    "--seconds", "12", "--seed", "5",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(480)
def test_every_promise_holds_under_faults() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.chaos", *SHORT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every promise held" in done.stdout
