"""`gateway rollout` where v3 is there too: shares, off, promotion and the way back. One process runs all commands."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gateway.cli.conftest import Ran
from tests.json_documents import wrong_in

ROOT = Path(__file__).resolve().parents[3]
V3 = '''"""Stands for a third version: nothing is run here."""

from pipelines.capabilities import Capabilities
from pipelines.contract import Ports, Request, Result

CAPABILITIES = Capabilities()


async def run(request: Request, ports: Ports) -> Result:
    raise NotImplementedError
'''
RUN_ALL = """
import contextlib, io, json, sys
from gateway.cli.main import main

ran = []
for arguments in json.load(sys.stdin):
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as stop:
            code = stop.code or 0
    ran.append((code, out.getvalue(), err.getvalue()))
json.dump(ran, sys.stdout)
"""

Run = Callable[..., list[Ran]]


@pytest.fixture
def run(tmp_path: Path, database_url: str) -> Run:
    """Runs commands, one after the other, in a copy of the packages in which there is a v3, over a database."""
    for package in ("gateway", "flags", "pipelines"):
        shutil.copytree(ROOT / package, tmp_path / package)  # with what Python compiled
    (tmp_path / "pipelines" / "v3").mkdir()
    (tmp_path / "pipelines" / "v3" / "__init__.py").write_text('"""Stands for a third version."""\n')
    (tmp_path / "pipelines" / "v3" / "run.py").write_text(V3)
    ours = {"DATABASE_URL": database_url, "DATA_DIR": str(tmp_path / "data"), "COLUMNS": "300"}

    def run_all(*commands: str) -> list[Ran]:
        done = subprocess.run(
            [sys.executable, "-c", RUN_ALL],
            cwd=tmp_path, env={**os.environ, **ours, "PYTHONPATH": str(tmp_path)},
            input=json.dumps([command.split() for command in commands]),
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        ran = [Ran(*one) for one in json.loads(done.stdout)]
        for command, one in zip(commands, ran, strict=True):
            if one.code == 0 and command.endswith("--json"):
                assert wrong_in(tuple(command.split()), one.out) == [], command
        return ran

    return run_all


def test_shares_promotion_and_the_way_back(run: Run) -> None:
    init, shares, too_much, twice, unknown, both, again, rows, refused, *rest = run(
        "flags init --json",
        "rollout set v3=10 v2=20 --json",
        "rollout set v3=60 v2=50",
        "rollout set v3=10 v3=20",
        "rollout set v4=1",
        "rollout set v3=10 --pipeline v3",
        "rollout set 22.2 --pipeline v2 --why looked-at --json",
        "rollout history --json",
        "rollout promote v2",
        "rollout off",
        "rollout off",
        "rollout set 100 --pipeline v2",
        "rollout promote v2 --preview",
        "rollout show",
        "rollout promote v2 --why for-weeks --json",
        "rollout off --pipeline v2",
        "rollout show --json",
        "rollout show",
        "rollout demote --json",
        "rollout demote",
        "rollout history",
    )
    assert init.json["created"] == ["process-full-v2", "process-full-v3", "process-full-shadow"]
    assert {name: round(share, 2) for name, share in shares.json["shares"].items()} == {
        "v3": 10, "v2": 19.98, "v1": 70.02,
    }  # fmt: skip
    for ran, why in (
        (too_much, "v2=50 is more than the 40 % that newer versions leave"),
        (twice, "a version is named twice"),
        (unknown, "'v4' is no version with a flag that is asked; there are: v3, v2"),
        (both, "neither --preview nor --pipeline"),
    ):
        assert (ran.code, why in ran.err) == (2, True)
    assert again.json["versions"]["v2"]["percent"] == 22.2
    newest = rows.json[0]
    assert (newest["why"], newest["after"]["candidate"], newest["change"]) == ("looked-at", "v2", "")
    assert {row["after"]["candidate"] for row in rows.json[1:]} == {"v3", "v2"}
    assert (refused.code, "it has to be at 100 %" in refused.err) == (1, True)

    off, off_again, all_of_v2, preview, still, done, as_base, shown, told, back, nothing, history = rest
    assert (off.code, "already off" in off.err, " off (kept: 10 %)" in off.out) == (0, False, True)
    assert (off_again.code, "already off: the flag of v3 was off" in off_again.err) == (0, True)
    assert all_of_v2.code == 0
    assert "v2 becomes the base instead of v1" in preview.out
    assert preview.out.endswith("nothing was changed\n")
    assert [line.split(maxsplit=1) for line in still.out.splitlines()[:3]] == [
        ["v3", "off (kept: 10 %)"], ["v2", "100 % of users"], ["v1", "0 % of users (base)"],
    ]  # fmt: skip
    assert done.json == {"base": "v2", "promoted": True}
    assert (as_base.code, "`gateway rollout demote` comes first" in as_base.err) == (2, True)
    assert (shown.json["base"], shown.json["shares"]) == ("v2", {"v3": 0, "v2": 100})
    assert [line.split(maxsplit=1) for line in told.out.splitlines()[:2]] == [
        ["v3", "off (kept: 10 %)"], ["v2", "100 % of users (base)"],
    ]  # fmt: skip
    assert back.json == {"base": "v1", "demoted": "v2"}
    assert "the base is v1; nothing was promoted" in nothing.out
    assert all(word in history.out for word in ("base: v2 → v1", "for-weeks", "looked-at", "nothing"))
