"""What only a real Unleash server shows: creation, other people's changes, races, death, signs of life in its UI."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from flags.change.edit import FlagSetting
from flags.change.errors import Conflict, ControlUnavailable, InvalidChange
from flags.control import FlagControl, open_control
from flags.last_known.snapshot import Traits
from flags.model import SHADOW_FLAG, TWO_VERSIONS, V2_FLAG, FlagState
from flags.unleash.api import Endpoint
from flags.unleash.source import PollTiming, UnleashSource
from flags.unleash.store import UnleashStore
from tests.flags.test_source import answers, eventually
from tests.unleash_server import ADMIN_TOKEN, CLIENT_TOKEN, UnleashServer

pytestmark = pytest.mark.unleash

FEATURES = "/projects/default/features"
HOME = f"{FEATURES}/{V2_FLAG}/environments/development"


@pytest.fixture
def server(unleash_server: UnleashServer) -> UnleashServer:
    unleash_server.forget_flags()
    return unleash_server


@pytest.fixture
async def control(server: UnleashServer, tmp_path: Path) -> AsyncIterator[FlagControl]:
    opened = open_control(data_dir=tmp_path, unleash_url=server.url, admin_token=ADMIN_TOKEN)
    yield opened
    await opened.close()


def source_of(server: UnleashServer, folder: Path, token: str = CLIENT_TOKEN) -> UnleashSource:
    return UnleashSource(Endpoint(server.url, token, 0.5), folder, Traits(), PollTiming(poll=0.1, report=0.2))


def ask(server: UnleashServer, method: str, path: str, json: Any = None) -> Any:
    with server.admin() as admin:
        answer = admin.request(method, path, json=json)
        answer.raise_for_status()
        return answer.json() if answer.content else None


async def test_init_makes_both_flags_right(server: UnleashServer, control: FlagControl) -> None:
    assert await control.init() == (V2_FLAG, SHADOW_FLAG)
    for flag, kind in ((V2_FLAG, "release"), (SHADOW_FLAG, "experiment")):
        feature = ask(server, "GET", f"{FEATURES}/{flag}")
        assert (feature["type"], bool(feature["description"])) == (kind, True)
        here = next(item for item in feature["environments"] if item["name"] == "development")
        (strategy,) = here["strategies"]
        assert here["enabled"]
        assert strategy["parameters"] == {"rollout": "0", "stickiness": "userId", "groupId": flag}
    assert ask(server, "GET", "/context/bucket")["description"]
    assert await control.init() == ()


async def test_init_finishes_what_was_begun(server: UnleashServer, control: FlagControl) -> None:
    ask(server, "POST", FEATURES, {"name": V2_FLAG, "type": "release"})
    assert await control.init() == (V2_FLAG, SHADOW_FLAG)
    assert (await control.read()).percent == 0


async def test_init_leaves_a_persons_flag_alone(server: UnleashServer, control: FlagControl) -> None:
    ask(server, "POST", FEATURES, {"name": V2_FLAG, "type": "kill-switch", "description": "mine"})
    strategy = {"name": "flexibleRollout", "parameters": {"rollout": "70", "stickiness": "default", "groupId": "mine"}}
    ask(server, "POST", f"{HOME}/strategies", strategy)
    assert await control.init() == (SHADOW_FLAG,)
    assert ask(server, "GET", f"{FEATURES}/{V2_FLAG}")["description"] == "mine"
    rollout = await control.read()
    assert (rollout.percent, rollout.enabled, rollout.group) == (70, False, "mine")


async def test_an_archived_flag_is_off_already_and_the_way_back_is_said(
    server: UnleashServer, control: FlagControl
) -> None:
    await control.init()
    await control.set_percent(30)
    ask(server, "DELETE", f"{FEATURES}/{V2_FLAG}")
    assert (await control.turn_off()).of("v2").content == ""
    with pytest.raises(InvalidChange, match="does not exist"):
        await control.set_percent(10)
    with pytest.raises(ControlUnavailable, match="an archived flag is revived in its pages"):
        await control.init()
    ask(server, "POST", f"/archive/revive/{V2_FLAG}")
    assert (await control.read()).percent == 30


async def test_somebody_elses_change_is_seen_and_can_be_audited(
    server: UnleashServer, control: FlagControl, tmp_path: Path
) -> None:
    await control.init()
    source = source_of(server, tmp_path)
    await source.start()
    await eventually(lambda: source.state().known)
    heard: list[tuple[FlagState, FlagState]] = []
    source.subscribe(lambda before, after: heard.append((before, after)))
    (strategy,) = ask(server, "GET", f"{HOME}/strategies")
    edit = [{"op": "replace", "path": "/parameters/rollout", "value": "75"}]
    mark = getattr(await control.logged(), "mark", None)
    ask(server, "PATCH", f"{HOME}/strategies/{strategy['id']}", edit)
    await eventually(lambda: source.state().dial == 75)
    await source.stop()
    log = await control.logged(mark)
    assert log is not None
    assert [(one.author, one.before.percent, one.after.percent) for one in log.changes] == [
        ("admin", 0, 75)  # what Unleash calls the holder of an admin token
    ]
    before, after = heard[-1]
    assert before.rollout is not None
    assert after.rollout is not None
    assert (before.rollout.percent, after.rollout.percent) == (0, 75)


async def test_source_and_control_name_the_same_version(
    server: UnleashServer, control: FlagControl, tmp_path: Path
) -> None:
    await control.init()
    await control.force("a", "v2")
    rollout = await control.set_percent(0.5)
    source = source_of(server, tmp_path)
    await source.start()
    state = await source.refresh()
    assert state.rollout == rollout
    listed = state.revision
    await eventually(lambda: source.state().refreshes > 45)  # past the time of fresh reads: the server's own list
    assert source.state().revision == listed
    await source.stop()


async def test_a_change_between_reading_and_writing_is_a_conflict(server: UnleashServer, control: FlagControl) -> None:
    await control.init()
    store = UnleashStore(Endpoint(server.url, ADMIN_TOKEN, 5.0), "default", "development", TWO_VERSIONS)

    def meddle(setting: FlagSetting) -> FlagSetting:
        (strategy,) = setting.strategies
        edit = [{"op": "replace", "path": "/parameters/rollout", "value": "33"}]
        ask(server, "PATCH", f"{HOME}/strategies/{strategy['id']}", edit)
        ours = {**strategy, "parameters": {**strategy["parameters"], "rollout": "99"}}
        return FlagSetting(setting.enabled, (ours,))

    with pytest.raises(Conflict) as conflict:
        await store.change(V2_FLAG, meddle, None)
    await store.close()
    assert conflict.value.current.percent == 33
    assert (await control.read()).percent == 33


async def test_a_killed_server_changes_nothing_and_is_taken_back(
    server: UnleashServer, control: FlagControl, tmp_path: Path
) -> None:
    await control.init()
    await control.set_percent(50)
    source = source_of(server, tmp_path)
    await source.start()
    before = answers(source)
    server.kill()
    try:
        await eventually(lambda: not source.state().healthy)
        assert (await source.refresh()).known
        assert answers(source) == before
        with pytest.raises(ControlUnavailable):
            await control.turn_off()
    finally:
        server.start()
    await eventually(lambda: source.state().healthy)
    assert answers(source) == before
    await control.turn_off()
    await eventually(lambda: source.state().dial == 0)
    await source.stop()


async def test_a_wrong_token_is_said_plainly(server: UnleashServer, control: FlagControl, tmp_path: Path) -> None:
    source = source_of(server, tmp_path, "default:development.wrong")
    await source.start()
    assert "401" in (source.state().error or "")
    await source.stop()
    stranger = open_control(data_dir=tmp_path, unleash_url=server.url, admin_token="*:*.wrong")
    with pytest.raises(ControlUnavailable, match="401"):
        await stranger.read()
    await stranger.close()


async def test_unleash_knows_that_the_flag_is_alive(
    server: UnleashServer, control: FlagControl, tmp_path: Path
) -> None:
    await control.init()
    source = source_of(server, tmp_path)
    await source.start()
    for n in range(20):
        source.decide(f"user-{n}")

    def counted() -> bool:
        usage = ask(server, "GET", f"/client-metrics/features/{V2_FLAG}/raw")["data"]
        return bool(sum(item["no"] for item in usage if item["appName"] == "soulprint-gateway") >= 20)

    await eventually(counted, 40)
    await source.stop()
