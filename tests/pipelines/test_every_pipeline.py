"""What every pipeline that is found promises, whichever the flag picks; asked only for what it declares."""

import dataclasses
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.capabilities import Capabilities, SoulprintField
from pipelines.contract import (
    Chunk,
    ExportError,
    Extraction,
    ImportRequest,
    Passage,
    PipelineError,
    Ports,
    Soulprint,
)
from pipelines.registry import find_pipelines
from tests.pipelines.exports import small_exports, tree, write_export
from tests.pipelines.ports import NOW, Bench, EchoLanguage, Killed, MemorySteps, bench

Run = Callable[[ImportRequest, Ports], Awaitable[Soulprint]]
FOUND = find_pipelines()


def those(declare: Callable[[Capabilities], object] = bool) -> pytest.MarkDecorator:
    """The pipelines that declare so, as `run`."""
    names = [name for name in FOUND.usable if declare(FOUND.capabilities(name))]
    return pytest.mark.parametrize("run", [FOUND.usable[name] for name in names], ids=names)


def declared_by(run: Run) -> Capabilities:
    """What this pipeline declares."""
    return next(FOUND.capabilities(name) for name, found in FOUND.usable.items() if found is run)


every = those()
cutting = those(lambda declared: declared.tiers)
reading = those(lambda declared: declared.facts)
whole_text = those(lambda declared: declared.facts and "soulprint_text" in declared.fields)
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

TALK = [("user", "I like tea. I live in Lisbon."), ("assistant", "Good."), ("user", "And I paint.")]


def talk(tmp_path: Path, **with_: Any) -> Bench:
    """One conversation of the user's."""
    return bench(tmp_path, write_export(tmp_path / "export.json", [tree("c", TALK)]), **with_)


async def outcome(run: Run, made: Bench) -> bytes:
    """Everything that a run gives to the world, as bytes."""
    soulprint = await run(made.request, made.ports)
    return msgspec.json.encode((soulprint, made.sink.chunks))


@every
@few
@given(export=small_exports(), concurrency=st.integers(1, 5))
async def test_two_runs_of_one_request_give_identical_bytes(
    run: Run, export: list[dict[str, Any]], concurrency: int, tmp_path: Path
) -> None:
    path = write_export(tmp_path / "export.json", export)
    small = EchoLanguage(extract_characters=40)
    first = await outcome(run, bench(tmp_path / "a", path, language=small, fact_concurrency=1))
    second = await outcome(run, bench(tmp_path / "b", path, language=small, fact_concurrency=concurrency))
    assert first == second


@every
@few
@given(export=small_exports(), data=st.data())
async def test_a_run_killed_at_any_step_or_report_resumes_without_repeating_a_step(
    run: Run, export: list[dict[str, Any]], data: st.DataObject, tmp_path: Path
) -> None:
    path = write_export(tmp_path / "export.json", export)
    undisturbed = bench(tmp_path / "a", path, language=EchoLanguage(extract_characters=40))
    expected = await outcome(run, undisturbed)
    steps = MemorySteps()
    killed = bench(tmp_path / "b", path, language=EchoLanguage(extract_characters=40), steps=steps, fact_concurrency=1)
    moments = len(undisturbed.steps.ran), len(undisturbed.progress.reports)
    moment = int(data.draw(st.floats(0, 1, exclude_max=True), "when") * sum(moments))
    if moment < moments[0]:
        steps.kill_after = moment
    else:
        killed.progress.kill_after = moment - moments[0]
    try:
        await run(killed.request, killed.ports)
    except Killed:
        pass
    else:  # what is done side by side tells now more of its progress, now less: it never came so far
        assert moment - moments[0] >= len(killed.progress.reports) > 0
        return
    before = list(steps.ran)
    steps.kill_after = None
    resumed = bench(tmp_path / "c", path, language=EchoLanguage(extract_characters=40), steps=steps)
    assert await outcome(run, resumed) == expected
    assert sorted(steps.ran) == sorted(undisturbed.steps.ran)
    assert len(resumed.language.calls) == len(undisturbed.language.calls) - len(before)


@every
@few
@given(export=small_exports())
async def test_progress_only_rises_and_leaves_the_end_to_the_gateway(
    run: Run, export: list[dict[str, Any]], tmp_path: Path
) -> None:
    made = bench(tmp_path, write_export(tmp_path / "export.json", export))
    await run(made.request, made.ports)
    percents = [percent for _, percent in made.progress.reports]
    assert percents == sorted(percents)
    assert percents[-1] <= 99


@every
@few
@given(export=small_exports())
async def test_the_totals_are_those_of_the_export(run: Run, export: list[dict[str, Any]], tmp_path: Path) -> None:
    made = bench(tmp_path, write_export(tmp_path / "export.json", export))
    soulprint = await run(made.request, made.ports)
    assert soulprint.total_conversations == len(export)
    assert soulprint.total_chunks == len(made.sink.chunks)
    assert soulprint.total_messages >= 2


@cutting
async def test_a_long_history_leaves_a_bounded_number_of_chunks_and_says_so(run: Run, tmp_path: Path) -> None:
    talks = [tree(f"c{n}", [("user", f"I keep {n} bees. " * 40), ("assistant", "Nice.")]) for n in range(12)]
    path = write_export(tmp_path / "export.json", talks)
    whole, bounded = bench(tmp_path / "a", path), bench(tmp_path / "b", path, chunk_limit=6)
    all_of_it, part = await run(whole.request, whole.ports), await run(bounded.request, bounded.ports)
    assert (part.total_chunks, len(bounded.sink.chunks)) == (6, 6)
    assert {chunk.tier for chunk in bounded.sink.chunks} == {chunk.tier for chunk in whole.sink.chunks}
    (warning,) = set(part.warnings) - set(all_of_it.warnings)
    assert "6 are kept" in warning
    met, _kept, *uncut = (int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\b", warning))
    of_one, rest = divmod(all_of_it.total_chunks, len(talks))  # they are all of a size
    assert rest == 0
    assert met + of_one * sum(uncut) == all_of_it.total_chunks, "each is counted, cut or not"
    assert part.soulprint_text == all_of_it.soulprint_text


@cutting
async def test_defect_1_chunks_have_exactly_the_known_columns(run: Run, tmp_path: Path) -> None:
    made = talk(tmp_path)
    await run(made.request, made.ports)
    assert made.sink.chunks
    assert {chunk.tier for chunk in made.sink.chunks} == set(declared_by(run).tiers)
    for chunk in made.sink.chunks:
        assert chunk.created_at.tzinfo is not None
    assert set(json.loads(msgspec.json.encode(made.sink.chunks[0]))) == {
        "conversation_id", "title", "content", "message_count", "created_at", "is_recent", "tier",
    }  # fmt: skip


@every
@pytest.mark.parametrize(
    "broken", [{"create_time": None}, {"create_time": 1e300}, {"title": None}, {"current_node": None}]
)
async def test_defect_3_missing_parts_of_a_conversation_do_not_stop_a_run(
    run: Run, broken: dict[str, Any], tmp_path: Path
) -> None:
    export = write_export(tmp_path / "e.json", [tree("a", TALK) | broken, tree("b", TALK) | {"mapping": None}])
    made = bench(tmp_path, export)
    soulprint = await run(made.request, made.ports)
    assert soulprint.total_messages == 3
    if declared_by(run).tiers:
        assert "I like tea. I live in Lisbon." in made.sink.chunks[0].content


@every
async def test_defect_3_a_tree_thousands_of_nodes_deep_is_read(run: Run, tmp_path: Path) -> None:
    deep = tree("deep", [("user", f"I like tea number {n}.") for n in range(5_000)])
    soulprint = await run(*_parts(bench(tmp_path, write_export(tmp_path / "e.json", [deep]))))
    assert soulprint.total_messages == 5_000


@every
async def test_defect_5_no_usable_message_fails_before_anything_is_handed_on(run: Run, tmp_path: Path) -> None:
    silent = [tree("a", [("assistant", "Hello?")]), tree("b", [("user", "  \n")]), tree("c", [])]
    made = bench(tmp_path, write_export(tmp_path / "e.json", silent))
    with pytest.raises(ExportError, match="no usable message"):
        await run(made.request, made.ports)
    assert (made.sink.replaced, made.sink.chunks, made.language.calls) == (0, [], [])


@every
@pytest.mark.parametrize("content", ["[]", "{}", "", "hello", '{"conversations": []}'])
async def test_defect_7_an_export_without_conversations_fails_and_touches_nothing(
    run: Run, content: str, tmp_path: Path
) -> None:
    (tmp_path / "e.json").write_text(content)
    made = bench(tmp_path, tmp_path / "e.json")
    with pytest.raises(ExportError) as failure:
        await run(made.request, made.ports)
    assert str(failure.value)
    assert (made.sink.replaced, made.sink.chunks) == (0, [])


@reading
async def test_defect_11_a_failed_extraction_fails_the_run(run: Run, tmp_path: Path) -> None:
    made = talk(tmp_path, language=EchoLanguage(failing=frozenset({"extract"})))
    with pytest.raises(PipelineError, match="extract failed") as failure:
        await run(made.request, made.ports)
    assert failure.value.retryable
    assert made.steps.stored == {}


@cutting
async def test_a_restart_hands_its_chunks_over_anew(run: Run, tmp_path: Path) -> None:
    made = talk(tmp_path)
    await run(made.request, made.ports)
    once = list(made.sink.chunks)
    await run(made.request, made.ports)
    assert made.sink.chunks == once
    assert made.sink.replaced == 2


@reading
async def test_another_engine_does_not_take_over_half_done_facts(run: Run, tmp_path: Path) -> None:
    """Batches of the two engines hold different texts: what one has done says nothing about the other's."""
    steps = MemorySteps(kill_after=1)
    first = talk(tmp_path, steps=steps, fact_concurrency=1, language=EchoLanguage(extract_characters=10))
    with pytest.raises(Killed):
        await run(first.request, first.ports)
    steps.kill_after = None
    made = talk(tmp_path, steps=steps, language=EchoLanguage(name="another"))
    soulprint = await run(made.request, made.ports)
    assert {fact.value for fact in soulprint.facts} == {"I like tea. I live in Lisbon.", "And I paint."}


@cutting
async def test_no_work_file_with_chunks_is_left(run: Run, tmp_path: Path) -> None:
    made = bench(tmp_path / "work", write_export(tmp_path / "e.json", [tree("c", TALK)]))
    await run(made.request, made.ports)
    assert not (tmp_path / "work" / "chunks.ndjson").exists()


@cutting
async def test_now_is_the_time_of_the_job(run: Run, tmp_path: Path) -> None:
    recent = (NOW - timedelta(days=10)).timestamp()
    made = bench(tmp_path, write_export(tmp_path / "e.json", [tree("new", TALK, time=recent), tree("old", TALK)]))
    await run(made.request, made.ports)
    assert {chunk.conversation_id for chunk in made.sink.chunks if chunk.is_recent} == {"new"}


def _parts(made: Bench) -> tuple[ImportRequest, Ports]:
    return made.request, made.ports


@whole_text
async def test_text_that_could_not_be_read_is_spoken_of(run: Run, tmp_path: Path) -> None:
    class Monolingual(EchoLanguage):
        async def extract(self, passages: Sequence[Passage]) -> Extraction:
            return msgspec.structs.replace(await super().extract(passages), read_chars=60, unread_chars=40)

    made = talk(tmp_path, language=Monolingual())
    soulprint = await run(made.request, made.ports)
    assert soulprint.unread_share == 0.4
    assert "40% of the user's own text is in a language or form that could not be read." in soulprint.warnings
    assert "40% of the user's own text" in (soulprint.soulprint_text or "")


@every
@few
@given(export=small_exports())
async def test_it_makes_nothing_that_it_does_not_declare(
    run: Run, export: list[dict[str, Any]], tmp_path: Path
) -> None:
    made, declared = bench(tmp_path, write_export(tmp_path / "export.json", export)), declared_by(run)
    soulprint = await run(made.request, made.ports)
    assert fields_of(soulprint) <= set(declared.fields)
    assert set(soulprint.sections) <= set(declared.sections)
    assert {chunk.tier for chunk in made.sink.chunks} <= set(declared.tiers)
    assert declared.facts or not (soulprint.facts or made.language.calls)


@every
async def test_it_makes_all_that_it_declares(run: Run, tmp_path: Path) -> None:
    class Sure(EchoLanguage):
        async def section(self, section: Any, *rest: Any) -> Any:
            fields, usage = await super().section(section, *rest)
            return dict.fromkeys(fields, "as the user says"), usage

    made, declared = talk(tmp_path, language=Sure()), declared_by(run)
    soulprint = await run(made.request, made.ports)
    assert fields_of(soulprint) == set(declared.fields)
    assert set(soulprint.sections) == set(declared.sections)
    assert bool(soulprint.facts) == declared.facts


def fields_of(soulprint: Soulprint) -> set[str]:
    """The fields that hold something."""
    return {name for name in get_args(SoulprintField) if getattr(soulprint, name)}


@those(lambda declared: "inline" in declared.accepts)
async def test_an_export_that_came_with_the_request_is_read_like_a_stored_one(run: Run, tmp_path: Path) -> None:
    stored, inline = talk(tmp_path / "stored"), talk(tmp_path / "inline")
    inline.request = dataclasses.replace(inline.request, storage_path=None, inline=True)
    assert await outcome(run, inline) == await outcome(run, stored)


@those(lambda declared: "chunks" in declared.accepts)
async def test_without_an_export_it_goes_by_the_chunks_that_the_user_has(run: Run, tmp_path: Path) -> None:
    chunk = Chunk("c", "Talk", "User: I like tea.", 1, NOW - timedelta(days=10), is_recent=True, tier="macro")
    made = bench(tmp_path, stored=[chunk])
    soulprint = await run(made.request, made.ports)
    assert (soulprint.total_conversations, soulprint.total_messages, soulprint.total_chunks) == (1, 1, 1)
    assert (made.exports.fetched, made.sink.replaced, made.sink.chunks) == (0, 0, [])


@those(lambda declared: "chunks" in declared.accepts)
async def test_without_an_export_and_without_chunks_there_is_nothing_to_go_by(run: Run, tmp_path: Path) -> None:
    made = bench(tmp_path)
    with pytest.raises(PipelineError, match="nothing is stored"):
        await run(made.request, made.ports)
