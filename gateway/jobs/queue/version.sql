-- name: columns
select c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod)
from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.oid in (to_regclass('procrastinate_jobs'), to_regclass('procrastinate_workers')) and a.attnum > 0
  and not a.attisdropped;
