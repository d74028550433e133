"""Supabase projects for tests: databases on the session's server with production's roles, defaults, tables and rows."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict

from gateway.database.embedded_postgres import EmbeddedPostgres

HERE = Path(__file__).parent
OWNER = "app_owner"  # of the tables, and the gateway's own role
Role = Literal["anon", "authenticated", "service_role", "app_owner", "supabase_auth_admin"]
USERS = tuple(f"00000000-0000-4000-8000-{n:012d}" for n in range(1, 61))  # all of them are in auth.users
SOULPRINT_USERS, OPEN_USERS = USERS[:3], USERS[3:5]  # whom the service before left with a result, with an open job


@dataclass(frozen=True, slots=True)
class Project:
    """One database. `url` is the owner's, who is no superuser; `superuser_url` is for what Supabase itself does."""

    url: str
    superuser_url: str

    @contextmanager
    def acting_as(self, role: Role, user_id: str = "") -> Iterator[psycopg.Connection[Any]]:
        """A connection in autocommit, as PostgREST makes one: its own login, the role, the claims of the key."""
        is_client = role in {"anon", "authenticated", "service_role"}
        login = "authenticator" if is_client else role
        with psycopg.connect(as_user(self.superuser_url, login), autocommit=True) as connection:
            if is_client:
                claims = json.dumps({"sub": user_id, "role": role})
                connection.execute("select set_config('request.jwt.claims', %s, false)", (claims,))
                connection.execute(f"set role {role}")
            yield connection


@dataclass(slots=True)
class SupabaseServer:
    """Makes projects by copying templates, each built when it is first asked for."""

    server: EmbeddedPostgres
    migrate: Callable[[str], Coroutine[Any, Any, None]]  # brings the database at this URL to the present schema
    templates: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=count)

    def project(self, *, app: bool = True, migrated: bool = True) -> Project:
        """A fresh one: with the app's tables and the old rows, or empty; with or without the gateway's schema."""
        template = f"template_supabase{'_app' if app else ''}{'_migrated' if migrated else ''}"
        if template not in self.templates:
            self._build(template, app=app, migrated=migrated)
            self.templates.add(template)
        name = f"supabase_{next(self.numbers)}"
        self._execute(f"create database {name} template {template} strategy file_copy owner {OWNER}")
        return self._project(name)

    def drop(self, project: Project) -> None:
        """Remove one that nobody needs any more."""
        self._execute(f"drop database {conninfo_to_dict(project.url)['dbname']} with (force)")

    def _build(self, name: str, *, app: bool, migrated: bool) -> None:
        if not self._has_roles():
            self._execute((HERE / "roles.sql").read_text())
        self._execute(f"create database {name} owner {OWNER}")
        project = self._project(name)
        run(project.superuser_url, "platform.sql")
        if app:
            run(project.url, "app.sql")
            run(project.url, "old_rows.sql")
        if migrated:
            with ThreadPoolExecutor(1) as thread:  # a test's own loop may be running here
                thread.submit(lambda: asyncio.run(self.migrate(project.url))).result()

    def _project(self, name: str) -> Project:
        superuser_url = self.server.url.replace("@/postgres?", f"@/{name}?")
        return Project(as_user(superuser_url, OWNER), superuser_url)

    def _has_roles(self) -> bool:
        with psycopg.connect(self.server.url) as connection:
            found = connection.execute("select 1 from pg_roles where rolname = 'authenticator'").fetchone()
        return found is not None

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute(statement)


def as_user(url: str, user: str) -> str:
    """The URL of the same database for another login."""
    return url.replace("postgresql://postgres@", f"postgresql://{user}@")


def run(url: str, file: str) -> None:
    """Run one of this folder's files."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute((HERE / file).read_text())
