-- Can a profile be written? All of it is undone.

-- name: write_profile
insert into user_profiles (user_id, import_status) values (%(user)s, 'none');

-- name: patch_profile
update user_profiles set embedding_progress = 1 where user_id = %(user)s returning embedding_progress;

-- name: some_profile
-- One that nobody is at work on.
select user_id::text from user_profiles limit 1 for update skip locked;
