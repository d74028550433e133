-- What the app's tables are like now, where the gateway relies on it.

-- name: columns
select c.relname, a.attname, a.attnotnull and not a.atthasdef and a.attidentity = '' and a.attgenerated = ''
from pg_attribute a
join pg_class c on c.oid = a.attrelid
where a.attrelid = any(array[
        to_regclass('processing_jobs'), to_regclass('user_profiles'), to_regclass('conversation_chunks')
    ]::oid[])
  and a.attnum > 0 and not a.attisdropped;

-- name: checks
-- Of one column each: what else a constraint looks at, the gateway cannot judge.
select c.relname, a.attname, con.conname, pg_get_expr(con.conbin, con.conrelid), format_type(a.atttypid, a.atttypmod)
from pg_constraint con
join pg_class c on c.oid = con.conrelid
join pg_attribute a on a.attrelid = con.conrelid and con.conkey = array[a.attnum]
where con.contype = 'c'
  and con.conrelid = any(array[
        to_regclass('processing_jobs'), to_regclass('user_profiles'), to_regclass('conversation_chunks')
    ]::oid[]);
