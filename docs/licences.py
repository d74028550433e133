"""Writes docs/licences.md: the licence of everything that the gateway needs at run time, from installed metadata."""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

PAGE = Path(__file__).with_name("licences.md")
ROOT = "soulprint-gateway"
EXTRAS = ("cloud", "tracing", "embedded")
HEAD = """<!-- Written by `make docs` from installed metadata: do not edit. -->
# Licences

What the gateway needs at run time, with all extras. The image has all but `embedded`. Development tools are not in it.

| package | licence |
|---|---|
"""
LONGEST = 60  # above this, the first line of a licence field is no name


def needed(name: str = ROOT, extras: tuple[str, ...] = EXTRAS) -> dict[str, Distribution]:
    """Everything that is needed here, by normalised name."""
    found: dict[str, Distribution] = {}
    waiting = [(name, extras)]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        try:
            installed = distribution(one[0])
        except PackageNotFoundError:
            continue
        if one[0] != ROOT:
            found[one[0]] = installed
        waiting += requirements(installed, one[1])
    return dict(sorted(found.items()))


def requirements(installed: Distribution, extras: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What it needs on this machine, with those of its extras."""
    for line in installed.requires or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield re.sub(r"[-_.]+", "-", requirement.name).lower(), tuple(sorted(requirement.extras))


def licence_of(installed: Distribution) -> str:
    """In one line: the SPDX expression if there is one, else the licence field, else the classifiers."""
    metadata = installed.metadata
    if expressions := metadata.get_all("License-Expression"):
        return str(expressions[0])
    fields = metadata.get_all("License") or [""]
    field = str(fields[0]).strip().partition("\n")[0].strip()
    if field and len(field) <= LONGEST:
        return field
    stated = (str(value) for value in metadata.get_all("Classifier") or ())
    kinds = {value.rsplit(" :: ", 1)[-1] for value in stated if value.startswith("License")}
    return ", ".join(sorted(kinds)) or "not stated"


def page() -> str:
    rows = [f"| {name} | {licence_of(installed)} |\n" for name, installed in needed().items()]
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
