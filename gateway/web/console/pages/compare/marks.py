"""Two texts of users side by side: what only one of them says, as parts that a page can mark."""

import difflib
from dataclasses import dataclass
from typing import Final, Literal

MOST_WORDS: Final = 1_500


@dataclass(frozen=True, slots=True)
class Part:
    """Words of one side. `only`: the other side does not say them here."""

    kind: Literal["both", "only"]
    text: str


def printable(text: str) -> str:
    """Without signs that would turn or hide what stands beside them; lines become one."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def marked(one: str, other: str) -> tuple[list[Part], list[Part]]:
    """Each side's text in parts, word by word; of very long ones the beginning."""
    left, right = printable(one).split()[:MOST_WORDS], printable(other).split()[:MOST_WORDS]
    sides = list[Part](), list[Part]()
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for side, words in ((sides[0], left[a:b]), (sides[1], right[c:d])):
            if words:
                side.append(Part("both" if kind == "equal" else "only", " ".join(words)))
    return sides
