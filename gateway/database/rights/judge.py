"""What is open in the gateway's part of a database, judged from the rows of its catalogue, and what closes it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

CLIENTS: Final = "public", "anon", "authenticated"  # whoever has the key that stands in every web page
APP_TABLES: Final = "processing_jobs", "user_profiles", "conversation_chunks"
OWN_ROWS: Final = "gateway: own rows"
GUARDED: Final[Mapping[str, tuple[str, ...]]] = {
    "processing_jobs": (
        "pipeline", "reason", "dial", "dials", "flag_revision", "pinned", "shadow", "request_key", "inline", "fence",
        "worker", "started_at", "cancel_requested_at", "cancelled", "failure_cause", "waiting_for", "waited_for",
        "waits", "waiting_since", "warnings",
    ),
    "user_profiles": ("pipeline", "result_job_id", "chunks_job_id"),
}  # fmt: skip
"""The gateway's columns of the app's tables. A test holds this together with the migrations."""

Severity = Literal["open", "weak"]


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, view or sequence. `ours`: the gateway made it. `rights`: of clients, as "role privilege"."""

    name: str  # with its schema, quoted
    short: str
    kind: str  # as in pg_class.relkind
    secured: bool  # row level security is on
    changeable: bool  # by this role
    hidden: bool  # row level security holds for this role
    ours: bool
    rights: Sequence[str] = ()
    policies: Sequence[str] = ()  # that let rows be read

    @property
    def is_table(self) -> bool:
        return self.kind in {"r", "p"}


@dataclass(frozen=True, slots=True)
class Thing:
    """A function or a schema, and the rights of clients in it."""

    name: str
    changeable: bool
    rights: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the judgement needs to know. `guards`: by table, the columns that are guarded."""

    role: str
    is_whole: bool  # the functions that guard and forget are there: false half way through the migrations
    has_users: bool  # there are `authenticated` users, who show who they are
    clients: Sequence[str]  # of `anon` and `authenticated`, those that are here
    relations: Sequence[Relation]
    routines: Sequence[Thing]
    schemas: Sequence[Thing]
    guards: Mapping[str, Sequence[str]]
    writers: Sequence[str] = ()  # roles that may write chunks, and may not compute their words
    departures: tuple[bool, bool] | None = None  # of auth.users: a deletion is followed; it could be


@dataclass(frozen=True, slots=True)
class Finding:
    """`open`: somebody can do what nobody should; `weak`: something that protects or cleans up is missing.

    `mine`: migrate closes it. `statement`: what closes it, empty where no one statement does.
    """

    severity: Severity
    what: str
    statement: str
    mine: bool


def judge(seen: Catalogue) -> tuple[Finding, ...]:
    """Everything that is open, in the order in which it is to be closed."""
    return (
        *(found for relation in seen.relations for found in _relation(relation, seen)),
        *_things(seen.schemas, "schema"),
        *(Finding("weak", f"{role} may write chunks, and not compute their words", _let_write(role), mine=True)
          for role in seen.writers),
        *_things(seen.routines, "routine"),
        *(_guards(seen) if seen.is_whole else ()),
        *(_departures(seen) if seen.is_whole else ()),
    )  # fmt: skip


def _relation(relation: Relation, seen: Catalogue) -> Iterator[Finding]:
    mine = relation.ours and relation.changeable
    if relation.is_table and not relation.secured:
        what = f"row level security is off on {relation.name}"
        severity: Severity = "open" if seen.clients else "weak"
        yield Finding(severity, what, f"alter table {relation.name} enable row level security", mine=mine)
    if relation.hidden:
        what = f"row level security hides rows of {relation.name} from {seen.role}, the gateway's own role"
        yield Finding("open", what, f'alter role "{seen.role}" bypassrls', mine=False)
    if not relation.ours:
        return
    readable = relation.short in APP_TABLES and seen.has_users
    if rights := [right for right in relation.rights if not (readable and right == "authenticated select")]:
        what = f"{relation.name}: {', '.join(rights)}"
        yield Finding("open", what, _revoke("table", relation.name, rights), mine=mine)
    if readable and OWN_ROWS not in relation.policies:
        what = f"users cannot read their own rows of {relation.name}"
        yield Finding("weak", what, _own_rows(relation.name), mine=mine)
    elif readable and (rights or "authenticated select" not in relation.rights):
        statement = f"grant select on table {relation.name} to authenticated"
        yield Finding("weak", f"users cannot read their own rows of {relation.name}", statement, mine=mine)


def _things(things: Iterable[Thing], kind: str) -> Iterator[Finding]:
    for thing in things:
        if thing.rights:
            what = f"{kind} {thing.name}: {', '.join(thing.rights)}"
            yield Finding("open", what, _revoke(kind, thing.name, thing.rights), mine=thing.changeable)


def _guards(seen: Catalogue) -> Iterator[Finding]:
    for relation in seen.relations:
        columns = GUARDED.get(relation.short, ())
        if columns and not set(columns) <= set(seen.guards.get(relation.short, ())):
            what = f"users can write the gateway's columns of {relation.name} wherever a policy lets them write a row"
            severity: Severity = "open" if seen.clients else "weak"
            yield Finding(severity, what, _guard(relation.name, columns), mine=relation.changeable)


def _departures(seen: Catalogue) -> Iterator[Finding]:
    if seen.departures is not None and not seen.departures[0]:
        what = "a user who is deleted in auth.users is not forgotten at once: no trigger tells of it"
        statement = (
            "create or replace trigger gateway_forget_user after delete on auth.users "
            "for each row execute function gateway.forget_departed()"
        )
        yield Finding("weak", what, statement, mine=seen.departures[1])


def _revoke(kind: str, name: str, rights: Iterable[str]) -> str:
    roles = sorted({right.partition(" ")[0] for right in rights})
    return f"revoke all on {kind} {name} from {', '.join(roles)}"


def _own_rows(name: str) -> str:
    return (
        f'create policy "{OWN_ROWS}" on {name} for select to authenticated '
        f"using (user_id = (select auth.uid())::text); grant select on table {name} to authenticated"
    )


def _let_write(role: str) -> str:
    return f"grant execute on function gateway.own_words(text, text, text) to {role}"


def _guard(name: str, columns: Iterable[str]) -> str:
    arguments = ", ".join(f"'{column}'" for column in columns)
    return (
        f"create or replace trigger gateway_guard_columns before insert or update on {name} for each row "
        f"when (not has_schema_privilege('gateway', 'usage')) execute function gateway.guard_columns({arguments})"
    )
