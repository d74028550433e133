"""Whatever body the old model took: the same fields and types come back, at any dial, on a real socket."""

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from gateway.config.settings import Settings
from tests.conftest import settings_for
from tests.live_gateway import LiveGateway, running_gateway
from tests.supabase.project import USERS, Project

FIELDS: dict[str, tuple[type, ...]] = {
    "status": (str,),
    "message": (str,),
    "user_id": (str,),
    "conversation_count": (int, type(None)),
    "job_id": (str,),
    "version": (str,),
}


class OldModel(BaseModel):
    """The request model of the service that the gateway replaces."""

    user_id: str
    storage_path: str | None = None
    conversation_count: int | None = None
    message_count: int | None = None
    conversations: list[dict[str, Any]] | None = None


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
counts = st.none() | st.integers(-(2**70), 2**70) | st.integers(0, 10**6).map(str) | st.just(12.0)
ids = st.uuids().map(str)
names = st.text("abcXYZ019_-", min_size=1, max_size=12) | ids
buckets = st.sampled_from(["user-imports", "user-exports", "imports"])
paths = st.builds(lambda bucket, rest: "/".join([bucket, *rest]), buckets, st.lists(names, min_size=1, max_size=3))
owned = st.tuples(names, buckets, names).map(lambda part: (part[0], "/".join([part[1], part[0], part[2]])))
scalars = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=True) | st.text(max_size=8)
anything = st.recursive(scalars, lambda part: st.lists(part, max_size=3) | st.dictionaries(text, part, max_size=3))
bodies = st.fixed_dictionaries(
    {"user_id": text | ids},
    optional={
        "storage_path": st.none() | st.just("") | paths,
        "conversation_count": counts,
        "message_count": counts,
        "conversations": st.none() | st.lists(st.dictionaries(text, anything, max_size=3), max_size=2),
        "something_else": anything,
    },
) | st.builds(
    lambda who, count: {"user_id": who[0], "storage_path": who[1], "conversation_count": count}, owned, counts
)


def names_another_user(body: OldModel) -> bool:
    """The one thing that the old service took and this one refuses: an object in another user's folder."""
    _, *folders = (body.storage_path or "").split("/")
    return len(folders) > 1 and is_uuid(folders[0]) and is_uuid(body.user_id) and folders[0] != body.user_id


def is_uuid(text: str) -> bool:
    """Is it one as production sends them?"""
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) is not None


class Rig:
    """A gateway kept for all examples of one test, on a loop of its own."""

    def __init__(self, runner: asyncio.Runner, gateway: LiveGateway) -> None:
        self._runner = runner
        self._gateway = gateway

    def post(self, body: Any, dial: int) -> httpx.Response:
        """POST at a dial."""
        return self._runner.run(self._post(body, dial))

    async def _post(self, body: Any, dial: int) -> httpx.Response:
        await self._gateway.set_dial(dial)
        return await self._gateway.post(body)


@pytest.fixture
def rig(database_url: str, tmp_path: Path) -> Iterator[Rig]:
    """One gateway for all examples."""
    with _running(settings_for(database_url, data_dir=tmp_path, log_level="error")) as running:
        yield running


@pytest.fixture
def supabase_rig(supabase: Project, tmp_path: Path) -> Iterator[Rig]:
    """One gateway for all examples, on the tables of a Supabase project."""
    with _running(settings_for(supabase.url, data_dir=tmp_path, log_level="error")) as running:
        yield running


@contextmanager
def _running(of: Settings) -> Iterator[Rig]:
    with asyncio.Runner() as runner:
        context = running_gateway(of)
        gateway = runner.run(context.__aenter__())
        try:
            yield Rig(runner, gateway)
        finally:
            runner.run(context.__aexit__(None, None, None))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies, dial=st.sampled_from([0, 1, 50, 99, 100]))
def test_any_body_the_old_model_takes_gives_the_same_fields_at_any_dial(
    rig: Rig, body: dict[str, Any], dial: int
) -> None:
    assert_answered(rig, body, dial)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies, user=st.sampled_from(USERS), dial=st.sampled_from([0, 50, 100]))
def test_and_so_for_any_user_whom_a_supabase_project_knows(
    supabase_rig: Rig, body: dict[str, Any], user: str, dial: int
) -> None:
    assert_answered(supabase_rig, {**body, "user_id": user}, dial)


def assert_answered(rig: Rig, body: dict[str, Any], dial: int) -> None:
    """200 with the old fields, or 403 where it names another user's object."""
    taken = OldModel.model_validate(json.loads(json.dumps(body)))
    answer = rig.post(body, dial)
    if names_another_user(taken):
        assert (answer.status_code, list(answer.json())) == (403, ["detail"])
        return
    assert answer.status_code == 200, answer.text
    got = answer.json()
    assert set(got) == set(FIELDS)
    assert all(isinstance(got[name], types) for name, types in FIELDS.items())
    assert (got["user_id"], got["conversation_count"]) == (taken.user_id, taken.conversation_count)
    assert answer.headers["x-pipeline"] == got["version"] in ("v1", "v2")
    if not taken.storage_path:
        assert got["version"] == "v1"
