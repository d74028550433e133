"""Cut a text into pieces of bounded length at the best place near the limit: a sentence's end, else a word's."""

from collections.abc import Iterator

Ends = tuple[tuple[str, tuple[str, ...]], ...]

# A character, and the longer ends that have it. It is found several times as fast as those, and most windows have few.
_SENTENCE_ENDS: Ends = (
    ("\n", ()),
    (".", (". ", '." ')),
    ("!", ("! ",)),
    ("?", ("? ",)),
    ("\u3002", ()),  # and the full-width ones
    ("\uff01", ()),
    ("\uff1f", ()),
    ("…", ("… ",)),
)
_WORD_ENDS: Ends = ((" ", ()), ("\t", ()), ("\u3000", ()))
_ASCII_SENTENCE_ENDS = tuple(ends for ends in _SENTENCE_ENDS if ends[0].isascii())
_ASCII_WORD_ENDS = tuple(ends for ends in _WORD_ENDS if ends[0].isascii())
_LONGEST_END = 2  # characters behind which a later end can begin
_JOINERS = "\u200d\ufe0f"  # what glues an emoji together


def cut(text: str, limit: int) -> Iterator[tuple[int, int]]:
    """Spans (start, end) of at most `limit` characters, in order; together they are the whole text."""
    start = 0
    while len(text) - start > limit:
        end = _best_end(text, start, start + limit)
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def _best_end(text: str, start: int, limit: int) -> int:
    """The last sentence end in the window's second half, else its last word end, else a cut that splits no emoji."""
    middle = start + (limit - start) // 2
    plain = text.isascii()  # most texts are, and then hold no other marks
    return (
        _last(text, _ASCII_SENTENCE_ENDS if plain else _SENTENCE_ENDS, middle, limit)
        or _last(text, _ASCII_WORD_ENDS if plain else _WORD_ENDS, start, limit)
        or _whole_character(text, start, limit)
    )


def _last(text: str, ends: Ends, start: int, limit: int) -> int:
    """Position just after the last of `ends` inside [start, limit), or 0."""
    last = 0
    for mark, longer in ends:
        at = text.rfind(mark, start, limit)
        if at < 0:
            continue
        for end in longer or (mark,):
            at = text.rfind(end, start, limit) if longer else at
            if at >= 0 and at + len(end) > last:
                last = at + len(end)
                start = max(start, last - _LONGEST_END)  # the others are looked for only behind it
    return last


def _whole_character(text: str, start: int, limit: int) -> int:
    end = limit
    while end - 1 > start and (text[end] in _JOINERS or text[end - 1] == "\u200d"):
        end -= 1
    return end if end - 1 > start else limit
