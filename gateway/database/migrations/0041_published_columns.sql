-- What of a profile is published, said once: the columns of gateway.published_profiles, in their order. A column that is
-- to be published, kept and put back is added to both, and to the statement `restore`; a test holds the three together.
-- A result that the service before this one left counts as its v1's, whole and embedded.
-- A function with its text as a string, and not a view: the app may go on changing the types of its own columns.
create function gateway.published_columns(profile user_profiles) returns setof gateway.published_profiles
language sql stable as $$
    select profile.user_id, coalesce(profile.pipeline, 'v1'), profile.result_job_id, profile.chunks_job_id,
           profile.soulprint, profile.soulprint_text, profile.soul_md, profile.identity_md, profile.agents_md,
           profile.user_md, profile.tools_md, profile.memory_log, profile.memory_md, profile.archetype,
           profile.ai_name, profile.soulprint_generated_at, profile.total_conversations, profile.total_messages,
           profile.total_chunks,
           case when profile.pipeline is null then 'complete' else profile.embedding_status end,
           case when profile.pipeline is null then 100 else profile.embedding_progress end,
           case
               when profile.pipeline is not null then profile.memory_status
               when profile.memory_md is null then 'none'
               else 'ready'
           end,
           profile.full_pass_completed_at
$$;
