-- What of a profile is published, said once: the columns of gateway.published_profiles, in their order. A column that is
-- to be published, kept and put back is added to both, and to the statement `restore`; a test holds the three together.
-- A result that the service before this one left counts as its v1's, whole and embedded.
create view gateway.published_columns as
select user_id, coalesce(pipeline, 'v1') as pipeline, result_job_id, chunks_job_id, soulprint, soulprint_text, soul_md,
       identity_md, agents_md, user_md, tools_md, memory_log, memory_md, archetype, ai_name, soulprint_generated_at,
       total_conversations, total_messages, total_chunks,
       case when pipeline is null then 'complete' else embedding_status end as embedding_status,
       case when pipeline is null then 100 else embedding_progress end as embedding_progress,
       case
           when pipeline is not null then memory_status when memory_md is null then 'none' else 'ready'
       end as memory_status,
       full_pass_completed_at
from user_profiles;
