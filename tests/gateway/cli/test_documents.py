"""The shapes that the reference documents for `--json`: every command's, and what takes long to print."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import typer
from typer.core import TyperGroup

from gateway.cli.commands.drill import named
from gateway.cli.documents.commands import DOCUMENTS, SILENT
from gateway.cli.main import app
from gateway.cli.output import print_json
from gateway.cli.rehearsal.drill.judge import Measured
from gateway.cli.rehearsal.roles import Roles
from gateway.rollout.guard.describe import describe_guarded
from gateway.rollout.guard.store import GuardedRollout
from tests.json_documents import wrong_in

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GUARDED = GuardedRollout(
    1, "v2", "v1", NOW, "watching", "", {}, 5.0, [], {}, NOW, {"phase": "ok", "findings": []}, NOW, None, 1.0
)
MEASURED = Measured("of 9", 1.0, (0.1, 0.2), None, 0, "rolled_back", 9, 9, 8, 1, 0, 0, 2, 2, 8, 8, 8)


def commands_in(group: TyperGroup, before: str = "") -> Iterator[tuple[str, bool]]:
    """Each command's name, and whether it has `--json`."""
    context = typer.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, TyperGroup):
            yield from commands_in(command, f"{before}{name} ")
        elif command is not None:
            yield f"{before}{name}", any("--json" in one.opts for one in command.params)


def test_every_command_has_a_document_but_those_that_run_on() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    found = dict(commands_in(group))
    assert {name for name, has in found.items() if has} == set(DOCUMENTS)
    assert {name for name, has in found.items() if not has} == set(SILENT)


@pytest.mark.parametrize(
    ("line", "document"),
    [
        (
            "rollout guard",
            [describe_guarded(GUARDED), describe_guarded(replace(GUARDED, verdict=None, looked_at=None))],
        ),
        ("drill rollback", {**named(MEASURED, Roles("v1", "v2")), "did_not_hold": ["it"]}),
    ],
)
def test_a_document_that_takes_long_to_get_has_its_shape(
    line: str, document: object, capsys: pytest.CaptureFixture[str]
) -> None:
    print_json(document)
    assert wrong_in(tuple(line.split()), capsys.readouterr().out) == []


def test_a_field_more_or_less_or_of_another_type_is_told_with_its_place() -> None:
    good = {"base": "v1", "demoted": None}
    assert wrong_in(("rollout", "demote", "--json"), json.dumps(good)) == []
    for bad in ({"base": "v1"}, {**good, "more": 1}, {**good, "base": 1}):
        assert len(wrong_in(("rollout", "demote", "--json"), json.dumps(bad))) == 1
    listed = [{"status": "failed", "jobs": "many", "more": False}]
    assert wrong_in(("jobs", "count"), json.dumps(listed))[0].startswith("$[0].jobs")
