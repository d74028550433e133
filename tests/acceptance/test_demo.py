"""The rehearsal, small: real processes, the ramp, comparisons, the fall, users' data back; and everything holds."""

import io
import re

import pytest
from rich.console import Console

from gateway.cli.rehearsal.demo.rehearse import Plan, rehearse

pytestmark = pytest.mark.scene

ACTS = ("Ramp", "Compare", "v2 breaks", "The guard pulls", "Nothing is lost", "Users' data is back")


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_everything_in_the_rehearsal_holds_and_each_act_is_told() -> None:
    seen = io.StringIO()
    wrong = rehearse(Plan(users=24), Console(file=seen, width=80))
    text = seen.getvalue()
    assert wrong == [], text
    assert re.findall(r"^\d\. (.+)$", text, re.MULTILINE) == list(ACTS)
    for said in (
        "Known facts found by v2",
        "of 16 imports were run by both",
        "The guard turned v2 off: of",
        "The last start of a v2 job after the flip:",
        "waiting v2 jobs became v1 jobs",
        "8 of 8 users who had a result of v1",
        "Everything held.",
    ):
        assert said in " ".join(text.split()), said
    assert max(map(len, text.splitlines())) <= 80
