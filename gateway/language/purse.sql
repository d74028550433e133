-- name: take_of_job
-- Before a call, and what it will cost by estimate. No row: the job's cap does not hold it, or the job is gone.
insert into gateway.language_jobs as spent (job_id, cost_usd)
select id, %(usd)s from processing_jobs where id = %(id)s and %(usd)s <= %(most)s
on conflict (job_id) do update set cost_usd = spent.cost_usd + excluded.cost_usd
where spent.cost_usd + excluded.cost_usd <= %(most)s
returning job_id;

-- name: take_of_day
insert into gateway.language_days as spent (day, cost_usd)
select (now() at time zone 'utc')::date, %(usd)s where %(usd)s <= %(most)s
on conflict (day) do update set cost_usd = spent.cost_usd + excluded.cost_usd
where spent.cost_usd + excluded.cost_usd <= %(most)s
returning day;

-- name: settle_job
-- After it: what it really took.
update gateway.language_jobs
set cost_usd = greatest(0, cost_usd + %(usd)s), calls = calls + %(calls)s,
    input_tokens = input_tokens + %(input)s, output_tokens = output_tokens + %(output)s
where job_id = %(id)s;

-- name: settle_day
update gateway.language_days set cost_usd = greatest(0, cost_usd + %(usd)s) where day = %(day)s;

-- name: expect
-- The first attempt's estimate stays: those that follow know what it has read.
insert into gateway.language_jobs as spent (
    job_id, expected_calls, expected_input_tokens, expected_output_tokens, expected_usd, prices_of
)
select id, %(calls)s, %(input)s, %(output)s, %(usd)s, %(of)s from processing_jobs where id = %(id)s
on conflict (job_id) do update
set expected_calls = excluded.expected_calls, expected_input_tokens = excluded.expected_input_tokens,
    expected_output_tokens = excluded.expected_output_tokens, expected_usd = excluded.expected_usd,
    prices_of = excluded.prices_of
where spent.expected_calls is null;
