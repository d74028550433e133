"""Both pipelines with the embedded engine over exports that this project did not write."""

import json
from pathlib import Path

import msgspec
import pytest

from pipelines.contract import ExportError, PipelineError, Soulprint
from pipelines.language.embedded import EmbeddedLanguage
from pipelines.v1.run import run as run_v1
from pipelines.v2.run import run as run_v2
from tests.pipelines.ports import Bench, bench, inline_compute
from tests.pipelines.test_every_pipeline import Run
from tests.shared_data import SHARED, needs_shared

PEOPLE = sorted((SHARED / "derived" / "memorybank_exports").glob("*/conversations.json"))
EXPORTS = [*sorted((SHARED / "chatgpt").glob("*/*.*")), *sorted((SHARED / "other-formats").glob("*/*.json"))]

pytestmark = needs_shared
both = pytest.mark.parametrize("run", [run_v1, run_v2], ids=["v1", "v2"])


def ready(workdir: Path, export: Path) -> Bench:
    return bench(workdir, export, language=EmbeddedLanguage(inline_compute))


@both
@pytest.mark.parametrize("export", PEOPLE, ids=lambda path: path.parent.name)
async def test_a_person_is_called_by_name(run: Run, export: Path, tmp_path: Path) -> None:
    made = ready(tmp_path, export)
    soulprint = await run(made.request, made.ports)
    name = json.loads(export.with_name("truth.json").read_text())["name"].strip()
    assert soulprint.sections["user"]["name"].casefold() == name.casefold()
    assert name.casefold() in (soulprint.soulprint_text or "").casefold()


@both
async def test_two_runs_give_identical_bytes(run: Run, tmp_path: Path) -> None:
    first, second = (ready(tmp_path / folder, PEOPLE[0]) for folder in ("a", "b"))
    results = [msgspec.json.encode(await run(made.request, made.ports)) for made in (first, second)]
    assert results[0] == results[1]
    assert first.sink.chunks == second.sink.chunks


@both
@pytest.mark.parametrize("export", EXPORTS, ids=lambda path: path.name)
async def test_every_real_export_gives_a_result_or_a_reason(run: Run, export: Path, tmp_path: Path) -> None:
    made = ready(tmp_path, export)
    try:
        soulprint = await run(made.request, made.ports)
    except ExportError as error:
        reason = str(error)
    else:
        _is_whole(soulprint, made)
        return
    assert "no usable message" in reason
    assert made.sink.replaced == 0


async def test_defect_5_the_reason_is_in_words_for_the_user(tmp_path: Path) -> None:
    made = ready(tmp_path, SHARED / "chatgpt" / "librechat" / "chatgpt-citations.json")
    with pytest.raises(PipelineError, match="1 conversation but no usable message: nothing in it was written by"):
        await run_v2(made.request, made.ports)


def _is_whole(soulprint: Soulprint, made: Bench) -> None:
    assert soulprint.soulprint_text
    assert soulprint.total_chunks == len(made.sink.chunks) > 0
    assert all((soulprint.soul_md, soulprint.identity_md, soulprint.agents_md, soulprint.user_md))
    assert soulprint.memory_log or soulprint.memory_md
