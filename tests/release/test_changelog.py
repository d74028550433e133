"""CHANGELOG.md keeps the form of Keep a Changelog, so that programs and persons find a release in it."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
RELEASE = re.compile(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)")


def faults(text: str, version: str) -> list[str]:
    """What breaks the form, in words; `version` is that of the tree."""
    head, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    titles = [part.partition("\n")[0] for part in parts]
    found = [] if head.startswith("# Changelog\n") else ["the title is not Changelog"]
    if titles[:1] != ["[Unreleased]"]:
        found.append("what is not released does not stand first")
    releases = [match for title in titles[1:] if (match := RELEASE.fullmatch(title))]
    if len(releases) != len(titles[1:]):
        found.append("a release is not `[x.y.z] - yyyy-mm-dd`")
    order = [(match[2], tuple(map(int, match[1].split(".")))) for match in releases]
    if order != sorted(set(order), reverse=True):
        found.append("releases do not stand newest first")
    if releases and releases[0][1] != version:
        found.append(f"the newest release is not {version}")
    for title, part in zip(titles, parts, strict=True):
        found += [f"{title}: {fault}" for fault in faults_of_part(part.partition("\n")[2])]
    return found


def faults_of_part(text: str) -> list[str]:
    before, *kinds = re.split(r"^### ", text, flags=re.MULTILINE)
    names = [kind.partition("\n")[0] for kind in kinds]
    found = ["text outside of a kind of change"] if before.strip() else []
    if names != [kind for kind in KINDS if kind in names]:
        found.append(f"kinds are not some of {', '.join(KINDS)}, each once, in this order")
    lines = [line for kind in kinds for line in kind.splitlines()[1:] if line.strip()]
    return found + [f"not a list: {line}" for line in lines if not line.startswith(("- ", "  "))]


def test_the_changelog_keeps_its_form() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert faults(CHANGELOG, version) == []


GOOD = "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- a\n  b\n\n## [0.2.0] - 2026-02-01\n\n### Added\n\n- c\n"


@pytest.mark.parametrize(
    ("good", "broken"),
    [
        ("## [Unreleased]\n", "## Coming\n"),
        ("0.2.0] - 2026-02-01", "0.2.0]"),
        ("[0.2.0]", "[0.3.0]"),
        ("### Added", "### New"),
        ("### Fixed\n\n- a\n", "### Fixed\n\n- a\n\n### Added\n\n- d\n"),
        ("- c", "c"),
        ("[0.2.0] - 2026-02-01\n", "[0.2.0] - 2026-02-01\n\nwords\n"),
        ("- c\n", "- c\n\n## [0.2.1] - 2026-03-01\n"),
    ],
)
def test_faults_of_the_form_are_found(good: str, broken: str) -> None:
    assert faults(GOOD, "0.2.0") == []
    assert faults(GOOD.replace(good, broken), "0.2.0")
