"""Reading back a user's chunks: complete, and the ones of one conversation together, whatever their times."""

from datetime import UTC, datetime
from itertools import groupby

from gateway.database.pool import Database
from gateway.jobs.run.ports import PAGE, UserChunks

SAME_TIME = datetime(2025, 1, 1, tzinfo=UTC)


async def test_conversations_with_one_time_come_one_after_the_other(database: Database) -> None:
    rows = [(f"c{n % 3}", f"text {n}", SAME_TIME) for n in range(2 * PAGE + 10)]
    async with database.pool.connection() as connection, connection.cursor() as cursor:
        await cursor.executemany(
            "insert into conversation_chunks (user_id, conversation_id, content, created_at) values ('u', %s, %s, %s)",
            rows,
        )
    read = [chunk async for batch in UserChunks(database.pool, "u").read() for chunk in batch]
    assert sorted(chunk.content for chunk in read) == sorted(text for _, text, _ in rows)
    assert [key for key, _ in groupby(chunk.conversation_id for chunk in read)] == ["c0", "c1", "c2"]
