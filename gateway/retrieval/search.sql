-- Finding one user's memories. Every statement reads this user's rows alone.

-- name: by_words
-- Rare words count for more: a word's weight falls with the number of the user's chunks that have it.
with owner as (
    -- The id as the column's type spells it, be that text or uuid.
    select left(md5(row.user_id::text), 16) as mark
    from jsonb_populate_record(null::conversation_chunks, jsonb_build_object('user_id', %(owner)s::text)) as row
), term as materialized (
    select n, quote_literal('@' || owner.mark)::tsquery && plainto_tsquery('english', word) as query
    from owner cross join unnest(%(words)s::text[]) with ordinality as asked (word, n)
    where numnode(plainto_tsquery('english', word)) > 0  -- words that say nothing are not indexed
), hit as materialized (
    select term.n, found.id
    from term cross join lateral (
        select c.id from conversation_chunks c
        where c.user_id = %(user)s and gateway.own_words(c.user_id::text, c.title, c.content) @@ term.query
        limit 2000
    ) as found
), weight as (
    select n, ln(1 + (select count(distinct id) from hit)::float8 / count(*)) as weight from hit group by n
), best as (
    select hit.id, sum(weight.weight) as score from hit join weight using (n) group by hit.id
)
select c.conversation_id::text, coalesce(c.title, ''), c.content, c.created_at
from best join conversation_chunks c on c.id = best.id
where c.user_id = %(user)s
order by best.score desc, c.chunk_tier = 'medium' desc, octet_length(c.content), c.created_at desc, c.id
limit %(limit)s;

-- name: by_pieces
-- Inside of words, over what one user has at most; rare pieces count for more.
with own as materialized (
    select id, lower(coalesce(title, '') || ' ' || left(content, 200000)) as text
    from conversation_chunks where user_id = %(user)s
    order by created_at desc, id
    limit 2000
), hit as materialized (
    select asked.n, own.id
    from own join unnest(%(pieces)s::text[]) with ordinality as asked (piece, n) on position(asked.piece in own.text) > 0
), weight as (
    select n, ln(1 + (select count(distinct id) from hit)::float8 / count(*)) as weight from hit group by n
), best as (
    select hit.id, sum(weight.weight) as score from hit join weight using (n) group by hit.id
)
select c.conversation_id::text, coalesce(c.title, ''), c.content, c.created_at
from best join conversation_chunks c on c.id = best.id
where c.user_id = %(user)s
order by best.score desc, c.chunk_tier = 'medium' desc, octet_length(c.content), c.created_at desc, c.id
limit %(limit)s;

-- name: by_meaning
select conversation_id::text, coalesce(title, ''), content, created_at
from conversation_chunks
where user_id = %(user)s and embedding is not null and vector_dims(embedding) = %(dimensions)s
order by embedding <=> %(vector)s::vector, id
limit %(limit)s;

-- name: vectors_made_by
-- Vectors of two models have nothing in common. Without a note of the model they are taken for the present one's.
select coalesce(
    (select e.model is null or e.model = %(model)s from gateway.embeddings e where e.user_id = %(user)s::text), true
) and exists (
    select 1 from information_schema.columns
    where table_schema = any(current_schemas(false)) and table_name = 'conversation_chunks'
      and column_name = 'embedding' and udt_name = 'vector'
);

-- name: profile
select soulprint_text, memory_md, memory_log, soulprint, archetype, ai_name, total_conversations, pipeline
from user_profiles where user_id = %(user)s;
