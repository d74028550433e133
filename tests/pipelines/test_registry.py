"""Which pipelines are found, in what order, and which of them serves what."""

import uuid
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.capabilities import Capabilities, Source, source_of
from pipelines.contract import ImportRequest, Ports, Soulprint
from pipelines.registry import Registry, find_pipelines
from pipelines.versions import age_of, oldest_first

FINE = """
from pipelines.capabilities import Capabilities
CAPABILITIES = Capabilities()
async def run(request, ports): ...
"""
names = st.integers(1, 40).map(lambda number: f"v{number}")
sources: st.SearchStrategy[Source] = st.sampled_from(get_args(Source))
declarations = st.sets(sources).map(lambda accepts: Capabilities(accepts=("stored", *accepts)))


async def run(request: ImportRequest, ports: Ports) -> Soulprint:
    """Any pipeline."""
    raise NotImplementedError


def written(folder: Path, **codes: str) -> Registry:
    """What is found of these folders."""
    package = folder / f"found_{uuid.uuid4().hex}"
    for name, code in codes.items():
        (package / name).mkdir(parents=True)
        (package / name / "run.py").write_text(code)
    return find_pipelines(package.name, package)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError"),
        ("def run(request, ports): ...", "coroutine"),
        ("async def run(): ...", "request, ports"),
        ("1 / 0", "ZeroDivisionError"),
        ("async def run(request, ports): ...", "CAPABILITIES"),
        (FINE.replace("Capabilities()", "Capabilities(accepts=('inline',))"), "what callers send"),
        (FINE.replace("Capabilities()", "Capabilities(tiers=('tiny',))"), "none of micro, medium, macro"),
        (FINE.replace("Capabilities()", "Capabilities(fields=('poem',))"), "'poem'"),
    ],
)
def test_what_is_no_pipeline_is_told_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, reason: str
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    found = written(tmp_path, v1=FINE, v7=code, vx="1 / 0")
    assert list(found.usable) == ["v1"]
    assert list(found.broken) == ["v7"]
    assert reason in found.broken["v7"]
    assert found.capabilities("v7") == Capabilities()


def test_v10_comes_after_v9(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    assert list(written(tmp_path, v10=FINE, v9=FINE, v1=FINE).usable) == ["v1", "v9", "v10"]


@given(found=st.dictionaries(names, declarations), own=names, source=sources)
def test_a_request_goes_to_the_newest_version_that_takes_it_and_is_not_newer_than_the_users(
    found: dict[str, Capabilities], own: str, source: Source
) -> None:
    registry = Registry(dict.fromkeys(found, run), {}, found)
    able = [name for name, declared in found.items() if source in declared.accepts and age_of(name) <= age_of(own)]
    assert registry.serving(source, own) == (oldest_first(able)[-1] if able else None)


def test_a_version_that_is_not_here_serves_nothing() -> None:
    registry = Registry({"v1": run}, {}, {"v1": Capabilities(accepts=("stored", "inline")), "v2": Capabilities()})
    assert registry.serving("stored", "v2") == "v1"
    assert not registry.accepts("v2", "stored")


def test_a_stored_export_makes_an_inline_one_superfluous() -> None:
    assert source_of("user-imports/ann/1.json", inline=True) == "stored"
    assert source_of(None, inline=True) == "inline"
    assert source_of("", inline=False) == source_of(None, inline=False) == "chunks"


def test_the_longest_name_says_why_a_field_differs() -> None:
    declared = Capabilities(differs={"sections": "all anew", "sections.user": "asked for"})
    assert declared.why_different("sections.user.name") == "asked for"
    assert declared.why_different("sections.soul.tone") == "all anew"
    assert declared.why_different("sectionsx") is None
