-- What the service before this one left, run as `app_owner`: three users with a soulprint and chunks, two whose import is
-- open, jobs that are over with nulls in them.
insert into user_profiles (
    user_id, import_status, soulprint_text, soul_md, identity_md, agents_md, user_md, memory_md, archetype, ai_name,
    soulprint, ai_avatar_url, full_pass_status, total_chunks, personality_profile
)
select id, 'complete', 'old text', '# soul', '# id', '# agents', '# user', '# memory', 'The Old', 'Echo',
       '{"archetype": "The Old", "core_essence": "x"}', 'https://example.org/avatar', 'complete', 3, '{"k": 1}'
from auth.users where email in ('u1@example.org', 'u2@example.org', 'u3@example.org');
insert into user_profiles (user_id, import_status)
select id, 'processing' from auth.users where email in ('u4@example.org', 'u5@example.org');

insert into conversation_chunks (
    user_id, conversation_id, title, content, message_count, created_at, is_recent, chunk_tier
)
select id, 'old-' || n, 'old title', 'old content about sailing ' || n, 4, now() - interval '1 day', true, 'medium'
from auth.users, generate_series(1, 3) as n
where email in ('u1@example.org', 'u2@example.org', 'u3@example.org');
do $$
begin
    if exists (select 1 from pg_extension where extname = 'vector') then
        update public.conversation_chunks
        set embedding = (select array_agg(random())::extensions.vector from generate_series(1, 1024));
    end if;
end $$;

insert into processing_jobs (user_id, status, storage_path, current_step, progress, attempts)
select id, 'processing', 'user-imports/' || id || '/raw-0.json', 'downloading', 5, 1
from auth.users where email = 'u4@example.org';
insert into processing_jobs (user_id, status, storage_path, current_step, progress, attempts)
select id, 'pending', 'user-imports/' || id || '/raw-0.json', 'queued', 0, 1
from auth.users where email = 'u5@example.org';
insert into processing_jobs (
    user_id, status, storage_path, current_step, progress, attempts, completed_at, created_at
)
select id, 'complete', 'user-imports/' || id || '/raw-0.json', 'embedding', 100, 1, now(), now() - interval '60 days'
from auth.users where email in ('u1@example.org', 'u2@example.org');
insert into processing_jobs (user_id, status, storage_path, error_message, progress, attempts, created_at, updated_at)
select id, 'failed', 'user-imports/' || id || '/raw-0.json', 'boom', null, null, null, null
from auth.users where email = 'u3@example.org';
