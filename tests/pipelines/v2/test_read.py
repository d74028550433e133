"""Cutting and reading at the same time: begun early where it costs nothing, ended with what fails."""

import asyncio
import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipelines.contract import ExportError, Extraction, Passage
from pipelines.v2.prepare import PASSAGES, prepare
from pipelines.v2.run import run
from pipelines.work.records import WorkFile, read_records
from tests.pipelines.exports import tree, write_export
from tests.pipelines.ports import Bench, EchoLanguage, bench


def slowly(made: Bench, before_the_end: Callable[[], Any]) -> Bench:
    """The same ports, whose first pass waits for something after all passages are written."""

    async def compute(function: Callable[..., Any], *args: Any) -> Any:
        result = function(*args)
        if function is prepare:
            await before_the_end()
        return result

    return dataclasses.replace(made, ports=dataclasses.replace(made.ports, compute=compute))


def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "e.json", [tree(f"c{n}", [("user", f"I like tea {n}.")]) for n in range(50)])


async def test_what_reads_is_ready_and_passages_are_read_before_the_first_pass_has_ended(tmp_path: Path) -> None:
    ready, some = asyncio.Event(), asyncio.Event()

    class Telling(EchoLanguage):
        async def extract(self, passages: Sequence[Passage]) -> Extraction:
            (some if passages else ready).set()
            return await super().extract(passages)

    async def until_some_are_read() -> None:
        async with asyncio.timeout(180):
            await asyncio.gather(ready.wait(), some.wait())

    made = slowly(bench(tmp_path, export(tmp_path), language=Telling(extract_characters=40)), until_some_are_read)
    early = await run(made.request, made.ports)
    plain = bench(tmp_path / "plain", export(tmp_path), language=EchoLanguage(extract_characters=40))
    assert early == await run(plain.request, plain.ports)
    percents = [percent for _, percent in made.progress.reports]
    assert percents == sorted(percents)


async def test_an_engine_that_is_paid_is_asked_only_once_the_export_is_known_to_be_whole(tmp_path: Path) -> None:
    language = EchoLanguage(kept_as="echo 1", extract_characters=40)

    async def ended() -> None:
        await asyncio.sleep(0.2)
        assert language.calls == []

    made = slowly(bench(tmp_path, export(tmp_path), language=language), ended)
    await run(made.request, made.ports)
    assert "extract" in language.calls


async def test_an_export_that_breaks_off_fails_as_it_does_alone_and_leaves_no_reading_behind(tmp_path: Path) -> None:
    async def breaks() -> None:
        raise ExportError("it breaks off")

    made = slowly(bench(tmp_path, export(tmp_path)), breaks)
    before = asyncio.all_tasks()
    with pytest.raises(ExportError, match="breaks off"):
        await run(made.request, made.ports)
    assert asyncio.all_tasks() == before
    assert made.sink.replaced == 0


async def test_passages_of_an_earlier_attempt_are_not_read(tmp_path: Path) -> None:
    first = bench(tmp_path, export(tmp_path))
    await run(first.request, first.ports)
    kept = list(read_records(tmp_path / PASSAGES, Any))
    with WorkFile[Any](tmp_path / PASSAGES) as file:
        for passage in [*kept, *kept]:
            file.add(passage)
    again = bench(tmp_path, write_export(tmp_path / "e.json", [tree("c", [("user", "I paint.")])]))
    soulprint = await run(again.request, again.ports)
    assert [fact.sentence for fact in soulprint.facts] == ["I paint."]
