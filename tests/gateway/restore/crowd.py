"""Ten thousand users with a result of v1, then one of v2: made by SQL, in the shape that publishing leaves."""

from typing import Any

from psycopg.rows import dict_row

from gateway.database.pool import Pool

PUBLISHED = (
    "result_job_id, chunks_job_id, soulprint, soulprint_text, soul_md, identity_md, agents_md, user_md, tools_md, "
    "memory_log, memory_md, archetype, ai_name, soulprint_generated_at, total_conversations, total_messages, "
    "total_chunks, embedding_status, embedding_progress, memory_status, full_pass_completed_at"
)
WRITTEN = (
    "result_job_id, chunks_job_id, soulprint, soulprint_text, soul_md, identity_md, agents_md, user_md, tools_md, "
    "memory_log, memory_md, archetype, ai_name, soulprint_generated_at, total_conversations, total_messages, "
    "total_chunks, full_pass_completed_at"
)
ROWS = f"""
insert into user_profiles (
    user_id, pipeline, import_status, full_pass_status, memory_status, embedding_status, embedding_progress,
    processed_chunks, {WRITTEN}
)
select 'user-' || lpad(n::text, 6, '0'), %(pipeline)s, 'complete', 'complete', 'ready', 'complete', 100,
       %(chunks)s,
       gen_random_uuid(), gen_random_uuid(),
       jsonb_build_object('user', jsonb_build_object('n', n, 'by', %(pipeline)s::text)),
       %(pipeline)s || ' text é 字 😀 "quoted" \\ back' || E'\\r\\n\\ttab ' || n, md5('soul' || n || %(pipeline)s),
       case when mod(n, 3) = 0 then null else md5('identity' || n || %(pipeline)s) end, '', md5('user' || n), null,
       repeat('log ', mod(n, 50)), md5('memory' || n || %(pipeline)s), 'archetype ' || n, null,
       now() - interval '1 day' + n * interval '1.234567 second', n, n * 3, %(chunks)s,
       now() - interval '1 day' + n * interval '7.654321 second'
from generate_series(1, %(users)s) n
on conflict (user_id) do update
set pipeline = excluded.pipeline, ({WRITTEN}) = row({", ".join(f"excluded.{name}" for name in WRITTEN.split(", "))})
"""
CHUNKS = """
insert into conversation_chunks (user_id, conversation_id, content, created_at)
select user_id, 'c' || n, pipeline || ' chunk ' || n || ' of ' || user_id || repeat(' and so on', %(words)s / 3), now()
from user_profiles cross join generate_series(1, %(chunks)s) n
"""


async def publish_crowd(pool: Pool, pipeline: str, users: int, *, chunks: int = 2, words: int = 0) -> None:
    """Every user's live data become this pipeline's; what is replaced is kept, as a finishing job keeps it."""
    values = {"pipeline": pipeline, "users": users, "chunks": chunks, "words": words}
    async with pool.connection() as connection, connection.transaction():
        await connection.execute(
            "insert into gateway.kept_chunks (user_id, chunks_job_id, kept_at, id, conversation_id, content, "
            "created_at, is_recent, chunk_tier) "
            "select c.user_id, p.chunks_job_id, now(), c.id, c.conversation_id, c.content, c.created_at, is_recent, "
            "chunk_tier from conversation_chunks c join user_profiles p using (user_id)"
        )
        await connection.execute("truncate conversation_chunks")
        await connection.execute(ROWS, values)
        await connection.execute(CHUNKS, values)
        await connection.execute(
            f"insert into gateway.published_profiles (user_id, pipeline, {PUBLISHED}) "
            f"select user_id, pipeline, {PUBLISHED} from user_profiles on conflict do nothing"
        )


async def shown(pool: Pool) -> dict[str, Any]:
    """All that users see, by user, as Postgres writes it: equal text is equal bytes."""
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(
            "select p.user_id, p::text as profile, "
            "(select string_agg(c::text, '|' order by c.id) from conversation_chunks c where c.user_id = p.user_id) "
            "as chunks from user_profiles p"
        )
        return {row["user_id"]: (row["profile"], row["chunks"]) for row in await cursor.fetchall()}
