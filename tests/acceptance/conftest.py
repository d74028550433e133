"""Each acceptance test runs on the embedded default, and again on the tables of a Supabase project."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal, cast

import pytest

from gateway.config.settings import Settings
from tests.conftest import settings_for
from tests.live_gateway import LiveGateway, running_gateway
from tests.supabase.project import Project, SupabaseServer

Shape = Literal["embedded", "supabase"]
before_any_database = pytest.mark.before_any_database
"""On a test whose request no database ever sees: once is enough."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "gateway" in metafunc.fixturenames:
        is_before = metafunc.definition.get_closest_marker("before_any_database") is not None
        metafunc.parametrize("shape", ["embedded"] if is_before else ["embedded", "supabase"], indirect=True)


@pytest.fixture
def shape(request: pytest.FixtureRequest) -> Shape:
    """Which tables this test runs on."""
    return cast("Shape", request.param)


@pytest.fixture(scope="session")
def shared_project(supabase_server: SupabaseServer) -> Project:
    """One project with the app's tables and old rows, for all of these tests."""
    return supabase_server.project()


@pytest.fixture
def shaped_settings(shape: Shape, request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings for a database of that shape, with no job in it but those of the service before."""
    if shape == "embedded":
        return cast("Settings", request.getfixturevalue("settings"))
    project = cast("Project", request.getfixturevalue("shared_project"))
    with project.acting_as("app_owner") as owner:
        owner.execute("delete from processing_jobs where pipeline is not null")
        owner.execute("delete from procrastinate_jobs")
    return settings_for(project.url, data_dir=tmp_path / "data")


@pytest.fixture
async def gateway(shaped_settings: Settings) -> AsyncIterator[LiveGateway]:
    """A gateway that serves."""
    async with running_gateway(shaped_settings) as running:
        yield running
