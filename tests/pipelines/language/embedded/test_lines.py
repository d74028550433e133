"""How many labelled lines the rules read right: our own set always, the shared sets where they are."""

from pathlib import Path

import pytest

from bench.quality import OWN_LINES, Score, prompts_with_facts, recall_goal, score_hobbies, score_lines, score_memories
from tests.shared_data import SHARED, needs_shared

BATCHES = sorted((Path(__file__).parent / "batches").glob("*.jsonl"))


def show(score: Score) -> str:
    return f"{score.name}: {score.good}/{score.of} = {score.share:.3f}\n" + "\n".join(score.misses)


def test_our_own_lines_are_read_right() -> None:
    precision, recall = score_lines(OWN_LINES, "own lines")
    assert precision.share >= 0.95, show(precision)
    assert recall.share >= 0.95, show(recall)


def test_the_set_of_lines_has_both_kinds() -> None:
    precision, recall = score_lines(OWN_LINES, "own lines")
    assert precision.of >= 100
    assert recall.of >= 100


@pytest.mark.parametrize("path", BATCHES, ids=lambda path: path.stem)
def test_each_batch_of_lines_is_read_right(path: Path) -> None:
    precision, recall = score_lines(path, path.stem)
    assert precision.share >= 0.95, show(precision)
    assert recall.share >= recall_goal(path), show(recall)


@needs_shared
def test_written_lines_are_read_right() -> None:
    precision, recall = score_lines(SHARED / "labelled" / "written_lines.jsonl", "written lines")
    assert precision.share >= 0.90, show(precision)
    assert recall.share >= 0.90, show(recall)


@needs_shared
def test_hobbies_that_people_mention_are_found() -> None:
    score = score_hobbies(SHARED / "derived" / "memorybank_exports")
    assert score.share >= 0.85, show(score)


@needs_shared
def test_prompts_about_other_things_seldom_give_a_fact() -> None:
    score, listed = prompts_with_facts(SHARED / "dialogues" / "oasst" / "en_trees_first60.jsonl")
    assert score.share <= 1 / 15, "\n".join(listed)


@needs_shared
def test_half_of_the_decisions_and_commitments_are_found() -> None:
    score = score_memories(SHARED / "labelled" / "mempalace_memory_extraction")
    assert score.share >= 0.5, show(score)


@pytest.mark.parametrize("name", ["precision", "recall"])
def test_a_wrong_reading_would_be_counted(name: str, tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"text": "I live in Ghent.", "facts": [["bruges"]]}\n')
    scores = dict(zip(["precision", "recall"], score_lines(lines, "x"), strict=True))
    assert scores[name].share == 0.0
