-- Who may do what, and what keeps it so. Only what the gateway made is looked at, and the app's three tables. The schema
-- of Supabase's users is read by joins: looking its names up needs a right in it.

-- name: me
select current_user::text, to_regprocedure('gateway.forget_departed()') is not null,
       to_regrole('authenticated') is not null and exists (
           select 1 from pg_proc p join pg_namespace n on n.oid = p.pronamespace
           where n.nspname = 'auth' and p.proname = 'uid' and p.pronargs = 0
       ),
       array(select rolname::text from pg_roles where rolname in ('anon', 'authenticated') order by 1);

-- name: relations
-- A table of the app's is ours where its users are text: so the gateway makes it, and the app has UUIDs.
select format('%I.%I', n.nspname, c.relname), c.relname::text, c.relkind::text, c.relrowsecurity,
       pg_has_role(c.relowner, 'usage'),
       c.relkind in ('r', 'p') and row_security_active(c.oid),
       n.nspname = 'gateway' or c.relname not in ('processing_jobs', 'user_profiles', 'conversation_chunks')
           or exists (
               select 1 from pg_attribute a
               where a.attrelid = c.oid and a.attname = 'user_id' and a.atttypid = 'text'::regtype
           ),
       array(
           select distinct coalesce(r.rolname::text, 'public') || ' ' || lower(granted.privilege_type)
           from (
               select grantee, privilege_type from aclexplode(c.relacl)
               union all
               select own.grantee, own.privilege_type
               from pg_attribute a cross join lateral aclexplode(a.attacl) as own
               where a.attrelid = c.oid and not a.attisdropped
           ) as granted
           left join pg_roles r on r.oid = granted.grantee
           where granted.grantee = 0 or r.rolname in ('anon', 'authenticated')
           order by 1
       ),
       array(
           select policy.polname::text from pg_policy policy
           where policy.polrelid = c.oid and policy.polcmd in ('r', '*') and policy.polpermissive
       )
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  and (
      n.nspname = 'gateway'
      or n.nspname = 'public' and c.relname like 'procrastinate\_%'
      or c.oid in (
          to_regclass('processing_jobs'), to_regclass('user_profiles'), to_regclass('conversation_chunks')
      )
  )
order by 1;

-- name: routines
select p.oid::regprocedure::text, pg_has_role(p.proowner, 'usage'),
       array(
           select distinct coalesce(r.rolname::text, 'public') || ' ' || lower(granted.privilege_type)
           from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as granted
           left join pg_roles r on r.oid = granted.grantee
           where granted.grantee = 0 or r.rolname in ('anon', 'authenticated')
           order by 1
       )
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname = 'gateway' or n.nspname = 'public' and p.proname like 'procrastinate\_%'
order by 1;

-- name: schemas
select format('%I', n.nspname), pg_has_role(n.nspowner, 'usage'),
       array(
           select distinct coalesce(r.rolname::text, 'public') || ' ' || lower(granted.privilege_type)
           from aclexplode(n.nspacl) as granted left join pg_roles r on r.oid = granted.grantee
           where granted.grantee = 0 or r.rolname in ('anon', 'authenticated')
           order by 1
       )
from pg_namespace n
where n.nspname = 'gateway';

-- name: guards
-- The columns that are guarded, by table; a trigger that is switched off guards none.
select c.relname::text, string_to_array(encode(t.tgargs, 'escape'), '\000')
from pg_trigger t join pg_class c on c.oid = t.tgrelid
where t.tgname = 'gateway_guard_columns' and t.tgenabled in ('O', 'A')
  and c.oid in (to_regclass('processing_jobs'), to_regclass('user_profiles'));

-- name: writers
-- Whoever writes chunks evaluates the index on their words, as himself.
select format('%I', r.rolname)
from pg_roles r
where to_regprocedure('gateway.own_words(text,text,text)') is not null
  and has_table_privilege(r.oid, to_regclass('conversation_chunks'), 'insert')
  and not has_function_privilege(r.oid, to_regprocedure('gateway.own_words(text,text,text)'), 'execute')
  and r.rolname not in ('anon', 'authenticated') and r.rolname !~ '^pg_'
order by 1;

-- name: departures
-- No row: there are no such users here. Is somebody told when one is deleted; could that be arranged?
select exists (
           select 1 from pg_trigger t
           where t.tgrelid = u.oid and t.tgname = 'gateway_forget_user' and t.tgenabled in ('O', 'A')
       ),
       has_schema_privilege(n.oid, 'usage') and has_table_privilege(u.oid, 'trigger')
from pg_class u join pg_namespace n on n.oid = u.relnamespace
where n.nspname = 'auth' and u.relname = 'users' and u.relkind in ('r', 'p');
