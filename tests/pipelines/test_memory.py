"""Preparing an export takes little memory, however large it is. The figures for the real sizes are in the benchmark."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipelines.exports import tree

MEGABYTES = 40
ROOT = Path(__file__).resolve().parents[2]

MEASURE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipelines.{version}.prepare import prepare

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

export, workdir, now = Path(sys.argv[1]), Path(sys.argv[2]), datetime(2025, 1, 1, tzinfo=UTC)
before = peak()
{call}
print((peak() - before) // 1024)
"""
CALLS = {
    "v1": "prepare(export, workdir / 'chunks', workdir / 'sample', now, 300)",
    "v2": "prepare(export, workdir, now, 1_000_000, 300)",
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("version", CALLS)
def test_defect_9_a_large_export_is_prepared_in_little_memory(version: str, tmp_path: Path) -> None:
    text = "I like tea and I live in Lisbon. " * 300
    with (tmp_path / "export.json").open("w") as out:
        out.write("[")
        for n in range(MEGABYTES * 1_000_000 // (2 * len(text))):
            out.write("," * bool(n) + json.dumps(tree(f"c{n}", [("user", text), ("assistant", text)])))
        out.write("]")
    code = MEASURE.format(version=version, call=CALLS[version])
    command = [sys.executable, "-c", code, str(tmp_path / "export.json"), str(tmp_path)]
    measured = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(measured.stdout) <= 40
