-- Lists of jobs for operators, the newest first: of one version, and of those that failed or were cancelled.
create index if not exists processing_jobs_by_pipeline on processing_jobs (pipeline, created_at desc, id desc);
create index if not exists processing_jobs_not_complete
    on processing_jobs (cancelled, created_at desc, id desc) where status = 'failed';
