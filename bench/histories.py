"""What is found in whole histories of invented people, who tell of themselves by the way.

Run: `python -m bench.histories`; `--list` also prints what was missed, and which traps were fallen into.

Each line of a set is one person: `conversations` with their messages; `facts` that a careful reader would note, each
with lists of words of which one each must stand in a value that is told; `traps`: sentences that look like a fact of
the user and are none, with the words by which a value that fell for one is known.
"""

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.quality import OWN_LINES, read_rows
from pipelines.contract import Fact, Message, Passage
from pipelines.language.embedded.extracting import extract_passages
from pipelines.language.embedded.facts import settle_conflicts
from pipelines.memory.endings import is_ending

HISTORIES = OWN_LINES.parent / "histories"
DAY: Final = 86_400.0
NOW: Final = 1_764_482_400.0  # when each history ends, seconds since 1970
Person = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """Of one set: how many facts were found, and how many traps were fallen into."""

    name: str
    people: int
    told: int
    found: int
    facts: int
    traps: int
    missed: tuple[str, ...]
    fallen: tuple[str, ...]

    @property
    def recall(self) -> float:
        """Of the facts that a careful reader notes."""
        return self.found / self.facts if self.facts else 0.0


def passages_of(person: Person) -> Iterator[Passage]:
    """The person's conversations, the oldest first as they were had."""
    for index, talk in enumerate(person["conversations"]):
        start = NOW - talk["days_ago"] * DAY
        messages = (
            Message(f"{index}.{at}", said["role"], said["text"], start + 60 * at)
            for at, said in enumerate(talk["messages"])
        )
        yield Passage(f"c{index}", talk["title"], start, tuple(messages))


def told_of(person: Person) -> list[Fact]:
    """What is told of the person: no ending, and the newest of what contradicts."""
    return [fact for fact in settle_conflicts(extract_passages([*passages_of(person)]).facts) if not is_ending(fact)]


def is_found(fact: Mapping[str, Any], told: Sequence[Fact]) -> bool:
    """Whether a value has one word of each list."""
    texts = [f"{one.value} {one.detail}".lower() for one in told]
    return any(all(any(word in text for word in words) for words in fact["words"]) for text in texts)


def fell_for(trap: Mapping[str, Any], told: Sequence[Fact]) -> list[str]:
    """The values that were read from the trap's sentence and have one of its words."""
    words = re.compile(rf"\b(?:{'|'.join(map(re.escape, trap['words']))})\b", re.IGNORECASE)
    text = " ".join(trap["text"].split())
    return [one.value for one in told if words.search(f"{one.value} {one.detail}") and is_of(one.sentence, text)]


def is_of(sentence: str, text: str) -> bool:
    """Whether the sentence is the text's, or holds it."""
    read = " ".join(sentence.split())
    return read[:40] in text or text[:40] in read


def score(path: Path) -> Found:
    """All people of a set."""
    told = facts = traps = people = 0
    missed: list[str] = []
    fallen: list[str] = []
    for person in read_rows(path):
        own = told_of(person)
        people, told = people + 1, told + len(own)
        facts, traps = facts + len(person["facts"]), traps + len(person["traps"])
        missed += [f"{person['person']} {fact['said']}" for fact in person["facts"] if not is_found(fact, own)]
        fallen += [f"{person['person']} {value}" for trap in person["traps"] for value in fell_for(trap, own)]
    return Found(path.stem, people, told, facts - len(missed), facts, traps, tuple(missed), tuple(fallen))


def scores() -> list[Found]:
    """Every set."""
    return [score(path) for path in sorted(HISTORIES.glob("*.jsonl"))]


def main() -> None:
    """Print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    for one in scores():
        print(
            f"{one.name}: {one.people} people, {one.told} facts told; {one.found} of {one.facts} found "
            f"({one.recall:.2f}); {len(one.fallen)} told of {one.traps} traps"
        )
        if options.list:
            print(
                *(f"   missed: {miss}" for miss in one.missed), *(f"   fell: {fall}" for fall in one.fallen), sep="\n"
            )


if __name__ == "__main__":
    main()
