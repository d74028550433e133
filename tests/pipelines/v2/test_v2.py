"""v2: its steps, its stored work, MEMORY, and sections that may fail one by one."""

import dataclasses
from pathlib import Path

import pytest

from pipelines.contract import PipelineError
from pipelines.v2.run import run
from tests.pipelines.exports import tree, write_export
from tests.pipelines.ports import EchoLanguage, MemorySteps, bench

TALK = [("user", "I like tea."), ("assistant", "Good."), ("user", "And I paint.")]


def one_talk(tmp_path: Path) -> Path:
    return write_export(tmp_path / "e.json", [tree("c", TALK)])


async def test_the_steps_come_in_order(tmp_path: Path) -> None:
    made = bench(tmp_path, one_talk(tmp_path))
    await run(made.request, made.ports)
    assert made.progress.steps == [
        "downloading", "chunking", "extracting_facts", "consolidating_facts", "generating_memory",
        "regenerating_sections",
    ]  # fmt: skip


async def test_it_writes_all_its_fields(tmp_path: Path) -> None:
    made = bench(tmp_path, one_talk(tmp_path))
    soulprint = await run(made.request, made.ports)
    texts = [soulprint.soul_md, soulprint.identity_md, soulprint.user_md, soulprint.agents_md, soulprint.tools_md]
    assert all(text and "I like tea." in text for text in texts)
    assert soulprint.memory_md
    assert soulprint.soulprint_text
    assert "## Memory" in soulprint.soulprint_text
    assert soulprint.memory_log is None
    assert soulprint.usage.calls == 6


async def test_every_conversation_is_read_however_many_there_are(tmp_path: Path) -> None:
    export = [tree(f"c{n}", [("user", f"I like tea {n}.")]) for n in range(300)]
    made = bench(tmp_path, write_export(tmp_path / "e.json", export), language=EchoLanguage(window_tokens=100_000))
    soulprint = await run(made.request, made.ports)
    assert {fact.conversation_id for fact in soulprint.facts} == {f"c{n}" for n in range(300)}


async def test_facts_beyond_the_window_are_reduced(tmp_path: Path) -> None:
    export = [tree(f"c{n}", [("user", f"I like tea {n}.")]) for n in range(300)]
    language = EchoLanguage(window_tokens=300)
    made = bench(tmp_path, write_export(tmp_path / "e.json", export), language=language)
    soulprint = await run(made.request, made.ports)
    assert 0 < len(soulprint.facts) < 100
    assert "reduce" in language.calls


async def test_no_facts_in_a_readable_export_is_no_failure(tmp_path: Path) -> None:
    class Mute(EchoLanguage):
        async def extract(self, passages):  # type: ignore[no-untyped-def]
            found = await super().extract(passages)
            return type(found)(style=found.style, read_chars=found.read_chars)

    made = bench(tmp_path, one_talk(tmp_path), language=Mute())
    soulprint = await run(made.request, made.ports)
    assert soulprint.facts == ()
    assert soulprint.soul_md
    assert "Not enough data yet for: communication style" in soulprint.soul_md


async def test_a_section_that_fails_keeps_the_one_before_and_is_not_fatal(tmp_path: Path) -> None:
    made = bench(tmp_path, one_talk(tmp_path), language=EchoLanguage(failing=frozenset({"section/soul"})))
    soulprint = await run(made.request, made.ports)
    assert (soulprint.soul_md, soulprint.soulprint_text) == (None, None)
    assert "soul" not in soulprint.sections
    assert soulprint.partial_text
    assert "## Soul" not in soulprint.partial_text
    assert soulprint.user_md
    assert soulprint.memory_md
    assert [w for w in soulprint.warnings if "section soul" in w]


async def test_defect_11_a_failed_memory_fails_the_run_and_keeps_the_facts(tmp_path: Path) -> None:
    steps = MemorySteps()
    made = bench(tmp_path, one_talk(tmp_path), steps=steps, language=EchoLanguage(failing=frozenset({"memory"})))
    with pytest.raises(PipelineError, match="memory failed"):
        await run(made.request, made.ports)
    assert list(steps.stored) == ["facts/0000"]


async def test_memory_is_stored_before_any_section_is_written(tmp_path: Path) -> None:
    made = bench(tmp_path, one_talk(tmp_path))
    await run(made.request, made.ports)
    assert made.steps.ran[1] == "memory"
    assert all(name.startswith("section/") for name in made.steps.ran[2:])


async def test_a_request_without_a_stored_export_is_refused(tmp_path: Path) -> None:
    made = bench(tmp_path, one_talk(tmp_path))
    with pytest.raises(PipelineError, match="storage_path required"):
        await run(dataclasses.replace(made.request, storage_path=None), made.ports)
    assert made.exports.fetched == 0
