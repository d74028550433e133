"""How a value is written down: without pictures, fillers at its end, and what was broken off."""

from pipelines.language.embedded.grammar.sentences import MASK
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

LONGEST_VALUE = 140  # characters
_PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2764\ufe0f\u200d]+")
_FILLERS = "yeah lol ha haha hahaha lmao tho though too tbh imo to_be_honest anyway either sorry rn dude bro guys man"
_AND_SO_ON = "stuff so_on such something whatever things others"
_TRAILING = re.compile(
    rf"(?:(?<!\s)\s{alternatives(_FILLERS)}){{1,4}}$|"
    rf"(?<!,),? (?:and|or) {alternatives(_AND_SO_ON)}(?: like)?$|(?<!,),? etc\.?$",
    re.IGNORECASE,
)
_TRAILS = word_set(f"{_FILLERS} {_AND_SO_ON} like etc etc.".replace("_", " "))  # among them the last words of those


_BROKEN_OFF = re.compile(r"(?<=\w)(?:--+|\.{3,})")


def as_written(value: str) -> str:
    """The value with one space between words, "" where nothing is left."""
    value = value.replace(MASK, " ")
    if "--" in value or "..." in value:
        value = _BROKEN_OFF.split(value, maxsplit=1)[0]
    value = " ".join(value.split()).strip(" ,.;:-\"'*_/")
    if not value.isascii():
        value = _PICTURES.sub("", value).strip(" ,.;:-")
    if value.rpartition(" ")[2].lower() in _TRAILS:
        value = _TRAILING.sub("", value).strip(" ,.;:-")
    if value.count('"') % 2:
        value = value.replace('"', "")
    return value[:LONGEST_VALUE].strip() if len(value) > 1 else ""
