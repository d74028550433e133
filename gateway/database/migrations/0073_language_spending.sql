-- What users' jobs pay a language provider: the estimate before and what it came to, a row a job and a sum a day.
create table if not exists gateway.language_jobs (
    job_id uuid primary key references processing_jobs (id) on delete cascade,
    expected_calls bigint,                                -- null: nothing was asked for yet
    expected_input_tokens bigint,
    expected_output_tokens bigint,
    expected_usd double precision,                        -- null: the model has no known price
    prices_of date,                                       -- when the prices were read
    calls bigint not null default 0,
    input_tokens bigint not null default 0,
    output_tokens bigint not null default 0,
    cost_usd double precision not null default 0          -- with what calls under way may cost
);
create table if not exists gateway.language_days (
    day date primary key,                                 -- UTC
    cost_usd double precision not null default 0
);
