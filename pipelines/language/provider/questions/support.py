"""Whether words of a model's stand in what people wrote: its names, numbers, links, dates and content words.

A word stands in a text in its own or in another inflected form ("painting" in "I paint"), never in a derived one: that
of "fraudster" is not in "a fraud alert". Words that say nothing by themselves need no support.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pipelines.language.embedded.grammar.lexicon import LEMMAS
from pipelines.language.embedded.grammar.words import word_set

_PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*+|[%$\u20ac\u00a3\u00a5]")
_GROUPED = re.compile(r"(?<=\d)[,'](?=\d{3}(?!\d))")  # 1,000,000
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ADDRESS = re.compile(r"://|@|\A\W*www\.|[^\W_]{2}\.[^\W\d_]{2}|\]\(")
_EDGES = " .,;:!?\"'()[]{}<>*`~"
_FREE = word_set(
    "a an the and or but of in on at to for from with by as into onto about over under between through during since "
    "until before after around near up down out off than then so too very really also just only still already both "
    "either each every all any some this that these those there here it its it's he she they them his her their him i "
    "i'm i've i'd i'll me my mine myself we our us you your yours yourself user user's users person person's is am are "
    "was were be been being do does did have has had having having's can could will would shall should may might must "
    "let who whom whose which what when where while because if name named names called age aged based located live "
    "lives living work works working use uses using old year years currently now etc such like via per one's"
)
_NEGATIONS = word_set(
    "not no never none without cannot can't don't doesn't didn't won't isn't aren't wasn't weren't haven't hasn't "
    "hadn't wouldn't shouldn't couldn't nor neither nobody nothing hate hates hated dislike dislikes avoid avoids "
    "avoiding stop stopped quit against skip dont doesnt didnt cant wont isnt longer former formerly ex allergic"
)
_SAME = {
    word: kind
    for kind, words in {
        "like": "likes love loves loving enjoy enjoys enjoying prefer prefers preferred adore adores favourite "
        "favorite favourites favorites fan fond",
        "month1": "january jan", "month2": "february feb", "month3": "march mar", "month4": "april apr",
        "month6": "june jun", "month7": "july jul", "month8": "august aug", "month9": "september sep sept",
        "month10": "october oct", "month11": "november nov", "month12": "december dec",
    }.items()
    for word in (kind, *words.split())
}  # fmt: skip
_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_COUNTS = {word: str(number) for number, word in enumerate(_NUMBER_WORDS.split(), 1)}
_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})(?:/\d{2,4})?(?!\d)")
_HARMLESS = re.compile(r"\b(?:can't wait|cannot wait|not (?:just|only)|can't stop|no doubt|don't mind|why not)\b")
_NEAR = 4  # words before one that they may deny


@dataclass(frozen=True, slots=True)
class Written:
    """What people wrote, as words of a model's are held against it."""

    words: frozenset[str]
    pieces: frozenset[str]  # between blanks, without punctuation at the edges: links stand in whole
    unspaced: str  # the text, for scripts that write no blanks

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Written":
        """All of the texts together."""
        plain = " \n ".join(map(fold, texts))
        found = frozenset(_key(word) for word in _tokens(plain)) | _dates_in(plain)
        unspaced = plain if _UNSPACED.search(plain) else ""
        return cls(found, frozenset(piece.strip(_EDGES) for piece in plain.split()), unspaced)

    def supports(self, text: str, allowed: Collection[str] = ()) -> bool:
        """Whether each word of `text` that says something stands here, or is `allowed`; and at least one does."""
        plain = fold(text)
        if not self.holds_links(plain):
            return False
        said = _telling(plain)
        return bool(said) and all(self._holds(word) or _key(word) in allowed for word in said)

    def holds_links(self, text: str) -> bool:
        """Whether every link and address in `text` stands here, letter by letter."""
        pieces = (piece.strip(_EDGES) for piece in fold(text).split())
        return all(piece in self.pieces for piece in pieces if _ADDRESS.search(piece))

    def _holds(self, word: str) -> bool:
        return _key(word) in self.words or (bool(self.unspaced) and is_unspaced(word) and word in self.unspaced)


def fold(text: str) -> str:
    """The text without what does not matter here: case, accents, kinds of quotes and dashes, marks in long numbers."""
    apart = unicodedata.normalize("NFKD", text.translate(_PLAIN)).casefold()
    return _GROUPED.sub("", "".join(letter for letter in apart if not unicodedata.combining(letter)))


def keys(words: str) -> frozenset[str]:
    """Words, divided by blanks, in the form in which they are compared."""
    return frozenset(map(_key, words.split()))


def content_keys(text: str) -> frozenset[str]:
    """The words of a text that say something, in the form in which they are compared."""
    return frozenset(map(_key, _telling(fold(text))))


def denies(text: str) -> bool:
    """Whether it says of anything that it is not so."""
    return not _NEGATIONS.isdisjoint(_tokens(_HARMLESS.sub(" ", fold(text))))


def denied(text: str, value: str) -> bool:
    """Whether `text` denies what `value` says, or the other way round."""
    said = list(_tokens(_HARMLESS.sub(" ", fold(text))))
    wanted = [_key(word) for word in _telling(fold(value))]
    places = [place for place, word in enumerate(said) if _key(word) in wanted]
    before = said[max(0, places[0] - _NEAR) : places[0]] if places else []
    return _NEGATIONS.isdisjoint(said) if denies(value) else not _NEGATIONS.isdisjoint(before)


def is_unspaced(text: str) -> bool:
    """Whether it is written in a script without blanks between words."""
    return _UNSPACED.search(text) is not None


def _telling(plain: str) -> list[str]:
    return [word for word in _tokens(plain) if word not in _FREE and word not in _NEGATIONS]


def _tokens(plain: str) -> list[str]:
    spelled = _DAY.sub(lambda day: f"{day[1]} month{int(day[2])} {day[3]}", plain)
    return [_COUNTS.get(word, word) for word in _TOKEN.findall(spelled)]


def _dates_in(plain: str) -> frozenset[str]:
    """Months that are written as numbers, and May, which may be a verb."""
    numbers = {part for found in _SLASHED.finditer(plain) for part in found.groups() if int(part) <= 12}
    months = {f"month{int(number)}" for number in numbers}
    return frozenset(months | ({"month5"} if "may" in plain.split() else set()))


def _key(word: str) -> str:
    """Equal for the inflected forms of one word."""
    if word[:1].isdigit():
        number = _ORDINAL.fullmatch(word)
        return (number[1] if number else word).lstrip("0") or "0"
    word = word.removesuffix("'s").removesuffix("'")
    known = _SAME.get(word) or _SAME.get(LEMMAS.get(word, ""))
    return known or _stem(LEMMAS.get(word, word))


def _stem(word: str) -> str:
    for ending, instead in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(ending) + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word
