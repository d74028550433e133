"""The how-to page for pipeline engineers is true: what it shows is found, loaded and runs."""

import re
from pathlib import Path

import pytest

from pipelines.contract import ExportError
from pipelines.registry import find_pipelines
from tests.pipelines.exports import tree, write_export
from tests.pipelines.ports import bench

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-pipeline.md"
FILES = re.compile(r"`pipelines/v3/(\w+\.py)`:\n\n```python\n(.*?)```", re.DOTALL)


async def test_the_page_shows_a_pipeline_that_is_found_and_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shown_pipelines"
    (folder / "v3").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "v3" / "__init__.py").touch()
    for name, code in FILES.findall(PAGE.read_text()):
        (folder / "v3" / name).write_text(code.replace("pipelines.v3", "shown_pipelines.v3"))
    monkeypatch.syspath_prepend(str(tmp_path))
    registry = find_pipelines("shown_pipelines", folder)
    registry.check()

    made = bench(tmp_path / "a", write_export(tmp_path / "e.json", [tree("c", [("user", "I like tea.")])]))
    soulprint = await registry.usable["v3"](made.request, made.ports)
    assert soulprint.memory_md == "# Memory\n\n1 messages, read on 01 June 2025.\n"

    silent = bench(tmp_path / "b", write_export(tmp_path / "s.json", [tree("c", [("assistant", "Hello?")])]))
    with pytest.raises(ExportError):
        await registry.usable["v3"](silent.request, silent.ports)
