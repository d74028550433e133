"""`gateway rollout show` and `history` while Unleash does not answer: what the database knew last, said to be so."""

import socket
from collections.abc import Iterator

import pytest

from gateway.cli.rehearsal.demo.server import Server
from tests.gateway.cli.conftest import CommandLine


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
    monkeypatch.setenv("UNLEASH_URL", away)
    monkeypatch.setenv("UNLEASH_API_TOKEN", "client")
    monkeypatch.setenv("UNLEASH_ADMIN_TOKEN", "admin")
    told = gateway("rollout", "show", "--json")
    assert (told.code, told.json["percent"], told.json["fresh"]) == (0, 25, False)
    assert "Unleash" in told.json["unread"]
    shown = gateway("rollout", "show")
    assert (shown.code, "25 % of users" in shown.out) == (0, True)
    assert "what the database knew last" in shown.err
    rows = gateway("rollout", "history", "--json")
    assert (rows.code, rows.json[0]["why"]) == (0, "before it went away")
    refused = gateway("rollout", "set", "30")
    assert (refused.code, "nothing was changed" in refused.err) == (3, True)
    assert gateway("ramp", "status").code == 4, "there has been no ramp; the flags are not asked"
    thrown = gateway("rollout", "off", "--local", "--why", "v2 writes nonsense, Unleash is down")
    assert (thrown.code, "OVERRIDE" in thrown.out) == (0, True)
    assert "overridden: nobody" in gateway("rollout", "show").out
    assert gateway("rollout", "on", "--local").code == 0
