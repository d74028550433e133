"""A test run that is killed leaves no process and no scratch folder: not its Postgres, nor what left its session."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.orphans.watcher import VARIABLE, end_all, processes_of

ROOT = Path(__file__).parents[2]
SECONDS = 90.0  # a busy machine is slow, not wrong
HANGS = """
import os, subprocess, time

def test_hangs(postgres, tmp_path):
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    subprocess.Popen(["sleep", "600"], env={"PATH": os.environ["PATH"]}, start_new_session=True)
    said = [os.environ["GATEWAY_TEST_RUN"], str(postgres.root), str(tmp_path)]
    with open("said.part", "w") as file:
        file.write("\\n".join(said))
    os.rename("said.part", "said")
    time.sleep(600)
"""


def test_a_killed_run_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_hangs.py").write_text(HANGS)
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)]
    command += ["-p", "tests.conftest", "-p", "no:cacheprovider", "-n", "1", "test_hangs.py"]
    outer = f"{os.environ[VARIABLE]}/killed"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: outer}
    with (tmp_path / "log").open("wb") as log:
        run = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    try:
        until(lambda: (tmp_path / "said").exists() or run.poll() is not None)
        assert run.poll() is None, (tmp_path / "log").read_text()
        mark, *folders = (tmp_path / "said").read_text().splitlines()
        assert mark.startswith(f"{outer}/")
        there = Counter(process.name() for process in processes_of(mark))
        assert there["sleep"] == 2
        assert there["postgres"] > 1
        assert all(Path(folder).exists() for folder in folders)
        run.send_signal(signal.SIGKILL)
        run.wait()
        until(lambda: not processes_of(mark) and not any(Path(folder).exists() for folder in folders))
    finally:
        run.kill()
        end_all(outer)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)
