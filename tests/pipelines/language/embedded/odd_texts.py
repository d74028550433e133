"""Messages as nobody writes them: apostrophes, quotation marks, brackets, repeated beginnings of statements, marks."""

import random
from collections.abc import Iterator

# ruff: noqa: E501  (a table)
PIECES = (
    "'", '"', "\u2019", "\u201c", "\u201d", "\u00ab", "(", ")", "[", "]", "{", "}", "<", ">", "`", "```", "~~~", "|", "*", "_",
    "@", "://", "a.b", "...", "?!", ",", ";", ":", "-", "\u2014", "\n", "\n\n", "\r\n", "\t", "   ", "\u0301", "\u0301\u0323",
    "e\u0301", "\u200d", "\u00a0", "\u4e00", "\U0001f600", "0", "12.5.2031", "I ", "I'm ", "i'm not ", "I've been ", "my ",
    "my name is ", "I live in ", "I work as a ", "we decided to ", "I want to ", "please ", "never ", "always ", "don't ",
    "and ", "or ", "that ", "because ", "if ", "As a ", "User: ", "Dear ", "> ", "1. ", "- ", "# ", "translate this ",
    "'em ", "rock 'n roll ", "ones' ", "x" * 70, "word ", "Word ", "on before until ", "the deadline for my ", "from ",
)  # fmt: skip


def odd_texts(count: int, seed: int = 16) -> Iterator[str]:
    """So many of them, some as long as is read at all; the same for the same seed."""
    draw = random.Random(seed)
    for _ in range(count):
        few = draw.sample(PIECES, draw.randint(1, 5))
        length = draw.choice((60, 200, 400, 1_500, 8_500))
        text = ""
        while len(text) < length:
            text += draw.choice(few) * draw.choice((1, 1, 2, 8, 40)) + draw.choice(("", "", " ", "a", "I am a nurse. "))
        yield text[:length]
