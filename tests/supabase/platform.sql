-- What a new project holds before any table of the app, run as superuser in its database: the extension where the server
-- has it, the users, who is asking, and default privileges that give every table to whoever has the anon key.
create schema extensions;
do $$
begin
    if exists (select 1 from pg_available_extensions where name = 'vector') then
        create extension vector with schema extensions;
    end if;
end $$;
grant usage on schema public, extensions to anon, authenticated, service_role, app_owner;
grant create on schema public to app_owner;
grant all on schema extensions to app_owner;

create schema auth authorization supabase_auth_admin;
create table auth.users (id uuid primary key, email text, created_at timestamptz default now());
alter table auth.users owner to supabase_auth_admin;
create function auth.uid() returns uuid language sql stable as $$
    select nullif(coalesce(
        current_setting('request.jwt.claim.sub', true),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
    ), '')::uuid
$$;
create function auth.role() returns text language sql stable as $$
    select coalesce(
        nullif(current_setting('request.jwt.claim.role', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
    )
$$;
grant usage on schema auth to app_owner, anon, authenticated, service_role;
grant all on auth.users to app_owner;
grant execute on all functions in schema auth to app_owner, anon, authenticated, service_role;

alter default privileges for role app_owner in schema public
    grant all on tables to app_owner, anon, authenticated, service_role;
alter default privileges for role app_owner in schema public
    grant all on functions to app_owner, anon, authenticated, service_role;
alter default privileges for role app_owner in schema public
    grant all on sequences to app_owner, anon, authenticated, service_role;

insert into auth.users (id, email)
select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'u' || n || '@example.org'
from generate_series(1, 60) as n;
