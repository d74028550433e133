"""Which part of a message is a text that was handed over with it, by the message's shape."""

from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

LONG_MESSAGE = 800  # characters; of a longer one, mostly pasted, only the beginning is the user's own word
OWN_BEGINNING = 400
VERY_LONG_MESSAGE = 1500
_LEAST_HANDED = 150  # characters of a block that is worth a line of its own

_OWN_LABELS = alternatives("context background about_me me info bio situation ps note p.s(.) profile who_i_am")
_OWN_LABEL = re.compile(rf"\W*{_OWN_LABELS}\s*:", re.IGNORECASE)
_KINDS = alternatives(
    "lyric(s) song text(s) passage(s) paragraph(s) e(-)mail(s) story stories tweet(s) poem(s) article(s) transcript "
    "conversation(s) dialogue(s) chat post(s) excerpt(s) essay(s) letter(s) script(s) review(s) sentence(s) "
    "statement(s) quote(s) speech tagline(s) caption(s) extract(s) abstract testimonial(s) interview monologue "
    "perspectives prompt(s) result(s) log(s)"
)
_SHOWN = re.compile(
    rf"\b(?:this|these|the following|following|that follow\w*|here(?:'s| is| are)|the \w+ below)\b"
    rf"(?: (?!my\b|our\b)[\w'-]+){{0,5}}? {_KINDS}\b|\btrain you on\b|\b{_KINDS} (?:below|here|above)\b",
    re.IGNORECASE,
)
_SHOWING_WORDS = ("this", "these", "follow", "here", "below", "above", "train you")
_OTHER_SCRIPT = re.compile(
    "[\u0400-\u04ff\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}"
)
_BLOCK_QUOTE = re.compile(r"(?:^|(?<=[\n:.!?]))[ \t]*+[\"\u201c]{1,4}(?=[^\s\"\u201d][^\"\u201d\n]*\n)")
_DOUBLED = re.compile(r"(?:^|(?<=\s))\"\"+(?=\w)")
_CLOSING = re.compile(r"[\"\u201d]+(?=[\s.,;:!?)]|\Z)")


_OPTION = re.compile(r"^[ \t]*\(?([A-Da-d])[.)]\s", re.MULTILINE)


def _options(text: str) -> list[tuple[int, int]]:
    """From the line before the first of three answers to choose from ("A. I work as a nurse") to the last one's end."""
    found = [*_OPTION.finditer(text)]
    letters = "".join(one.group(1).lower() for one in found)
    if len(found) < 3 or "abc" not in letters:
        return []
    start = text.rfind("\n", 0, max(0, text.rfind("\n", 0, found[0].start()))) + 1
    end = text.find("\n", found[-1].end())
    return [(start, len(text) if end < 0 else end)]


def handed_over(text: str) -> list[tuple[int, int]]:
    """The spans of a plain text that are handed over as a block: quoted over several lines, or after a line that shows
    it ("What does this lyric mean?")."""
    spans = _quoted(text) if '"' in text or "\u201c" in text else []
    spans += _options(text) if "\n" in text else []
    if "\n" in text and (start := _shown(text)):
        spans.append((start, len(text)))
    return spans


def _shown(text: str) -> int:
    """Where the block after the line that shows it begins; 0 where there is none."""
    head = text[:OWN_BEGINNING]
    low = head.lower()
    found = _SHOWN.search(head) if any(word in low for word in _SHOWING_WORDS) else None
    if found is None and not head.isascii():
        found = _OTHER_SCRIPT.search(head)
    start = text.find("\n", found.end()) if found else -1
    return start if 0 <= start < len(text) - _LEAST_HANDED else 0


def _quoted(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    end = 0
    blocks = _BLOCK_QUOTE.finditer(text) if "\n" in text else ()
    for found in (*blocks, *(_DOUBLED.finditer(text) if '""' in text else ())):
        if found.end() <= end:
            continue
        closing = _CLOSING.search(text, found.end())
        end = closing.end() if closing else len(text)
        if end - found.start() > _LEAST_HANDED:
            spans.append((found.start(), end))
    return spans


def is_beginning(text: str, start: int) -> bool:
    """Whether what stands at `start` of a long message is in its own beginning, or under a label of the user's."""
    if len(text) <= LONG_MESSAGE:
        return True
    if start > OWN_BEGINNING:
        return False
    part_end = text.find("\n" if len(text) > VERY_LONG_MESSAGE else "\n\n", len(text) - len(text.lstrip()))
    line = text.rfind("\n", 0, start) + 1
    return part_end < 0 or start < part_end or _OWN_LABEL.match(text, line) is not None
