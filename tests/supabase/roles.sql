-- The roles of a Supabase project, run as superuser, once a server. `app_owner` is what is called `postgres` there, and
-- is no superuser; here that name is taken by the server's own.
create role app_owner login createdb createrole bypassrls replication;
alter role app_owner set search_path to "$user", public, extensions;
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role authenticator login noinherit;
create role supabase_auth_admin login noinherit createrole;
grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to app_owner;
