"""What of a profile is published stands in one view; the table that keeps it and the statements that write it agree."""

import re
from pathlib import Path

import pytest

import gateway.jobs
import gateway.restore
from gateway.database.pool import Database, load_sql

PUBLISH = load_sql(Path(gateway.jobs.__path__[0]) / "publish.sql")
RESTORE = load_sql(Path(gateway.restore.__path__[0]) / "restore.sql")
BY_CHUNKS = {"chunks_job_id"}  # written where the chunks are
COLUMNS = """
select attname::text, atttypid::regtype::text
from pg_attribute
where attrelid = %s::regclass and attnum > 0 and not attisdropped
order by attnum
"""


async def columns_of(database: Database, relation: str) -> list[tuple[str, str]]:
    async with database.pool.connection() as connection:
        return await (await connection.execute(COLUMNS, [relation])).fetchall()


async def test_what_is_kept_has_the_columns_that_are_published_in_their_order(database: Database) -> None:
    published = await columns_of(database, "gateway.published_columns")
    assert len(published) > 20
    assert await columns_of(database, "gateway.published_profiles") == published


@pytest.mark.parametrize("wrong", [None, "memory_md"])
async def test_publishing_and_putting_back_know_every_published_column(database: Database, wrong: str | None) -> None:
    names = {name for name, _ in await columns_of(database, "gateway.published_columns")} - {"user_id"}
    publish, put_back = PUBLISH["publish_profile"], RESTORE["restore"]
    if wrong is not None:  # the check can fail
        publish, put_back = publish.replace(wrong, ""), put_back.replace(wrong, "")
    listed = publish[: publish.index("values")]
    unpublished = {name for name in names - BY_CHUNKS if not re.search(rf"\b{name}\b", listed)}
    left = {name for name in names if not re.search(rf"\s{name} = ", put_back)}
    assert unpublished | left == ({wrong} if wrong else set())
