"""Name, age, nationality and job in one breath: "I'm Marta, 34, a product designer at Spotify"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.life.home import resides
from pipelines.language.embedded.frames.occupation.jobs import job
from pipelines.language.embedded.frames.open_frames.being import NATIONS
from pipelines.language.embedded.grammar.phrases import noun_phrase
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_NATIONAL = re.compile(rf"^(?:half[- ])?{NATIONS}(?:[- ](?:[A-Z][a-z]+|born))?$")
_UNITS = alternatives(
    "% percent minute(s) hour(s) day(s) week(s) month(s) km mile(s) kg lb(s) pounds steps page(s) chapter(s) cm feet"
)
_AGE = re.compile(
    rf"^(?:only |almost |nearly |about |now |turning )?(\d{{1,2}})"
    rf"(?:\s*(?:years? old|y/?o|years? young|yrs?(?: old)?|f|m|male|female)\b)?(?![,.]\d)"
    rf"(?=$|[\s,.;!)-]|\b(?:and|with)\b)"
    rf"(?!\s*(?:{_UNITS}|st\b|th\b|nd\b|in\b))",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"^\s*(?:(?:[Dd]r|[Mm]rs?|[Mm]s|[Pp]rof)\.? )?"
    r"([A-Z][a-zà-ÿ'-]{1,15}(?: [A-Z][a-zà-ÿ'-]{1,15}){0,2}(?: (?:de|van|von|da|al) [A-Z][\w'-]+)?)"
    r"(?=\s*(?:$|[,.!;]|and\b|from\b|by the way|btw|a\b|\(|here|-|\u2013))"
)
_STATE_WORDS = alternatives(
    "Sorry Fine Good Ok Okay Sure Glad Happy Sad Not Looking Trying Using Working Just So Very Really In On At From "
    "Having Getting Here There Afraid Aware Back Done Ready New Currently Thinking Writing Learning Interested "
    "Curious Going Doing Still Also Asking Making Monday Christian Catholic Muslim Jewish Hindu Buddhist The A An My "
    "Your All Both Being Now Late Bored Tired Sick Confused Stuck Lost Alone Vegan Vegetarian"
)
_NOT_NAME = re.compile(rf"^{_STATE_WORDS}\b")


def is_national(phrase: str) -> bool:
    """As they are listed: by their endings alone they cannot be told from names."""
    return _NATIONAL.match(phrase) is not None


def person(rest: str) -> Iterator[Candidate]:
    """Name, age, job: "I'm Marta, a product designer at Spotify", "I'm 34 and ...", "I'm a nurse"."""
    name = _NAME.match(rest)
    text = rest
    if name and not _NOT_NAME.match(name.group(1)) and not _NATIONAL.match(name.group(1)):
        yield Candidate("name", name.group(1))
        text = re.sub(r"^\s*(?:,|and|\.|!|-|\u2013|\()\s*(?:i'?m\s+)?", "", rest[name.end() :])
    age = _AGE.match(text.strip())
    if age and 5 < int(age.group(1)) < 100:
        yield Candidate("life_context", f"{age.group(1)} years old")
        text = re.sub(
            r"^\s*(?:[\s\w]{0,18}?\d+(?:[- ]years?[- ]olds?| years? old|\s?yo| years?| yrs?)?|\d+)\s*(?:,|and)?\s*",
            "",
            text,
            count=1,
        )
        learning = re.match(r"(?:learning|studying)\s+(?:to\s+)?(.+)", text)
        if learning:
            yield Candidate("interest", f"learning {noun_phrase(learning.group(1), 5)}")
            return
        if where := resides(text):
            yield Candidate("location", where)
    yield from job(text)
