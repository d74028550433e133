"""The open frame of "my ..." and "our ...": "my commute is 40 minutes each way"."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.open_frames.passing import about_the_task, vague
from pipelines.language.embedded.grammar.phrases import statement

_HEAD = (
    r"(?P<head>(?:[\w'&+-]+ ){0,3}?[\w&+-]+)"
    r"(?:(?: just| recently| also| still| currently)?)(?P<verb>'s| is| are| was| were| has| have| starts?| ends?|"
    r" costs?| works?| lives?| runs?| comes?| means| "
    r"takes?| keeps?| hurts?| owns?| makes?| speaks?| pays?| uses| plays?| needs| loves?| hates?| goes| involves|"
    r" closes?| "
    r"opens?| expires?| sleeps?| weighs?| died| passed away| left| moved| got| turned| retired| teaches| studies| "
    r"sells| employs| covers| gives| includes| maintains| handles| builds| owns)\s+(?P<rest>.+)"
)
_OWNED = re.compile(_HEAD, re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:guess|understanding|assumption|request|apolog(?:y|ies)|bad|mistake|internet|browser|wi-?fi|friends?|"
    r"teachers?|professor|boss|manager|colleague|head|mind|heart|only|main|first|second|next|last|previous|"
    r"computer|program|"
    r"screen|concern|intention|query|thought|impression|god|turn|fault|advice|name|purpose|hypothesis|professor|prof)$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:i|we|you|he|she|they|it|that|who|which|says?|said|tells?|told|thinks?|and|is|are|was)\b", re.IGNORECASE
)
_JUDGED = re.compile(
    r"(?:not\b|n't|no longer|wrong|broken|too|so\b|failing|correct|right|as follows|that\b|it\b|this\b|these\b|"
    r"getting|going|"
    r"working|what|how|why|good|bad|great|fine|ok|okay|ready|done|very|really|still|just|here|there|below|above|"
    r"attached|"
    r"being|like|simple|about|to\b(?! \w+ (?:a|the|my))|been\b(?! \w+)|unclear|stuck|missing|empty|your|you)\b",
    re.IGNORECASE,
)


def owned(text: str) -> Iterator[Candidate]:
    """What follows "my" or "our": "commute is 40 minutes each way", "eyesight is poor", "team is six people"."""
    found = _OWNED.match(text[:240])
    if not found or (found["verb"] == "'s" and not re.match(r"(?:an?|\d)\b", found["rest"])):
        return
    head, rest = found["head"], found["rest"]
    if (
        _OTHERS.search(head)
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
