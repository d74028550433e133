"""Commands while Unleash does not answer: what the database knew last, said to be so; and every step of a runbook."""

import shlex
import socket
from collections.abc import Iterator

import pytest

from gateway.cli.rehearsal.stage.server import Server
from tests.gateway.cli.conftest import CommandLine
from tests.runbooks.page import RUNBOOKS, commands_of

pytestmark = pytest.mark.scene

PROCESSES = ("gateway worker", "gateway serve")  # run until they are stopped
CHANGES_FLAGS = ("rollout on", "rollout set", "rollout shadow", "rollout promote", "flags init")


@pytest.fixture(params=["refuses", "hangs"])
def away(request: pytest.FixtureRequest) -> Iterator[str]:
    """An address that refuses, or accepts and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if request.param == "hangs":
            listener.listen()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_what_is_known_is_told_and_what_is_not(
    server: Server, gateway: CommandLine, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gateway("rollout", "set", "25", "--why", "before it went away").code == 0
    well = gateway("explain", "ana", "--json").json["now"]
    monkeypatch.setenv("UNLEASH_URL", away)
    monkeypatch.setenv("UNLEASH_API_TOKEN", "client")
    monkeypatch.setenv("UNLEASH_ADMIN_TOKEN", "admin")
    told = gateway("rollout", "show", "--json")
    assert (told.code, told.json["percent"], told.json["fresh"]) == (0, 25, False)
    assert "Unleash" in told.json["unread"]
    shown = gateway("rollout", "show")
    assert (shown.code, "25 % of users" in shown.out) == (0, True)
    assert "what the database knew last" in shown.err
    told = gateway("explain", "ana", "--json")
    assert told.json["now"] == well, "as before it went away"
    assert "answered by what the database knew last" in told.json["unread"]
    assert gateway("explain", "ana").out.startswith("the flags cannot be read (")
    rows = gateway("rollout", "history", "--json")
    assert (rows.code, rows.json[0]["why"]) == (0, "before it went away")
    refused = gateway("rollout", "set", "30")
    assert (refused.code, "nothing was changed" in refused.err) == (3, True)
    assert gateway("rollout", "off", "--pipeline", "v9").code == 2, (
        "nobody is sent anywhere for a word that was mistyped"
    )
    off = gateway("rollout", "off", "--why", "it does not answer", "--json")
    assert (off.code, off.json["override"]["why"], off.json["fresh"]) == (0, "it does not answer", False)
    rows = gateway("rollout", "history", "--json").json
    assert [row["what"] for row in rows[:2]] == ["override", "rollout"], "one row, and nothing of the flags"
    assert gateway("rollout", "on", "--local").code == 0
    monkeypatch.delenv("UNLEASH_ADMIN_TOKEN")
    assert "OVERRIDE" in gateway("rollout", "off", "--all").err, "no token is needed for it"
    assert gateway("rollout", "on", "--local").code == 0
    monkeypatch.setenv("UNLEASH_ADMIN_TOKEN", "admin")
    assert gateway("ramp", "status").code == 4, "there has been no ramp; the flags are not asked"
    thrown = gateway("rollout", "off", "--local", "--why", "v2 writes nonsense, Unleash is down")
    assert (thrown.code, "OVERRIDE" in thrown.out) == (0, True)
    assert "overridden: nobody" in gateway("rollout", "show").out
    explained = gateway("explain", "ana").out
    assert ("ana: v1 (override)" in explained, "cannot be read" in explained) == (True, True)
    assert gateway("rollout", "on", "--local").code == 0


@pytest.mark.parametrize("away", ["refuses"], indirect=True)
def test_every_step_of_a_runbook_works_or_says_the_way_out(
    server: Server, gateway: CommandLine, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flags cannot be changed then; all else can be done, also what rolls back."""
    monkeypatch.setenv("UNLEASH_URL", away)
    monkeypatch.setenv("UNLEASH_API_TOKEN", "client")
    monkeypatch.setenv("UNLEASH_ADMIN_TOKEN", "admin")
    pages = [path.read_text() for path in sorted(RUNBOOKS.glob("*.md"))]
    steps = dict.fromkeys(command for page in pages for command in commands_of(page))
    for step in steps:
        if not step.startswith("gateway ") or step.startswith(PROCESSES):
            continue
        ran = gateway(*shlex.split(step.removeprefix("gateway ")))
        if step.removeprefix("gateway ").startswith(CHANGES_FLAGS) and "--local" not in step:
            assert ran.code == 3, f"{step}: {ran}"
            assert "nothing was changed: Unleash" in ran.err
            assert "`gateway rollout off --local` rolls back without the flag server" in ran.err
        else:
            assert ran.code in {0, 4} or "no active ramp" in ran.err, f"{step}: {ran}"
    assert gateway("rollout", "on", "--local").code == 0
