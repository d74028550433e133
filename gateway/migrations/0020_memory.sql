-- Finding memories by their words, one user's at the cost of that user's chunks alone; embedding chunks.

-- A chunk's words, each marked with whose it is. So the index leads straight to one user's chunks, also for the start of
-- a word (`paint` finds `painting`), however often others use it.
create function gateway.own_words(user_id text, title text, content text) returns tsvector
language sql immutable parallel safe cost 5000 as $$  -- a document is parsed: some 0.2 ms
    select array_to_tsvector(coalesce(array_agg(left(md5(user_id), 16) || ':' || word), '{}'))
    from unnest(tsvector_to_array(to_tsvector('simple', left(coalesce(title, '') || ' ' || content, 100000)))) as word
    where octet_length(word) < 1000  -- Postgres refuses words of 2 kB, and documents of 1 MB
$$;

create index conversation_chunks_words
    on conversation_chunks using gin (gateway.own_words(user_id::text, title, content));
drop index if exists conversation_chunks_search;  -- the words of all users in one: nothing asked it

-- What is to be embedded. The row is the truth, the queue entry only delivers it.
create table gateway.embeddings (
    user_id text primary key,
    status text not null default 'pending' check (status in ('pending', 'complete', 'failed')),
    model text,                                           -- made the vectors that are there; null: not known
    attempts integer not null default 0,
    error text,
    requested_at timestamptz not null default now(),
    finished_at timestamptz
);
create index embeddings_open on gateway.embeddings (requested_at) where status = 'pending';
create index if not exists conversation_chunks_not_embedded
    on conversation_chunks (user_id, id) where embedding is null;
