-- Finding memories by their words, one user's at the cost of that user's chunks alone; embedding chunks.

-- A chunk's words, stemmed, and whose it is, as one more word. The index then meets the few chunks of one user with those
-- that have a word, however many others have it. Words of other languages are stemmed alike on both sides.
create function gateway.own_words(user_id text, title text, content text) returns tsvector
language sql immutable parallel safe cost 5000 as $$  -- a document is parsed: some 0.3 ms
    select to_tsvector('english', left(coalesce(title, '') || ' ' || content, 200000))
        || array_to_tsvector(array['@' || left(md5(user_id), 16)])
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
