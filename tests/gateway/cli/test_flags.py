"""`gateway flags init`: makes what is missing, once, and leaves the rest alone."""

import json
from pathlib import Path

import pytest

from tests.gateway.cli.conftest import CommandLine


def test_init_makes_both_flags_once(elsewhere: CommandLine, tmp_path: Path) -> None:
    first = elsewhere("flags", "init", "--json")
    assert first.json == {"created": ["process-full-v2", "process-full-shadow"]}
    assert elsewhere("rollout", "set", "12.5", "--json").json["percent"] == 12.5
    again = elsewhere("flags", "init")
    assert (again.code, "nothing was changed" in again.out) == (0, True)
    assert elsewhere("rollout", "show", "--json").json["percent"] == 12.5


def test_a_webhook_needs_what_it_needs_and_each_is_named(
    elsewhere: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("flags", "init", "--webhook-url", "http://127.0.0.1:9")
    refused = elsewhere(*asked)
    assert (refused.code, "UNLEASH_URL is missing" in refused.err) == (2, True)
    monkeypatch.setenv("UNLEASH_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("UNLEASH_API_TOKEN", "client")
    monkeypatch.setenv("UNLEASH_ADMIN_TOKEN", "admin")
    refused = elsewhere(*asked)
    assert (refused.code, "UNLEASH_WEBHOOK_TOKEN is missing" in refused.err) == (2, True)
    monkeypatch.setenv("UNLEASH_WEBHOOK_TOKEN", "a-token-that-unleash-shows-us-5813")
    refused = elsewhere(*asked)
    assert (refused.code, "nothing was changed" in refused.err) == (3, True)
    refused = elsewhere("flags", "init", "--webhook-url", "gateway:10000")
    assert (refused.code, "--webhook-url is no address" in refused.err) == (2, True)


def test_a_flag_that_is_not_there_is_off_already(elsewhere: CommandLine, tmp_path: Path) -> None:
    elsewhere("flags", "init")
    (file,) = tmp_path.rglob("flags.json")
    document = json.loads(file.read_text())
    document["features"] = [one for one in document["features"] if one["name"] != "process-full-v2"]
    file.write_text(json.dumps(document))
    off, raised = elsewhere("rollout", "off"), elsewhere("rollout", "set", "5")
    assert (off.code, "already off: the flag of v2 does not exist" in off.err) == (0, True)
    assert "v2         off: there is no such flag" in off.out
    assert (raised.code, "`gateway flags init` creates it" in raised.err) == (2, True)
    document["features"].append({"name": "process-full-v2", "enabled": True, "strategies": 5})
    file.write_text(json.dumps(document))
    assert (
        "v2         its flag cannot be read: each process keeps what it said last" in elsewhere("rollout", "show").out
    )
