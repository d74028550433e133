"""What uv.lock installs where, and whether a wheel of it fits there: pure, over the lock's own text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from packaging.markers import Marker, default_environment
from packaging.utils import parse_wheel_filename

PROJECT = "soulprint-gateway"
GLIBC = 36  # 2.36: Debian 12, which our image stands on

Package = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A machine: Python 3.`minor` of CPython on `platform` (as in sys.platform) and `machine`."""

    minor: int
    platform: str
    machine: str

    def __str__(self) -> str:
        return f"3.{self.minor}-{self.platform}-{self.machine}"

    def holds(self, marker: str | None, extra: str = "") -> bool:
        """Does an environment marker hold here?"""
        environment: dict[str, str] = {**default_environment(), "extra": extra}  # type: ignore[dict-item]
        environment |= {"python_version": f"3.{self.minor}", "python_full_version": f"3.{self.minor}.0"}
        environment |= {"sys_platform": self.platform, "platform_machine": self.machine, "os_name": "posix"}
        environment |= {"platform_system": "Darwin" if self.platform == "darwin" else "Linux"}
        environment |= {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
        return marker is None or Marker(marker).evaluate(environment)

    def takes(self, file: str) -> bool:
        """May a wheel of this name be installed here?"""
        return any(
            self._takes_python(tag.interpreter, tag.abi) and self._takes_platform(tag.platform)
            for tag in parse_wheel_filename(file)[3]
        )

    def _takes_python(self, interpreter: str, abi: str) -> bool:
        kind, minor = interpreter[:3], int(interpreter[3:] or 0)
        if kind == "py3":
            return abi == "none" and minor <= self.minor
        if kind != "cp3":
            return False
        return minor <= self.minor if abi == "abi3" else minor == self.minor and abi in (interpreter, "none")

    def _takes_platform(self, tag: str) -> bool:
        if tag == "any":
            return True
        if self.platform == "darwin":
            return bool(re.fullmatch(rf"macosx_\d+_\d+_({self.machine}|universal2)", tag))
        if (found := re.fullmatch(rf"manylinux_2_(\d+)_{self.machine}", tag)) is not None:
            return int(found[1]) <= GLIBC
        return bool(re.fullmatch(rf"manylinux(1|2010|2014)_{self.machine}", tag))


def installed_at(place: Place, lock: dict[str, Any]) -> list[Package]:
    """Every package that the project needs there, with all its extras and groups."""
    known: dict[str, list[Package]] = {}
    for package in lock["package"]:
        known.setdefault(package["name"], []).append(package)
    (project,) = known[PROJECT]
    found: dict[tuple[str, str], Package] = {}
    waiting = [*_asked_by(project, set(project.get("optional-dependencies", {})))]
    waiting += [one for group in project.get("dev-dependencies", {}).values() for one in group]
    seen: set[str] = set()
    while waiting:
        asked = waiting.pop()
        if str(asked) in seen or not place.holds(asked.get("marker")):
            continue
        seen.add(str(asked))
        package = _chosen(asked, known[asked["name"]], place)
        found[package["name"], package["version"]] = package
        waiting += _asked_by(package, set(asked.get("extra", ())))
    return list(found.values())


def _asked_by(package: Package, extras: set[str]) -> Iterator[Package]:
    yield from package.get("dependencies", ())
    for extra in extras:
        yield from package.get("optional-dependencies", {}).get(extra, ())


def _chosen(asked: Package, versions: list[Package], place: Place) -> Package:
    """One name may be locked in several versions, each for the places that it names."""
    fitting = [one for one in versions if asked.get("version", one["version"]) == one["version"]]
    if len(fitting) > 1:
        fitting = [one for one in fitting if any(place.holds(marker) for marker in one["resolution-markers"])]
    (package,) = fitting
    return package
