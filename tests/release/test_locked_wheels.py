"""No machine that we name needs a compiler: every locked package has a wheel for each of them."""

import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.release.locked import Place, installed_at

LOCK = tomllib.loads((Path(__file__).parents[2] / "uv.lock").read_text())
MACHINES = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
PLACES = [Place(minor, *machine) for minor in range(11, 15) for machine in MACHINES]


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_every_locked_package_has_a_wheel(place: Place) -> None:
    packages = installed_at(place, LOCK)
    assert len(packages) > 100
    without = [
        f"{one['name']} {one['version']}"
        for one in packages
        if not any(place.takes(unquote(wheel["url"].rsplit("/", 1)[-1])) for wheel in one.get("wheels", ()))
    ]
    assert without == []


@pytest.mark.parametrize(
    ("file", "fits"),
    [
        ("a-1-py3-none-any.whl", True),
        ("a-1-py2.py3-none-any.whl", True),
        ("a-1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", True),
        ("a-1-cp39-abi3-manylinux_2_28_x86_64.whl", True),
        ("a-1-cp313-abi3-manylinux_2_28_x86_64.whl", False),
        ("a-1-cp312-cp312-manylinux_2_38_x86_64.whl", False),
        ("a-1-cp311-cp311-manylinux_2_17_x86_64.whl", False),
        ("a-1-cp312-cp312t-manylinux_2_17_x86_64.whl", False),
        ("a-1-cp312-cp312-musllinux_1_2_x86_64.whl", False),
        ("a-1-cp312-cp312-macosx_11_0_x86_64.whl", False),
        ("a-1-pp311-pypy311_pp73-manylinux_2_17_x86_64.whl", False),
    ],
)
def test_which_wheels_fit(file: str, *, fits: bool) -> None:
    assert Place(12, "linux", "x86_64").takes(file) == fits
