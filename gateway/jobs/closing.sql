-- Closing a job without a result. Its state comes first; what the user's profile says of it follows as far as the
-- profile takes it, statement by statement.

-- name: park
insert into gateway.parked_jobs (job_id, reason, refused)
values (%(id)s, %(reason)s, %(refused)s)
on conflict (job_id) do nothing;

-- name: has_profile
insert into user_profiles (user_id) values (%(user)s) on conflict (user_id) do nothing;

-- name: profile_status
update user_profiles set import_status = 'failed' where user_id = %(user)s;

-- name: profile_status_before
-- Where the table does not take `failed`: what is true of the data that the user has.
update user_profiles
set import_status = case when soulprint_text is null and soulprint is null then 'none' else 'complete' end
where user_id = %(user)s;

-- name: profile_error
update user_profiles set import_error = %(reason)s where user_id = %(user)s;

-- name: profile_full_pass
update user_profiles set full_pass_status = 'failed' where user_id = %(user)s;

-- name: profile_full_pass_error
update user_profiles set full_pass_error = %(reason)s where user_id = %(user)s;

-- name: profile_memory
update user_profiles set memory_status = case when memory_md is null then 'none' else 'ready' end
where user_id = %(user)s;

-- name: profile_embedding
update user_profiles set embedding_status = case when coalesce(total_chunks, 0) = 0 then 'failed' else 'complete' end
where user_id = %(user)s;
