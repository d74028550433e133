"""What is special about `flags.json`: people edit it by hand."""

import asyncio
import json
from pathlib import Path

import pytest

from flags.change.errors import Conflict, ControlUnavailable
from flags.control import open_control
from flags.file.source import FileSource
from flags.last_known.snapshot import Traits
from flags.model import SHADOW_FLAG, V2_FLAG, Versions
from flags.source import open_source
from tests.flags.test_source import eventually


async def test_the_first_start_writes_both_flags_at_zero(tmp_path: Path) -> None:
    source = open_source(data_dir=tmp_path / "new" / "data")
    await source.start()
    await source.stop()
    document = json.loads((tmp_path / "new" / "data" / "flags.json").read_text())
    said = {
        feature["name"]: (feature["enabled"], *feature["strategies"][0]["parameters"].values())
        for feature in document["features"]
    }
    assert said == {flag: (True, "0", "userId", flag) for flag in (V2_FLAG, SHADOW_FLAG)}


async def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    text = '{"version": 1, "features": []}'
    (tmp_path / "flags.json").write_text(text)
    source = open_source(data_dir=tmp_path)
    await source.start()
    assert source.decide("u").reason == "flag"
    await source.stop()
    assert (tmp_path / "flags.json").read_text() == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "truncated"),
        ("[]", "object"),
        ('{"features": [{"name": "process-full-v2"}]}', "enabled"),
        (f'{{"features": {json.dumps([{"name": V2_FLAG, "enabled": True}] * 2)}}}', "same name"),
        ("[" * 5000, ""),
    ],
)
async def test_a_broken_save_is_counted_once_and_says_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    source = FileSource(tmp_path / "flags.json", tmp_path / "backup", Traits(), look_seconds=0.02)
    await source.start()
    (tmp_path / "flags.json").write_text(text)
    await eventually(lambda: not source.state().healthy)
    await asyncio.sleep(0.1)  # several more looks at the same file
    state = source.state()
    assert state.failures == 1
    assert words in (state.error or "")
    assert state.known
    await source.stop()


async def test_a_rollout_that_the_engine_would_ignore_is_a_broken_file(tmp_path: Path) -> None:
    source = open_source(data_dir=tmp_path)
    await source.start()
    document = json.loads((tmp_path / "flags.json").read_text())
    for rollout in (25, "0.5", "150"):
        document["features"][0]["strategies"][0]["parameters"]["rollout"] = rollout
        (tmp_path / "flags.json").write_text(json.dumps(document))
        state = await source.refresh()
        assert not state.healthy
        assert "rollout" in (state.error or "")
    await source.stop()


async def test_a_malformed_flag_is_named_and_stays_while_another_one_is_switched_off(tmp_path: Path) -> None:
    versions = Versions.known(["v1", "v2", "v3"])
    control = open_control(data_dir=tmp_path, versions=versions)
    await control.init()
    await control.set_percent(100, pipeline="v2")
    await control.set_percent(100, pipeline="v3")
    source = FileSource(tmp_path / "flags.json", tmp_path / "backup", Traits(versions=versions), look_seconds=3600)
    await source.start()
    document = json.loads((tmp_path / "flags.json").read_text())
    document["features"][0]["strategies"] = "nonsense"
    (tmp_path / "flags.json").write_text(json.dumps(document))
    after = await control.turn_off("v3")
    assert after.broken[0][0] == V2_FLAG
    state = await source.refresh()
    assert (state.healthy, state.usable, source.decide("u").pipeline) == (False, True, "v2")
    assert V2_FLAG in (state.error or "")
    assert any(V2_FLAG in warning for warning in state.warnings)
    with pytest.raises(ControlUnavailable, match="mend it first"):
        await control.turn_off("v2")
    await source.stop()
    again = FileSource(tmp_path / "flags.json", tmp_path / "backup", Traits(versions=versions), look_seconds=3600)
    await again.start()
    assert again.decide("u").pipeline == "v2", "the last good state is kept over a restart"
    await again.stop()


@pytest.mark.parametrize(
    "others",
    [
        [{"name": "theirs", "enabled": True}, {"name": "theirs", "enabled": True}],
        [{"name": "theirs", "enabled": True, "strategies": [{"name": "default", "constraints": [{"value": 5}]}]}],
        [{"name": "theirs"}, 7, {"name": None}],
    ],
)
async def test_what_other_flags_hold_does_not_matter(tmp_path: Path, others: list[object]) -> None:
    control = open_control(data_dir=tmp_path)
    await control.init()
    source = open_source(data_dir=tmp_path)
    await source.start()
    document = json.loads((tmp_path / "flags.json").read_text())
    document["features"] += others
    (tmp_path / "flags.json").write_text(json.dumps(document))
    await control.set_percent(100)
    state = await source.refresh()
    assert (state.healthy, state.error, state.dial) == (True, None, 100)
    await source.stop()


async def test_a_deleted_file_keeps_the_flags(tmp_path: Path) -> None:
    source = open_source(data_dir=tmp_path)
    await source.start()
    revision = source.state().revision
    (tmp_path / "flags.json").unlink()
    state = await source.refresh()
    assert (state.known, state.healthy, state.revision) == (True, False, revision)
    await source.stop()


async def test_changes_keep_all_that_is_not_ours(tmp_path: Path) -> None:
    control = open_control(data_dir=tmp_path)
    await control.init()
    path = tmp_path / "flags.json"
    document = json.loads(path.read_text())
    document["note"] = "ask before you change this — thanks"
    document["features"].append({"name": "mine", "enabled": False, "anything": [1, 2]})
    document["features"][0]["owner"] = "team"
    document["features"][0]["strategies"].append(
        {
            "name": "default",
            "title": "beta",
            "constraints": [{"contextName": "plan", "operator": "IN", "values": ["x"]}],
        }
    )
    document["features"][0]["strategies"][1]["disabled"] = True
    path.write_text(json.dumps(document))
    await control.set_percent(0.5)
    await control.force("a", "v2")
    await control.force("a", None)
    after = json.loads(path.read_text())
    assert after["note"] == document["note"]
    assert after["features"][2] == document["features"][2]
    assert after["features"][0]["owner"] == "team"
    assert after["features"][0]["strategies"][1] == document["features"][0]["strategies"][1]


async def test_of_two_writers_with_the_same_version_one_wins(tmp_path: Path) -> None:
    controls = [open_control(data_dir=tmp_path) for _ in range(6)]
    await controls[0].init()
    version = (await controls[0].read()).version
    results = await asyncio.gather(
        *(control.set_percent(n + 1, version) for n, control in enumerate(controls)), return_exceptions=True
    )
    losers = [result for result in results if isinstance(result, Conflict)]
    assert len(losers) == len(controls) - 1
    assert await controls[0].logged() is None
    assert {loser.current.percent for loser in losers} == {(await controls[0].read()).percent}


async def test_a_data_folder_that_cannot_be_used_is_told_not_fatal(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    source = open_source(data_dir=tmp_path / "data")
    await source.start()
    assert source.decide("u").reason == "flags_unavailable"
    assert source.state().error
    await source.stop()
    with pytest.raises(ControlUnavailable):
        await open_control(data_dir=tmp_path / "data").init()


async def test_many_first_starts_at_once_agree(tmp_path: Path) -> None:
    sources = [open_source(data_dir=tmp_path) for _ in range(8)]
    await asyncio.gather(*(source.start() for source in sources))
    assert {source.state().healthy for source in sources} == {True}
    assert len({source.state().revision for source in sources}) == 1
    for source in sources:
        await source.stop()
