-- Embedding one user's chunks. `gateway.embeddings` says what is open; a request while one is open begins it anew.

-- name: show_request
-- Not while an import runs: what the page sees then is the import's.
update user_profiles
set embedding_status = 'processing', embedding_progress = %(percent)s
where user_id = %(user)s and import_status <> 'processing';

-- name: load
select model, attempts, requested_at::text from gateway.embeddings
where user_id = %(user)s::text and status = 'pending';

-- name: take_model
update gateway.embeddings set model = %(model)s where user_id = %(user)s::text;

-- name: forget_vectors
update conversation_chunks set embedding = null where user_id = %(user)s and embedding is not null;

-- name: column_type
select udt_name from information_schema.columns
where table_schema = any(current_schemas(false)) and table_name = 'conversation_chunks' and column_name = 'embedding';

-- name: next_chunks
select id::text, coalesce(title, ''), content from conversation_chunks
where user_id = %(user)s and embedding is null
order by id
limit %(limit)s;

-- name: store_vector
update conversation_chunks set embedding = %(vector)s where id = %(id)s and user_id = %(user)s;

-- name: finish
update gateway.embeddings
set status = 'complete', error = null, finished_at = now()
where user_id = %(user)s::text and status = 'pending' and requested_at = %(requested_at)s::timestamptz
returning 1;

-- name: show_finished
update user_profiles set embedding_status = 'complete', embedding_progress = 100
where user_id = %(user)s and import_status <> 'processing';

-- name: try_later
update gateway.embeddings set attempts = attempts + 1, error = %(reason)s
where user_id = %(user)s::text and status = 'pending'
returning attempts;

-- name: fail
update gateway.embeddings set status = 'failed', error = %(reason)s, finished_at = now()
where user_id = %(user)s::text and status = 'pending' and requested_at = %(requested_at)s::timestamptz
returning 1;

-- name: show_failed
update user_profiles set embedding_status = 'failed'
where user_id = %(user)s and import_status <> 'processing';

-- name: count_by_tier
select chunk_tier, count(*), count(embedding) from conversation_chunks where user_id = %(user)s group by chunk_tier;

-- name: state
select status, error from gateway.embeddings where user_id = %(user)s::text;

-- name: find_open
-- Open for a while.
select e.user_id from gateway.embeddings e
where e.status = 'pending' and e.requested_at < now() - make_interval(secs => %(seconds)s)
order by e.requested_at
limit 2000
for update skip locked;
