-- Comparisons that ask by a provider's batch interface: they are put aside until a batch has ended, and run again then.

alter table gateway.shadow_runs add column if not exists batches integer not null default 0;  -- sent for it so far
alter table gateway.shadow_runs drop constraint if exists shadow_runs_status_check;
alter table gateway.shadow_runs add constraint shadow_runs_status_check
    check (status in ('planned', 'running', 'aside', 'done')) not valid;

-- Holds nobody's words. A batch whose comparison is over, or whose user is gone, stays until the provider has ended it.
create table if not exists gateway.shadow_batches (
    id uuid primary key,                                   -- begins the id of each of its questions at the provider
    job_id uuid references gateway.shadow_runs (job_id) on delete set null,
    status text not null check (status in ('unsent', 'sending', 'sent', 'cancelled')),
    pipeline text not null,
    mode text not null,
    handle text,                                           -- what the provider calls it, as JSON, once that is known
    grouping text not null,                                -- what its questions have to share
    questions integer not null,
    day date not null,                                     -- of the budget that it was reserved from
    tokens bigint not null,
    cost_usd double precision not null,
    begun_at timestamptz not null default now(),
    looks integer not null default 0,
    look_at timestamptz not null
);
create index if not exists shadow_batches_by_look on gateway.shadow_batches (look_at);
create index if not exists shadow_batches_by_job on gateway.shadow_batches (job_id);

-- What was asked for a comparison, and answered, until it is over.
create table if not exists gateway.shadow_answers (
    job_id uuid not null references gateway.shadow_runs (job_id) on delete cascade,
    key text not null,                                     -- digest of the question
    user_id text not null,
    batch uuid,
    number integer,                                        -- its place in the batch
    status text not null check (status in ('asked', 'succeeded', 'errored', 'expired', 'canceled', 'live')),
    body text,                                             -- as the provider sent it
    primary key (job_id, key)
);
create index if not exists shadow_answers_by_batch on gateway.shadow_answers (batch);
create index if not exists shadow_answers_by_user on gateway.shadow_answers (user_id);
