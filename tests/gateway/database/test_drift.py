"""What of the app's tables no longer takes what the gateway writes is found, with a statement that mends it."""

import psycopg
import pytest

from gateway.database.drift import find_drift
from gateway.database.migrations import MigrationError, migrate
from gateway.database.pool import Database, open_database
from tests.conftest import settings_for
from tests.supabase.project import Project, SupabaseServer

DRIFTS = {
    "user_profiles.import_status does not take 'failed' (user_profiles_import_status_check)": (
        "alter table user_profiles drop constraint user_profiles_import_status_check, add constraint "
        "user_profiles_import_status_check check (import_status in ('none', 'processing', 'complete', 'locked'))"
    ),
    "processing_jobs.status does not take 'pending', 'failed' (short)": (
        "alter table processing_jobs add constraint short check (status in ('processing', 'complete')) not valid"
    ),
    "user_profiles has no column tools_md": "alter table user_profiles drop column tools_md",
    "conversation_chunks requires source, which the gateway does not write": (
        "alter table conversation_chunks add column source text not null default 'x'; "
        "alter table conversation_chunks alter column source drop default"
    ),
}
HARMLESS = """
alter table user_profiles add column theirs text not null default '';
alter table user_profiles add constraint percent check (import_status not like '%\\%%');
alter table user_profiles add constraint two check (import_status <> 'failed' or import_error is not null) not valid
"""


async def drift_at(url: str) -> dict[str, str]:
    database = await open_database(settings_for(url))
    try:
        async with database.pool.connection() as connection:
            return {drift.what: drift.statement for drift in await find_drift(connection)}
    finally:
        await database.close()


async def test_each_drift_is_found_and_its_statement_mends_it(supabase: Project, database: Database) -> None:
    async with database.pool.connection() as connection:
        assert await find_drift(connection) == ()  # nor on tables that the gateway made
    with psycopg.connect(supabase.url, autocommit=True) as owner:
        owner.execute(HARMLESS)
        assert await drift_at(supabase.url) == {}
        for statement in DRIFTS.values():
            owner.execute(statement)
        found = await drift_at(supabase.url)
        assert set(found) == set(DRIFTS)
        for statement in found.values():
            owner.execute(statement)
    assert await drift_at(supabase.url) == {}


async def test_columns_that_migrations_refer_to_are_asked_for_before_the_first(supabase_server: SupabaseServer) -> None:
    project = supabase_server.project(migrated=False)
    with psycopg.connect(project.url, autocommit=True) as owner:
        owner.execute("alter table user_profiles drop column archetype")
        database = await open_database(settings_for(project.url))
        try:
            with pytest.raises(MigrationError, match="user_profiles has no column archetype") as failure:
                await migrate(database)
            owner.execute(str(failure.value).splitlines()[-1])
            assert await migrate(database)
        finally:
            await database.close()
