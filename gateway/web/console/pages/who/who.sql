-- What a user has, and what is kept of other versions. The ids are compared as the tables have them: text, or UUID.

-- name: results
select pipeline, soulprint_generated_at as made_at, true as live
from user_profiles
where user_id = (jsonb_populate_record(null::user_profiles, jsonb_build_object('user_id', %(user)s::text))).user_id
  and pipeline is not null
union all
select k.pipeline, k.soulprint_generated_at, false
from gateway.published_profiles k
where k.user_id = (
        jsonb_populate_record(null::gateway.published_profiles, jsonb_build_object('user_id', %(user)s::text))
    ).user_id
  and not exists (
      select 1 from user_profiles p where p.user_id::text = k.user_id::text and p.pipeline = k.pipeline
  );
