"""What a group of processes takes, as /proc tells it and as psutil does where there is none."""

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.jobs.run.isolated.usage import used_by_proc, used_by_psutil

HOLD = 64 << 20  # bytes
CODE = f"""
import os
child = os.fork()
held = bytes([1]) * {HOLD}
for _ in range(10**6): pass
os.write(1, b"x")
os.read(0, 1)
"""


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="the system has no /proc")
def test_psutil_tells_what_proc_tells() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.read(2) == b"xx"
        by_proc, by_psutil = used_by_proc(process.pid), used_by_psutil(process.pid)
        process.stdin.write(b"xx")
    assert by_proc.processes == by_psutil.processes == 2
    assert 2 * HOLD <= by_proc.memory <= by_psutil.memory < 4 * HOLD
    assert 0 < by_psutil.cpu_seconds == pytest.approx(by_proc.cpu_seconds, abs=0.1)
