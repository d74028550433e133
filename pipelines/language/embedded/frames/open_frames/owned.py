"""The open frame of "my ..." and "our ...": "my commute is 40 minutes each way"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.open_frames.passing import about_the_task, vague
from pipelines.language.embedded.grammar.phrases import statement
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_HEAD = (
    r"(?P<head>(?:[\w'&+-]+ ){0,3}?[\w&+-]+)(?:(?: just| recently| also| still| currently)?)(?P<verb>"
    r"'s| is| are| was| were| has| have| starts?| ends?| costs?| works?| lives?| runs?| comes?| means| takes?|"
    r" keeps?| hurts?| owns?| makes?| speaks?| pays?| uses| plays?| needs| loves?| hates?| goes| involves|"
    r" closes?| opens?| expires?| sleeps?| weighs?| died| passed away| left| moved| got| turned| retired| teaches|"
    r" studies| sells| employs| covers| gives| includes| maintains| handles| builds| owns)\s+(?P<rest>.+)"
)
_OWNED = re.compile(_HEAD, re.IGNORECASE)
_OWN = alternatives(
    "commute eyesight vision hearing team salary wage rent mortgage budget blood_pressure height pronouns "
    "native_language mother_tongue first_language ethnicity religion time_zone timezone shift(s) contract visa "
    "diet allergy household degree major waist blood_type cholesterol"
)
_HEADS = re.compile(rf"(?:\w+ )?{_OWN}$", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\b(?:i|we|you|he|she|they|it|that|who|which|says?|said|tells?|told|thinks?|and|is|are|was)\b", re.IGNORECASE
)
_JUDGEMENTS = alternatives(
    "n't no_longer wrong broken too failing correct right as_follows getting going working what how why good bad "
    "great fine ok okay ready done very really still just here there below above attached being like simple about "
    "unclear stuck missing empty your you"
)
_JUDGED = re.compile(
    rf"(?:{_JUDGEMENTS}|not\b|so\b|that\b|it\b|this\b|these\b|to\b(?! \w+ (?:a|the|my))|been\b(?! \w+))\b",
    re.IGNORECASE,
)


def owned(text: str) -> Iterator[Candidate]:
    """What follows "my" or "our": "commute is 40 minutes each way", "eyesight is poor", "team is six people"."""
    found = _OWNED.match(text[:240])
    if not found or (found["verb"] == "'s" and not re.match(r"(?:an?|\d)\b", found["rest"])):
        return
    head, rest = found["head"], found["rest"]
    if (
        not _HEADS.match(head)
        or _CLAUSE.search(head)
        or about_the_task(head)
        or about_the_task(rest)
        or _JUDGED.match(rest)
        or vague(rest)
    ):
        return
    what = statement(rest, 9)
    if what and "?" not in rest:
        yield Candidate("life_context", f"{head}{found['verb'].replace(chr(39) + 's', ' is')} {what}")
