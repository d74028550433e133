"""From a broken v3 to a page, from the page's runbook to a rollback, and from there to the all-clear."""

import asyncio
import re
import shlex
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.observability.alertmanager_server import program, running_alertmanager
from tests.observability.stack import RULES, running_stack, traffic_for

ROOT = Path(__file__).parents[2]
# The rules' half hour is half a minute here, their minute a second: the logic is theirs, the clock is ours.
QUICK = {
    "30m": "30s",
    "1h": "60s",
    "6h": "90s",
    "15m": "25s",
    "5m": "20s",
    "1m": "1s",
    "2h": "60s",
    "1d": "90s",
    "3d": "90s",
}
QUICK_FOR = {"1m": "1s", "30s": "1s"}

pytestmark = [
    pytest.mark.scene,
    pytest.mark.prometheus,
    pytest.mark.skipif(shutil.which("prometheus") is None, reason="no prometheus on this machine"),
    pytest.mark.skipif(program() is None, reason="no alertmanager on this machine"),
    pytest.mark.timeout(600),
]


def test_a_broken_v3_pages_and_its_runbook_ends_it() -> None:
    with tempfile.TemporaryDirectory(prefix="gateway-alert-") as name:
        folder = Path(name)
        switch = folder / "break-v3"
        with (
            running_alertmanager(folder) as (alertmanager, pager),
            running_stack(folder, alertmanager=alertmanager, rules=quick_rules(folder), switch=switch) as stack,
        ):
            traffic = traffic_for(stack)
            for version in ("v2", "v3"):
                stack.command("rollout", "on", "--pipeline", version)
            stack.command("rollout", "set", "v3=50", "v2=50")
            asyncio.run(traffic.good(8))
            asyncio.run(traffic.ended())
            switch.touch()
            asyncio.run(traffic.good(50))
            page = pager.wait_for("pager", "GatewayCandidateFailing", "firing", seconds=60)
            assert (page["labels"]["pipeline"], page["labels"]["against"]) == ("v3", "v2")

            for command in first_commands(page):
                stack.command(*command)
            asyncio.run(traffic.good(20))
            asyncio.run(traffic.ended())
            pager.wait_for("pager", "GatewayCandidateFailing", "resolved", seconds=90)

            rows = asyncio.run(stack.rows(LATE))
            assert rows == [("v2", "complete")], "what they had before, not the base"
            assert ("tickets", "GatewayCandidateFailing", "firing") not in pager.heard


LATE = """
select pipeline, status from (select * from processing_jobs order by created_at desc limit 20) as late group by 1, 2
"""


def first_commands(page: dict[str, dict[str, str]]) -> list[list[str]]:
    """What the runbook that the page links to says to do first: the first block of commands in it."""
    runbook = ROOT / "docs" / "runbooks" / page["annotations"]["runbook_url"].rpartition("/")[2]
    (block, *_) = re.findall(r"```console\n(.*?)```", runbook.read_text(), re.DOTALL)
    commands = [shlex.split(line.removeprefix("$ "), comments=True) for line in block.splitlines()]
    assert [command[0] for command in commands] == ["gateway"]
    return [command[1:] for command in commands]


def quick_rules(folder: Path) -> list[Path]:
    """The committed rules with their durations shortened, in a folder of their own."""
    copies = folder / "rules"
    copies.mkdir()
    for path in RULES:
        # A name that ends in a duration, such as ratio_rate30m, keeps it: only ranges and `for:` are shortened.
        text = re.sub(r"\[(\w+)\]", lambda found: f"[{QUICK.get(found[1], found[1])}]", path.read_text())
        text = re.sub(r"for: (\w+)", lambda found: f"for: {QUICK_FOR.get(found[1], found[1])}", text)
        (copies / path.name).write_text(re.sub(r"interval: \w+", "interval: 1s", text))
    return sorted(copies.glob("*.yml"))
