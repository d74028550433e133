"""`gateway rollback --from v3`: users of v3 get back what v2, or else v1, made for them; nobody else is touched."""

import asyncio

import pytest

from gateway.database.pool import Database, open_database
from tests.conftest import settings_for
from tests.gateway.cli.conftest import CommandLine, elsewhere, plain_settings
from tests.gateway.restore.crowd import publish_crowd

__all__ = ["elsewhere", "plain_settings"]

LIVE = "select pipeline, soulprint_text, user_id from user_profiles order by user_id"


def test_a_rollback_from_v3_gives_back_what_each_user_had(
    elsewhere: CommandLine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Users 1 to 6 had v1; 1 to 4 then v2; 1, 2 and 5 then v3. User 7 has v3 alone."""

    async def in_database(*statements: str) -> list[tuple[str, str, str]]:
        database: Database = await open_database(settings_for(database_url))
        try:
            async with database.pool.connection() as connection:
                for statement in statements:
                    await connection.execute(statement.encode())
                return await (await connection.execute(LIVE)).fetchall()
        finally:
            await database.close()

    async def crowd() -> None:
        database = await open_database(settings_for(database_url))
        for pipeline, users in (("v1", 6), ("v2", 4), ("v3", 2)):
            await publish_crowd(database.pool, pipeline, users)
        await database.close()

    asyncio.run(crowd())
    columns = "pipeline = 'v3', soulprint_text = 'v3 text'"
    asyncio.run(
        in_database(
            f"update user_profiles set {columns} where user_id like '%5'",
            "insert into user_profiles (user_id, pipeline, soulprint_text) values ('user-000007', 'v3', 'v3 text')",
        )
    )
    monkeypatch.setenv("DATABASE_URL", database_url)
    unclear = elsewhere("rollback", "--restore-data")
    assert (unclear.code, "v3 (4 users) and v2 (2 users) are live beside v1" in unclear.err) == (2, True)
    counted = elsewhere("rollback", "--restore-data", "--from", "v3", "--dry-run", "--json").json
    assert counted == {"dry_run": True, "from": "v3", "missing": 1, "by_version": {"v2": 2, "v1": 1}}
    done = elsewhere("rollback", "--restore-data", "--from", "v3", "--why", "v3 wrote nonsense")
    assert done.code == 0, done.err
    assert "2 users of v3 have the last result of v2 back" in done.out
    assert "1 users of v3 have the last result of v1 back" in done.out
    assert "1 users of v3 never had a result of an older version" in done.out
    rows = asyncio.run(in_database())
    assert [row[0] for row in rows] == ["v2", "v2", "v2", "v2", "v1", "v1", "v3"]
    assert all(text.startswith(f"{pipeline} text") for pipeline, text, _ in rows)
    again = elsewhere("rollback", "--restore-data", "--from", "v3", "--json").json
    assert again == {"from": "v3", "missing": 1, "by_version": {}, "left_alone": 0}
