-- name: moving
-- Jobs of versions above the base that still run, whoever started them.
select count(*) from (
    select from processing_jobs where status = 'processing' and pipeline = any(%(versions)s) limit 1000
) as moving;
