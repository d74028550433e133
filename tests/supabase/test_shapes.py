"""The fixture is what production is: an owner without superuser rights, wide default privileges, old rows."""

from tests.supabase.project import OPEN_USERS, SOULPRINT_USERS, USERS, Project, SupabaseServer


def test_a_project_has_productions_roles_defaults_and_rows(supabase_server: SupabaseServer, supabase: Project) -> None:
    with supabase.acting_as("app_owner") as owner:
        assert owner.execute("select rolsuper from pg_roles where rolname = current_user").fetchone() == (False,)
        owner.execute("create table probe (n int)")
        assert owner.execute("select count(*) from conversation_chunks").fetchone() == (9,)
        assert owner.execute("select count(*) from gateway.results").fetchone() == (0,)
    with supabase.acting_as("anon") as anon:
        anon.execute("insert into probe values (1)")  # so wide are the default privileges
        assert anon.execute("select count(*) from user_profiles").fetchone() == (0,)
    with supabase.acting_as("authenticated", SOULPRINT_USERS[0]) as user:
        assert user.execute("select user_id::text from user_profiles").fetchall() == [(SOULPRINT_USERS[0],)]
    with supabase.acting_as("service_role") as service:
        assert service.execute("select count(*) from processing_jobs").fetchone() == (5,)
        assert set(OPEN_USERS) < set(USERS)
    with supabase_server.project(app=False, migrated=False).acting_as("app_owner") as owner:
        assert owner.execute("select to_regclass('user_profiles')").fetchone() == (None,)
