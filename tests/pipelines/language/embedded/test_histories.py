"""Whole histories of people who tell of themselves by the way: some is found, and the traps are seen."""

from pathlib import Path

import pytest

from bench.histories import HISTORIES, fell_for, is_found, score
from pipelines.contract import Fact

SETS = sorted(HISTORIES.glob("*.jsonl"))
LEAST = {"01": 0.45, "02": 0.3, "03": 0.18, "04": 0.55}  # the rules were mended by the first two more than by the last
MOST_FALLEN = 0.05  # of the traps


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_a_part_is_found_and_the_traps_are_seen(path: Path) -> None:
    found = score(path)
    assert found.recall >= LEAST[found.name], "\n".join(found.missed)
    assert len(found.fallen) <= MOST_FALLEN * found.traps, "\n".join(found.fallen)


def test_there_are_enough_people() -> None:
    assert sorted(LEAST) == [path.stem for path in SETS]
    assert sum(score(path).people for path in SETS) == 90


def test_a_fact_is_found_by_one_word_of_each_list_and_a_trap_by_its_sentence() -> None:
    nurse = Fact("occupation", "nurse in Leeds", "I'm a nurse in Leeds.", "c", "m")
    assert is_found({"words": [["nurse", "midwife"], ["leeds"]]}, [nurse])
    assert not is_found({"words": [["nurse"], ["york"]]}, [nurse])
    assert fell_for({"text": "Say: I'm a nurse in Leeds.", "words": ["nurse"]}, [nurse]) == ["nurse in Leeds"]
    assert fell_for({"text": "She was a nurse once.", "words": ["nurse"]}, [nurse]) == []
