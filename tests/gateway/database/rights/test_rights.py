"""After all migrations, nothing of the gateway's is open to whoever has the key that stands in every web page."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from gateway.database.migrations import migrate
from gateway.database.pool import open_database
from gateway.database.rights.close import find_open
from gateway.database.rights.judge import APP_TABLES, GUARDED, Finding
from tests.conftest import settings_for
from tests.supabase.project import USERS, Project, Role, SupabaseServer

RELATIONS = """
select c.oid, format('%%I.%%I', n.nspname, c.relname), c.relkind, c.relrowsecurity
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  and (n.nspname = 'gateway' or n.nspname = 'public' and (c.relname like 'procrastinate%%' or c.relname = any(%s)))
"""
FUNCTIONS = """
select p.oid, p.oid::regprocedure::text from pg_proc p
where p.pronamespace = 'gateway'::regnamespace or p.proname like 'procrastinate%'
"""
ANN, BEN = USERS[0], USERS[5]


@pytest.fixture(params=["the app's tables", "an empty project"])
def project(request: pytest.FixtureRequest, supabase_server: SupabaseServer) -> Project:
    return supabase_server.project(app=request.param == "the app's tables")


@pytest.fixture
def stranger(project: Project) -> Iterator[str]:
    """A role that nobody gave anything: what it may do, everybody may."""
    with psycopg.connect(project.superuser_url, autocommit=True) as connection:
        connection.execute("drop role if exists stranger")
        connection.execute("create role stranger")
        yield "stranger"
        connection.execute("drop role stranger")


def test_the_catalogue_gives_no_role_any_right_but_reading_ones_own_rows(project: Project, stranger: str) -> None:
    with psycopg.connect(project.superuser_url) as connection:
        is_apps = connection.execute("select to_regproc('update_updated_at') is not null").fetchone() == (True,)
        relations = connection.execute(RELATIONS, ([] if is_apps else list(APP_TABLES),)).fetchall()
        functions = connection.execute(FUNCTIONS).fetchall()
        assert len(relations) > 25
        assert len(functions) > 15
        assert [name for _, name, kind, secured in relations if kind in "rp" and not secured] == []
        found = [
            (role, name, right)
            for role in ("anon", "authenticated", stranger)
            for question, objects, rights in (
                ("has_table_privilege", [row for row in relations if row[2] != "S"],
                 "select insert update delete truncate references trigger"),
                ("has_any_column_privilege", [row for row in relations if row[2] != "S"], "select insert update"),
                ("has_sequence_privilege", [row for row in relations if row[2] == "S"], "usage select update"),
                ("has_function_privilege", functions, "execute"),
            )
            for oid, name, *_ in objects
            for right in rights.split()
            if connection.execute(f"select {question}(%s, %s, %s)", (role, oid, right)).fetchone() == (True,)
        ]  # fmt: skip
        schema = "select has_schema_privilege(%s, 'gateway', %s)"
        for role in ("anon", "authenticated", stranger):
            assert [connection.execute(schema, (role, right)).fetchone() for right in ("usage", "create")] == [
                (False,)
            ] * 2
    own_rows = {("authenticated", f"public.{table}", "select") for table in ([] if is_apps else APP_TABLES)}
    assert set(found) == own_rows


def test_each_role_reaches_its_own_rows_and_no_others(project: Project) -> None:
    with project.acting_as("app_owner") as owner:
        owner.execute("insert into processing_jobs (user_id, status, pipeline) values (%s, 'pending', 'v1')", (BEN,))
        owner.execute("insert into user_profiles (user_id, pipeline) values (%s, 'v2')", (BEN,))
    assert outcome(project, "anon", "select * from user_profiles") in (0, "refused")
    assert outcome(project, "anon", "select * from gateway.results") == "refused"
    for table in ("processing_jobs", "user_profiles"):
        assert outcome(project, "authenticated", f"select * from {table}", user=BEN) == 1
        assert outcome(project, "authenticated", f"select * from {table} where user_id <> '{BEN}'", user=BEN) == 0
        assert outcome(project, "authenticated", f"delete from {table}", user=BEN) in (0, "refused")
    for value in ("pipeline = 'v1'", f"result_job_id = '{BEN}'", f"chunks_job_id = '{BEN}'"):
        assert outcome(project, "authenticated", f"update user_profiles set {value}", user=BEN) == "refused"
    row = f"insert into user_profiles (user_id, pipeline) values ('{USERS[6]}', 'v2')"
    assert outcome(project, "authenticated", row, user=USERS[6]) == "refused"
    assert outcome(project, "service_role", "select * from user_profiles where pipeline = 'v2'") in (1, "refused")


def test_users_go_on_writing_what_the_apps_own_policies_let_them_write(supabase: Project) -> None:
    named = "update user_profiles set ai_name = 'Nova', archetype = 'Sailor'"
    assert outcome(supabase, "authenticated", named, user=ANN) == 1
    made = f"insert into user_profiles (user_id, ai_name) values ('{BEN}', 'Nova')"
    assert outcome(supabase, "authenticated", made, user=BEN) == 1
    chunk = f"""insert into conversation_chunks (user_id, conversation_id, content, created_at)
                values ('{ANN}', 'c', 'of the app', now())"""
    assert outcome(supabase, "service_role", chunk) == 1  # which computes our index on its words


def test_no_client_writes_a_job_that_would_be_run(project: Project) -> None:
    mine = "insert into processing_jobs (user_id, status, pipeline, storage_path) values ('{0}', 'pending', 'v1', 'x')"
    bare = "insert into processing_jobs (user_id, storage_path) values ('{0}', 'user-imports/x.json')"
    for role in ("anon", "authenticated"):
        for statement in (mine, bare):
            assert outcome(project, role, statement.format(ANN), user=BEN) == "refused"
    with project.acting_as("app_owner") as owner:  # a policy of the app's, and a table that it opened
        owner.execute("create policy theirs on processing_jobs for all to authenticated using (true) with check (true)")
        owner.execute("grant all on processing_jobs to authenticated, anon")
        owner.execute(mine.format(ANN))
        owner.execute(bare.format(ANN))
        assert outcome(project, "authenticated", mine.format(ANN), user=BEN) == "refused"
        assert outcome(project, "authenticated", bare.format(ANN), user=BEN) == 1
        for change in ("storage_path = 'other'", "pipeline = null", "status = 'complete'", "fence = 7"):
            statement = f"update processing_jobs set {change} where pipeline = 'v1'"
            assert outcome(project, "authenticated", statement, user=BEN) == "refused"
        made_ours = "update processing_jobs set pipeline = 'v1' where pipeline is null"
        assert outcome(project, "authenticated", made_ours, user=BEN) == "refused"
        owner.execute("alter table processing_jobs disable row level security")
        assert outcome(project, "anon", mine.format(ANN)) == "refused"


async def test_what_was_opened_is_told_and_the_gateways_own_is_closed_again(
    supabase: Project, supabase_server: SupabaseServer
) -> None:
    assert await findings(supabase) == ()
    assert await findings(supabase_server.project(app=False)) == ()
    with supabase.acting_as("app_owner") as owner:
        owner.execute("grant select on gateway.results to anon; grant usage on schema gateway to public")
        owner.execute("grant update (payload) on gateway.outbox to authenticated")
        owner.execute("alter table gateway.results disable row level security")
        owner.execute("grant execute on function gateway.forget_user to anon")
        owner.execute("grant usage on sequence procrastinate_jobs_id_seq to anon")
        owner.execute("alter table user_profiles disable trigger gateway_guard_columns")
        owner.execute("revoke execute on function gateway.own_words from service_role")
        owner.execute("alter table conversation_chunks disable row level security")  # the app's: it may mean it
    with psycopg.connect(supabase.superuser_url, autocommit=True) as connection:
        connection.execute("drop trigger gateway_forget_user on auth.users")
    told = " ".join(found.what for found in await findings(supabase))
    for name in ("results: anon select", "schema gateway: public usage", "outbox: authenticated update",
                 "forget_user(text): anon execute", "jobs_id_seq: anon usage", "columns of public.user_profiles",
                 "service_role may write chunks", "auth.users", "off on public.conversation_chunks"):  # fmt: skip
        assert name in told
    await migrated(supabase)
    (left,) = await findings(supabase)
    assert (left.what, left.severity) == ("row level security is off on public.conversation_chunks", "open")
    with supabase.acting_as("app_owner") as owner:
        owner.execute(left.statement)
    assert await findings(supabase) == ()


async def test_an_owner_without_rights_on_the_users_says_so_and_works(supabase_server: SupabaseServer) -> None:
    project = supabase_server.project(migrated=False)
    with psycopg.connect(project.superuser_url, autocommit=True) as connection:
        connection.execute("revoke all on auth.users from app_owner")
    await migrated(project)
    (found,) = await findings(project)
    assert (found.severity, found.mine) == ("weak", False)
    with psycopg.connect(project.superuser_url, autocommit=True) as connection:
        connection.execute(found.statement)  # as the page says: by somebody who may
    assert await findings(project) == ()


def test_every_column_that_migrations_add_to_the_apps_tables_is_guarded(
    supabase: Project, supabase_server: SupabaseServer
) -> None:
    before = supabase_server.project(migrated=False)
    for table, guarded in GUARDED.items():
        added = columns(supabase, table) - columns(before, table)
        assert added == set(guarded), f"{table}: name them in gateway/database/rights/judge.py"
    assert columns(supabase, "conversation_chunks") == columns(before, "conversation_chunks")


def outcome(project: Project, role: Role, statement: str, *, user: str = "") -> int | str:
    """How many rows a statement touches in a transaction that is undone, or that it is refused."""
    with project.acting_as(role, user) as connection, connection.transaction(force_rollback=True):
        try:
            return connection.execute(statement).rowcount
        except InsufficientPrivilege:
            return "refused"


def columns(project: Project, table: str) -> set[str]:
    query = "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
    with project.acting_as("app_owner") as owner:
        return {row[0] for row in owner.execute(query, (table,)).fetchall()}


async def findings(project: Project) -> tuple[Finding, ...]:
    database = await open_database(settings_for(project.url))
    try:
        async with database.pool.connection() as connection:
            return await find_open(connection)
    finally:
        await database.close()


async def migrated(project: Project) -> Any:
    database = await open_database(settings_for(project.url))
    try:
        await migrate(database)
    finally:
        await database.close()
