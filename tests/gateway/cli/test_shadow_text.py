"""`gateway shadow show`: the two texts side by side, with the words marked that only one of them has."""

from datetime import UTC, datetime

import msgspec
import pytest

from gateway.cli.text.shadow import print_pair
from gateway.shadow.compare.harm import judge_effects
from gateway.shadow.compare.pair import compare
from gateway.shadow.report.queries import ShownPair
from tests.gateway.shadow.material import outcome, soulprint


def test_the_words_that_are_lost_are_marked_beside_those_that_are_new(capsys: pytest.CaptureFixture[str]) -> None:
    one = outcome(soulprint(soulprint_text="A nurse in Lisbon who paints"))
    other = outcome(soulprint(soulprint_text="A nurse who paints daily"), pipeline="v2")
    comparison = compare(one, other)
    texts = tuple(side.result.soulprint_text for side in (one, other) if side.result is not None)
    comparison = msgspec.structs.replace(comparison, effects=judge_effects(one, other, comparison), texts=texts)
    now = datetime(2026, 5, 1, tzinfo=UTC)
    print_pair(ShownPair("j", "ann", "shadow", "v1", "v2", "one", None, now, comparison, 1.0, 1.0, 0, 0.0, "v1"))
    (shown,) = [line for line in capsys.readouterr().out.splitlines() if "nurse" in line and "who" in line][:1]
    left, right = (side.strip() for side in shown.replace("\u2502", "|").split("|")[1:3])
    assert (left, right) == ("A nurse [in Lisbon] who paints", "A nurse who paints [daily]")
