"""What a section is written from: ranked facts by category, and shares of the user's messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.contract import NOT_ENOUGH, Category, Fact
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.language.embedded.style import share
from pipelines.language.embedded.writing.wording import of_them
from pipelines.work import late_patterns as re

ENOUGH_MESSAGES = 5  # below this, counts say nothing about a person

_ANSWER_WORDS = alternatives(
    "answer(s) explanation(s) example(s) source(s) emoji(s) list(s) table(s) tone concise brief short direct blunt "
    "formal informal casual markdown jargon words english spelling units metric step code disclaimer(s) prose plain "
    "detailed honest"
)
_ASKED = alternatives("write use ask speak talk keep give show tell address call format stop")
_ABOUT_ANSWERS = re.compile(
    rf"^(?:(?:please|always) )*{_ASKED}\b|"
    rf"\b(?:{_ANSWER_WORDS}|repl\w+|respon\w+|explain\w*|bullet\w*|apolog\w*|summar\w+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Facts that still hold, best first, and the counts over the user's messages."""

    facts: Sequence[Fact]
    style: Mapping[str, float]

    def values(self, category: Category, most: int = 12) -> list[str]:
        """The values of a category, best first."""
        return [
            fact.value if category == "preference" else of_them(fact.value)
            for fact in self.facts
            if fact.category == category
        ][:most]

    def first(self, category: Category) -> str:
        """The best value of a category, or NOT_ENOUGH."""
        found = self.values(category, 1)
        return found[0] if found else NOT_ENOUGH

    def wishes(self) -> list[str]:
        """Preferences that are about answers."""
        return [value for value in self.values("preference", 60) if _ABOUT_ANSWERS.search(value)][:12]

    def share(self, name: str) -> float:
        """How many of the messages show `name`, 0 to 1."""
        return share(self.style, name)

    @property
    def counted(self) -> bool:
        """Whether there are enough messages for counts to mean something."""
        return self.style.get("messages", 0) >= ENOUGH_MESSAGES

    @property
    def words_per_message(self) -> float:
        """Mean length of the user's messages in words."""
        return self.style.get("words", 0.0) / max(1.0, self.style.get("messages", 0.0))
