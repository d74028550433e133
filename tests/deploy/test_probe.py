"""The probe of containers and the check of the build say what they have to by their exit status."""

import http.server
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.server.healthcheck import is_healthy

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "flags", "pipelines")


@pytest.fixture(params=[200, 503])
def answering(request: pytest.FixtureRequest) -> Iterator[tuple[int, int]]:
    """A server that answers every question with one status: that, and its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield request.param, server.server_address[1]
        server.shutdown()


def test_only_200_is_healthy(answering: tuple[int, int]) -> None:
    status, port = answering
    assert is_healthy(port) == (status == 200)


def test_nobody_there_is_not_healthy() -> None:
    assert not is_healthy(9)


def test_the_check_passes_and_a_broken_pipeline_fails_it_by_name(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)  # with what Python compiled
    sound = check_in(tmp_path)
    assert (sound.returncode, sound.stderr) == (0, "")
    with (tmp_path / "pipelines" / "v2" / "run.py").open("a") as file:
        file.write("\nimport a_package_that_is_missing\n")
    broken = check_in(tmp_path)
    assert broken.returncode == 1
    assert "pipeline v2" in broken.stderr
    assert "a_package_that_is_missing" in broken.stderr
    assert "Traceback" not in broken.stderr


def check_in(folder: Path) -> "subprocess.CompletedProcess[str]":
    """`gateway check` over the packages in a folder."""
    command = [sys.executable, "-m", "gateway", "check"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=240)
