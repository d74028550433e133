-- Whose fault it is that a job failed, or that its last attempt did: input, pipeline, operator, dependency:<which>.
-- Null: it did not fail, or a version that did not know closed it.

alter table processing_jobs add column if not exists failure_cause text;
create index if not exists processing_jobs_failed on processing_jobs (completed_at) where status = 'failed';
