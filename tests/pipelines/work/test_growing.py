"""Records read while they are written: all of them, in order, whatever of them is there when one looks."""

import asyncio
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.work.growing import read_growing
from pipelines.work.records import write_records


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(st.text(), max_size=20), cuts=st.lists(st.integers(0, 400), max_size=6))
async def test_all_records_come_in_order_however_the_file_grows(
    records: list[str], cuts: list[int], tmp_path: Path
) -> None:
    whole, growing, written = tmp_path / "whole", tmp_path / "growing", asyncio.Event()
    write_records(whole, records)
    body = whole.read_bytes()
    growing.unlink(missing_ok=True)
    found: list[str] = []

    async def read() -> None:
        async for page in read_growing(growing, str, written):
            found.extend(page)

    reading = asyncio.create_task(read())
    edges = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    for start, end in pairwise(edges):
        with growing.open("ab") as file:
            file.write(body[start:end])
        await asyncio.sleep(0)
    written.set()
    await reading
    assert found == records


async def test_a_file_that_never_comes_holds_nothing(tmp_path: Path) -> None:
    written = asyncio.Event()
    written.set()
    assert [page async for page in read_growing(tmp_path / "none", str, written)] == []
