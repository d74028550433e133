"""Publishing a result with a section missing: what the user had of it stays."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from msgspec.structs import replace
from psycopg.rows import dict_row

import gateway.jobs
from gateway.database.pool import Database, load_sql
from gateway.jobs.publish import LONGEST_WARNING, MOST_WARNINGS, profile_columns, warnings_of
from pipelines.contract import Soulprint

SQL = load_sql(Path(gateway.jobs.__path__[0]) / "publish.sql")

WHOLE = Soulprint(
    sections={"soul": {"humor_style": "dry"}, "user": {"name": "Emily"}},
    facts=(), total_conversations=1, total_messages=2, total_chunks=3,
    soulprint_text="dry Emily", soul_md="dry", user_md="Emily",
)  # fmt: skip
PARTIAL = replace(
    WHOLE, sections={"user": {"name": "Ann"}}, soulprint_text=None, partial_text="Ann", soul_md=None, user_md="Ann"
)


async def publish(database: Database, soulprint: Soulprint) -> dict[str, Any]:
    values = {"user": "u", "id": str(uuid4()), "pipeline": "v2", "embedding_status": "complete"}
    async with database.pool.connection() as connection:
        await connection.execute(SQL["publish_profile"], values | profile_columns(soulprint))
        cursor = connection.cursor(row_factory=dict_row)
        row = await (await cursor.execute("select * from user_profiles")).fetchone()
    assert row
    return row


async def test_a_section_that_is_missing_stays_as_it_was(database: Database) -> None:
    await publish(database, WHOLE)
    profile = await publish(database, PARTIAL)
    assert (profile["soul_md"], profile["user_md"], profile["soulprint_text"]) == ("dry", "Ann", "dry Emily")
    assert profile["soulprint"] == {"soul": {"humor_style": "dry"}, "user": {"name": "Ann"}, "facts": []}


async def test_a_user_without_any_text_gets_what_could_be_written(database: Database) -> None:
    profile = await publish(database, PARTIAL)
    assert (profile["soul_md"], profile["soulprint_text"]) == (None, "Ann")


async def test_a_whole_result_replaces_the_text(database: Database) -> None:
    await publish(database, PARTIAL)
    assert (await publish(database, WHOLE))["soulprint_text"] == "dry Emily"


def test_a_job_keeps_only_so_much_of_what_a_pipeline_warns_of() -> None:
    kept = warnings_of(replace(WHOLE, warnings=("x" * 10_000,) * 10_000))
    assert kept == ["x" * LONGEST_WARNING] * MOST_WARNINGS
