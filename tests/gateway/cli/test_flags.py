"""`gateway flags init`: makes what is missing, once, and leaves the rest alone."""

from pathlib import Path

from tests.gateway.cli.conftest import CommandLine


def test_init_makes_both_flags_once(elsewhere: CommandLine, tmp_path: Path) -> None:
    first = elsewhere("flags", "init", "--json")
    assert first.json == {"created": ["process-full-v2", "process-full-shadow"]}
    assert elsewhere("rollout", "set", "12.5", "--json").json["percent"] == 12.5
    again = elsewhere("flags", "init")
    assert (again.code, "nothing was changed" in again.out) == (0, True)
    assert elsewhere("rollout", "show", "--json").json["percent"] == 12.5
