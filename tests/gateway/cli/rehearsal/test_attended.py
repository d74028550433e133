"""What a rehearsal started stops by itself when the rehearsal was killed."""

import subprocess
import sys
import time
from pathlib import Path

from psutil import STATUS_ZOMBIE, NoSuchProcess, Process

from gateway.cli.rehearsal.stage.server import ATTENDED

SECONDS = 180.0
MODULE = "import signal, sys, time; print('runs', *sys.argv[1:], flush=True); time.sleep(600)"
STARTS = f"""
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-m", {ATTENDED!r}, str(os.getpid()), "attended_module", "one", "two"])
print(child.pid, flush=True)
child.wait()
"""


def test_it_runs_as_by_itself_and_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    (tmp_path / "attended_module.py").write_text(MODULE)
    with subprocess.Popen([sys.executable, "-c", STARTS], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        said = sorted(parent.stdout.readline().strip() for _ in range(2))
        assert said[1] == "runs one two"
        child = Process(int(said[0]))
        parent.kill()
    deadline = time.monotonic() + SECONDS
    while is_alive(child):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_alive(process: Process) -> bool:
    try:
        return process.is_running() and process.status() != STATUS_ZOMBIE
    except NoSuchProcess:
        return False
