"""How good and how fast the embedded engine is: one table over the shared data.

Run: `python -m bench.quality`; `--list` also prints what was missed or wrong, and the facts of the prompts.
"""

import argparse
import json
import re
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.contract import Fact, Message, Passage
from pipelines.export import read_export
from pipelines.language.embedded.extracting import extract_passages
from pipelines.memory.endings import is_ending

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
OWN_LINES = ROOT / "tests" / "pipelines" / "language" / "embedded" / "lines.jsonl"

_WORD = re.compile(r"[a-z0-9]+")
_COMMON = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "or",
        "of",
        "to",
        "in",
        "on",
        "for",
        "with",
        "by",
        "at",
        "from",
        "is",
        "are",
        "was",
        "be",
        "will",
        "user",
        "their",
        "they",
        "them",
        "his",
        "her",
        "she",
        "he",
        "it",
        "its",
        "this",
        "that",
        "as",
        "only",
        "not",
        "no",
        "all",
        "any",
        "into",
        "than",
        "own",
    ]
)
_GENERIC = frozenset(
    ["playing", "taking", "studying", "drinking", "listening", "watching", "long", "distance", "working", "out"]
)


@dataclass(frozen=True, slots=True)
class Score:
    """A share, with what it is a share of."""

    name: str
    good: int
    of: int
    goal: float
    misses: tuple[str, ...] = ()
    at_most: bool = False

    @property
    def share(self) -> float:
        return self.good / self.of if self.of else 0.0

    @property
    def passed(self) -> bool:
        return self.share <= self.goal if self.at_most else self.share >= self.goal


def facts_in(text: str) -> tuple[Fact, ...]:
    """The facts of `text` as one message of the user; that something has ended only takes an older fact away."""
    facts = extract_passages([Passage("c", "", 0.0, (Message("m", "user", text, 0.0),))]).facts
    return tuple(fact for fact in facts if not is_ending(fact))


def score_lines(path: Path, name: str, recall_goal: float = 0.9) -> tuple[Score, Score]:
    """Precision and recall over labelled lines: an expected fact is a list of substrings of which one must occur."""
    right = wrong = found = missing = 0
    bad: list[str] = []
    missed: list[str] = []
    for row in read_rows(path):
        values = [fact.value.lower() for fact in facts_in(row["text"])]
        wanted = [part for expected in row["facts"] for part in expected]
        unwanted = [value for value in values if not any(part in value for part in wanted)]
        absent = [
            expected for expected in row["facts"] if not any(part in value for part in expected for value in values)
        ]
        right, wrong = right + len(values) - len(unwanted), wrong + len(unwanted)
        found, missing = found + len(row["facts"]) - len(absent), missing + len(absent)
        bad += [f"{row['text'][:90]} -> {value}" for value in unwanted]
        missed += [f"{row['text'][:90]} -> {expected}" for expected in absent]
    return (
        Score(f"{name}: precision", right, right + wrong, 0.95, tuple(bad)),
        Score(f"{name}: recall", found, found + missing, recall_goal, tuple(missed)),
    )


def score_hobbies(folder: Path) -> Score:
    """Of the hobbies that a person's own messages mention, how many are in a fact of the export."""
    good = said = 0
    missed: list[str] = []
    for person in sorted(folder.iterdir()):
        truth = json.loads((person / "truth.json").read_text("utf-8"))
        passages = list(read_passages(person / "conversations.json"))
        own = " ".join(message.text for passage in passages for message in passage.messages if message.role == "user")
        spoken = {_stem(word) for word in _WORD.findall(own.lower())}
        facts = extract_passages(passages).facts
        stated = {_stem(word) for fact in facts for word in _WORD.findall(fact.value.lower())}
        for hobby in re.split(r",\s*(?:and\s+)?|\s+and\s+", truth["hobbies"].strip(" .")):
            words = _WORD.findall(hobby.lower())
            stems = {_stem(word) for word in words if word not in _GENERIC} or {_stem(word) for word in words}
            if stems <= spoken:
                said += 1
                good += stems <= stated
                missed += [] if stems <= stated else [f"{truth['name']}: {hobby}"]
    return Score("MemoryBank: hobbies said that are found", good, said, 0.85, tuple(missed))


def prompts_with_facts(path: Path) -> tuple[Score, list[str]]:
    """Of every prompter's message in the trees, how many give any fact, and the facts."""
    prompts = list(dict.fromkeys(text for row in read_rows(path) for text in _prompts(row["prompt"])))
    listed: list[str] = []
    giving = 0
    for prompt in prompts:
        facts = facts_in(prompt)
        giving += bool(facts)
        listed += [f"[{fact.category}] {fact.value}  <-  {fact.sentence[:140]}" for fact in facts]
    return Score("OASST: prompts that give a fact", giving, len(prompts), 1 / 15, at_most=True), listed


def score_memories(folder: Path, kinds: Sequence[str] = ("decision", "commitment")) -> Score:
    """Labelled decisions and commitments of which half the content words are in one fact of those categories."""
    labels = {row["id"]: row["memories"] for row in read_rows(folder / "labels.jsonl")}
    good = total = 0
    missed: list[str] = []
    for row in read_rows(folder / "dataset.jsonl"):
        facts = [fact for fact in facts_in(row["text"]) if fact.category in kinds]
        for memory in labels[row["id"]]:
            if memory["type"] in kinds:
                total += 1
                hit = any(_overlap(memory["content"], f"{fact.value} {fact.detail}") >= 0.4 for fact in facts)
                good += hit
                missed += [] if hit else [f"{row['text'][:150]} -> {[fact.value for fact in facts]}"]
    return Score("MemPalace: decisions and commitments found", good, total, 0.5, tuple(missed))


def pasting(passages: Sequence[Passage], share: float = 0.5) -> list[Passage]:
    """The same chats in which `share` of the user's text is pasted: long answers after a question."""
    pastes = sorted((m.text for p in passages for m in p.messages if m.role == "assistant"), key=len)[-20:]
    own = sum(len(message.text) for passage in passages for message in passage.messages if message.role == "user")
    mean = sum(map(len, pastes)) / len(pastes) * 8
    count = max(1, int(own * share / (1 - share) / mean))
    extra = (Message(f"paste{n}", "user", "Summarise this:\n" + pastes[n % len(pastes)] * 8) for n in range(count))
    return [*passages, Passage("pasted", "", None, tuple(extra))]


def measure_speed(passages: Sequence[Passage], least_bytes: int = 6_000_000) -> tuple[float, float, float]:
    """MB/s of the user's own text, MB/s of all text, and growth of peak RSS in MB, in this process."""
    own = sum(len(message.text) for passage in passages for message in passage.messages if message.role == "user")
    whole = sum(len(message.text) for passage in passages for message in passage.messages)
    rounds = max(1, least_bytes // max(1, own))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    for _ in range(rounds):
        extract_passages(passages)
    seconds = time.process_time() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return own * rounds / seconds / 1e6, whole * rounds / seconds / 1e6, grown


def read_passages(path: Path) -> Iterator[Passage]:
    """Each conversation of an export as one passage."""
    for conversation in read_export(path):
        yield Passage(conversation.id, conversation.title, conversation.time, conversation.messages, conversation.notes)


def read_rows(path: Path) -> Iterator[dict]:  # type: ignore[type-arg]
    """The objects of a JSON-lines file."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def _prompts(node: dict) -> Iterator[str]:  # type: ignore[type-arg]
    if node["role"] == "prompter":
        yield node["text"]
    for reply in node["replies"]:
        yield from _prompts(reply)


def _overlap(label: str, value: str) -> float:
    wanted = {_stem(word) for word in _WORD.findall(label.lower()) if word not in _COMMON}
    return len(wanted & {_stem(word) for word in _WORD.findall(value.lower())}) / max(1, len(wanted))


def _stem(word: str) -> str:
    for ending in ("ing", "ers", "er", "ed", "es", "e", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def recall_goal(batch: Path) -> float:
    """They label passing remarks, too: gaps are the price of no junk. In 07 and 08 facts are told by the way only, in
    requests of all kinds ("the flat in Lyon is ours from the 15th")."""
    return 0.4 if batch.stem in {"07", "08"} else 0.64


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; exit 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="print misses, wrong facts and the prompts' facts")
    options = parser.parse_args(argv)
    scores = list(score_lines(OWN_LINES, "own lines"))
    for path in sorted((OWN_LINES.parent / "batches").glob("*.jsonl")):
        scores += score_lines(path, f"batch {path.stem}", recall_goal(path))
    listed: list[str] = []
    if SHARED.is_dir():
        scores += score_lines(SHARED / "labelled" / "written_lines.jsonl", "written lines")
        scores.append(score_hobbies(SHARED / "derived" / "memorybank_exports"))
        prompts, listed = prompts_with_facts(SHARED / "dialogues" / "oasst" / "en_trees_first60.jsonl")
        scores += [prompts, score_memories(SHARED / "labelled" / "mempalace_memory_extraction")]
    for score in scores:
        sign = "<=" if score.at_most else ">="
        print(
            f"{score.name:48} {score.good:4}/{score.of:<4} {score.share:6.3f}  goal {sign} "
            f"{score.goal:.2f}  {'ok' if score.passed else 'MISSED'}"
        )
        for miss in score.misses if options.list else ():
            print("      ", miss)
    for line in listed if options.list else ():
        print("   prompt:", line)
    _print_speed()
    return 0 if all(score.passed for score in scores) else 1


def _print_speed() -> None:
    if not SHARED.is_dir():
        return
    chats = [
        passage
        for path in sorted((SHARED / "derived" / "memorybank_exports").glob("*/conversations.json"))
        for passage in read_passages(path)
    ]
    prompts = list(read_passages(SHARED / "derived" / "oasst_sharded_export.zip"))
    for name, passages in (
        ("companion chats", chats),
        ("assistant prompts", prompts),
        ("both, half of it pasted", pasting([*chats, *prompts])),
    ):
        own, whole, grown = measure_speed(passages)
        print(
            f"{'speed: ' + name:48} {own:5.1f} MB/s of own text, {whole:5.1f} MB/s of all text (CPU time), "
            f"peak RSS +{grown:.0f} MB"
        )


if __name__ == "__main__":
    sys.exit(main())
