"""Writes docs/reference/reading-quality.md: what labelled sets and whole conversations give, and every rule's share.

Run: `python -m bench.reading_page`. Without the shared data its figures stay as they were, and the page says so.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.histories import scores
from bench.quality import OWN_LINES, ROOT, SHARED, Score, read_passages, read_rows, score_hobbies, score_lines
from pipelines.language.embedded.extracting import extract_passages
from pipelines.language.embedded.facts import settle_conflicts
from pipelines.language.embedded.grammar.words import plain, vocabulary
from pipelines.language.embedded.reader import candidates_of, read_message
from pipelines.memory.endings import is_ending

PAGE = ROOT / "docs" / "reference" / "reading-quality.md"
TEXT = Path(__file__).with_name("reading_page.md")
SHARED_FROM, SHARED_TO = "<!-- shared data -->\n", "<!-- end of shared data -->\n"
KEPT = "_The shared data was not there when this page was last written: these are the figures of the time before._\n\n"


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one rule: how many values of it were right and wrong."""

    rule: str
    right: int
    wrong: int


def tally_rules(paths: Sequence[Path]) -> list[Tally]:
    """Every rule's values over labelled lines, most first. An ending is no fact, and is not counted."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for row in (row for path in paths for row in read_rows(path)):
        wanted = [part for expected in row["facts"] for part in expected]
        text = plain(row["text"])
        for candidate, _, _ in read_message(text, vocabulary(text), candidates_of):
            if not candidate.value.startswith("no longer "):
                hit = any(part in candidate.value.lower() for part in wanted)
                (right if hit else wrong)[candidate.rule or "requests.standing"] += 1
    rules = sorted(right.keys() | wrong.keys(), key=lambda rule: (-right[rule] - wrong[rule], rule))
    return [Tally(rule, right[rule], wrong[rule]) for rule in rules]


def tally_people(folder: Path) -> tuple[Counter[str], int, int, int]:
    """Over whole exports: facts by category, people, names shown, and names shown that are right."""
    facts: Counter[str] = Counter()
    people = shown = right = 0
    for person in sorted(folder.iterdir()):
        truth = json.loads((person / "truth.json").read_text("utf-8"))
        held = settle_conflicts(extract_passages(list(read_passages(person / "conversations.json"))).facts)
        facts.update(fact.category for fact in held if not is_ending(fact))
        names = [fact.value for fact in held if fact.category == "name"]
        people, shown = people + 1, shown + bool(names)
        right += names == [truth["name"]]
    return facts, people, shown, right


def line_sets() -> list[Path]:
    """The labelled lines that are in the repository."""
    return [OWN_LINES, *sorted((OWN_LINES.parent / "batches").glob("*.jsonl"))]


def lines_table() -> Iterator[str]:
    """Precision and recall on single lines."""
    yield "| Set | Values | Precision | Stated facts | Recall |\n|---|---|---|---|---|\n"
    for path in line_sets():
        precision, recall = score_lines(path, path.stem)
        yield f"| {path.stem} | {precision.of} | {_share(precision)} | {recall.of} | {_share(recall)} |\n"


def histories_table() -> Iterator[str]:
    """What is found of people who tell of themselves by the way, over whole conversations."""
    yield "| Set | People | Told | Stated facts | Found | Traps | Fallen for |\n|---|---|---|---|---|---|---|\n"
    for one in scores():
        found = f"{one.recall:.2f}".removeprefix("0")
        yield f"| {one.name} | {one.people} | {one.told} | {one.facts} | {found} | {one.traps} | {len(one.fallen)} |\n"


def rules_table(tallies: Sequence[Tally]) -> Iterator[str]:
    """What each rule gave."""
    yield "| Rule | Hits | Right | Wrong |\n|---|---|---|---|\n"
    for tally in tallies:
        yield f"| `{tally.rule}` | {tally.right + tally.wrong} | {tally.right} | {tally.wrong} |\n"


def shared_part() -> Iterator[str]:
    """What whole exports of ten people give: needs the shared data."""
    exports = SHARED / "derived" / "memorybank_exports"
    facts, people, shown, right = tally_people(exports)
    hobbies = score_hobbies(exports)
    precision, recall = score_lines(SHARED / "labelled" / "written_lines.jsonl", "written")
    total = sum(facts.values())
    yield f"- Whole exports of {people} people in conversation with a companion: {total} facts, "
    yield f"{facts['life_context']} of them `life_context`; {shown} names shown, {right} right.\n"
    held = f"{hobbies.good} of {hobbies.of} ({_share(hobbies)})"
    yield f"- Hobbies that their own messages name and a fact holds: {held}.\n"
    yield f"- Written lines: precision {_share(precision)}, recall {_share(recall)}.\n"


def kept_part(page: str) -> str:
    """The shared part of the page as it was, with a line that says so."""
    _, _, rest = page.partition(SHARED_FROM)
    return KEPT + rest.partition(SHARED_TO)[0].replace(KEPT, "")


def page_text(before: str, shared: str | None) -> str:
    """The whole page; `shared` is None where the shared data is absent."""
    part = kept_part(before) if shared is None else shared
    return TEXT.read_text("utf-8").format(
        shared=SHARED_FROM + part + SHARED_TO,
        histories="".join(histories_table()),
        lines="".join(lines_table()),
        rules="".join(rules_table(tally_rules(line_sets()))),
    )


def _share(score: Score) -> str:
    return f"{score.share:.2f}".removeprefix("0")


def main() -> None:
    """Write the page."""
    before = PAGE.read_text("utf-8") if PAGE.exists() else ""
    shared = "".join(shared_part()) if SHARED.is_dir() else None
    PAGE.write_text(page_text(before, shared), "utf-8")


if __name__ == "__main__":
    main()
