-- Jobs that could not be closed: the table of jobs refused their end. Kept here, where nothing of the app's decides, and
-- left alone until an operator runs or cancels them.
create table if not exists gateway.parked_jobs (
    job_id uuid primary key references processing_jobs (id) on delete cascade,
    parked_at timestamptz not null default now(),
    reason text not null,   -- why the job was to end
    refused text not null   -- what refused it: kind of error and names of the schema
);
