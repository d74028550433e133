"""What of a profile is published stands in one function; the kept table and the statements agree with it."""

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
select attname::text, format_type(atttypid, atttypmod)
from pg_attribute
where attrelid = 'gateway.published_profiles'::regclass and attnum > 0 and not attisdropped
order by attnum
"""
PUBLISHED = "select to_jsonb(published) from user_profiles p cross join lateral gateway.published_columns(p) published"
SAMPLES = {"uuid": "gen_random_uuid()", "integer": "{n}", "jsonb": "'{{\"n\": {n}}}'", "text": "'text {n}'"}


async def columns_of(database: Database) -> dict[str, str]:
    """Names and types of what is kept of a profile, in their order."""
    async with database.pool.connection() as connection:
        return dict(await (await connection.execute(COLUMNS)).fetchall())


async def test_what_is_kept_has_the_columns_that_are_published_in_their_order(database: Database) -> None:
    """Every column with a value of its own: none is swapped with another."""
    columns = await columns_of(database)
    assert len(columns) > 20
    values = [
        SAMPLES.get(kind, "now() - {n} * interval '1 day'").format(n=n) for n, kind in enumerate(columns.values())
    ]
    async with database.pool.connection() as connection:
        written = await connection.execute(
            f"insert into user_profiles ({', '.join(columns)}) values ({', '.join(values)}) "
            "returning to_jsonb(user_profiles)"
        )
        (row,) = await written.fetchone() or ()
        (published,) = await (await connection.execute(PUBLISHED)).fetchone() or ()
    assert published == {name: row[name] for name in columns}


@pytest.mark.parametrize("wrong", [None, "memory_md"])
async def test_publishing_and_putting_back_know_every_published_column(database: Database, wrong: str | None) -> None:
    names = set(await columns_of(database)) - {"user_id"}
    publish, put_back = PUBLISH["publish_profile"], RESTORE["restore"]
    if wrong is not None:  # the check can fail
        publish, put_back = publish.replace(wrong, ""), put_back.replace(wrong, "")
    listed = publish[: publish.index("values")]
    unpublished = {name for name in names - BY_CHUNKS if not re.search(rf"\b{name}\b", listed)}
    left = {name for name in names if not re.search(rf"\s{name} = ", put_back)}
    assert unpublished | left == ({wrong} if wrong else set())
