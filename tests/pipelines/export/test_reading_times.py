"""Times and numbers of every kind: a conversation is read with the time that it has, or without one."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract import Pipeline
from pipelines.export import Limits
from pipelines.export.conversation.times import seconds
from pipelines.v1.run import run as v1
from pipelines.v2.run import run as v2
from tests.pipelines.export.shapes import chain, message, read_bytes, texts
from tests.pipelines.ports import bench

ODD = [
    "1" + "0" * 400, "1e400", "-1", "true", '"x"', "[]", "{}", "NaN", "-0", "9" * 5000, '"' + "9" * 5000 + '"',
    '"nan"', '"inf"', '"-inf"', "-62135596800", "1e-320", "253402300800", '"0001-01-01T00:00:00+14:00"', '"0001-01-01"',
    '{"$date": {"$numberLong": "' + "9" * 500 + '"}}', '{"$date": [1]}', '"\\ud800"',
]  # fmt: skip
REAL = ["253402300799", '"9999-12-31T23:59:59Z"', '"9999-12-31T23:59:59+14:00"', "1", "1.7e12"]


@pytest.mark.parametrize("odd", [*ODD, *REAL], ids=lambda odd: odd[:24])
def test_an_odd_time_or_id_costs_nothing_but_itself(tmp_path: Path, odd: str) -> None:
    for name in ("create_time", "update_time", "id", "title", "weight"):
        element = json.dumps(chain(message(**{name: "@"}), message(text="more")) | {name: "@"})
        for extra in ("", ', "odd": NaN'):
            data = f"[{element[:-1].replace(json.dumps('@'), odd)}{extra}}}]".encode()
            for limits in (Limits(), Limits(whole_bytes=64)):
                (found,) = read_bytes(tmp_path, data, limits)
                assert texts(found)[-1] == "more"
                assert len(found.id) <= 200


@pytest.mark.parametrize("pipeline", [v1, v2], ids=["v1", "v2"])
async def test_a_whole_run_takes_odd_times(tmp_path: Path, pipeline: Pipeline) -> None:
    plain = json.dumps(chain(message(text="I live in Lisbon", time="@"), id="%") | {"create_time": "@"})
    elements = [plain.replace('"@"', odd).replace("%", str(n)) for n, odd in enumerate([*ODD, *REAL])]
    export = tmp_path / "export.json"
    export.write_text(f"[{', '.join(elements)}]")
    ports = bench(tmp_path / "work", export)
    result = await pipeline(ports.request, ports.ports)
    assert result.total_conversations == len(elements)
    assert all(chunk.created_at.tzinfo for chunk in ports.sink.chunks)


@given(st.integers() | st.integers(min_value=10**300) | st.floats() | st.text(max_size=40) | st.datetimes().map(str))
def test_a_time_is_one_that_python_knows_or_none(value: object) -> None:
    found = seconds(value)
    assert found is None or 0 < found < 253_402_300_800


def test_names_that_are_repeated_with_every_fact_are_short(tmp_path: Path) -> None:
    huge = "x" * 100_000
    whole = json.dumps(
        [chain(message(id=huge), message(id=huge + "y"), id=huge, title=huge), chain(message(), id=huge[1:])]
    )
    first, second = read_bytes(tmp_path, whole.encode())
    assert len({first.id, second.id, *(item.id for item in first.messages)}) == 3
    assert max(map(len, (first.id, first.title, first.messages[0].id, second.id))) <= 500
