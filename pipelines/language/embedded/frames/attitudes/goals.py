"""What the user wants of life ("I want to become a pilot"), and of answers ("I want answers with sources")."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import noun_phrase, statement

_GOAL = re.compile(
    r"to ((?:become (?:a|an|fluent|better|more)|retire|emigrate|lose (?:weight|\d+|some weight)|gain (?:weight|muscle)"
    r"|quit (?:smoking|drinking|my|sugar|vaping)|stop (?:smoking|drinking|biting|eating|spending|procrastinating)"
    r"|(?:run|finish) (?:a|my) (?:first |second )?(?:half[- ])?(?:marathon|10k|5k|ultra|triathlon)|"
    r"travel (?:to|the|around)"
    r"|buy (?:a|our|my) (?:first )?(?:house|home|flat|apartment|boat|van|car|farm)|save (?:up )?(?:for|\W?\d)"
    r"|start (?:a|my own|our own) (?:family|business|company|bakery|podcast|blog|band|farm|charity|career)"
    r"|have (?:kids|children|a baby)|get (?:pregnant|fit|in shape|healthier|married|promoted|certified|"
    r"out of debt|better at"
    r"|into (?:medical|law|grad|art|film) )|go back to (?:school|university|college)|(?:eat|drink|"
    r"spend|sleep|exercise|read) (?:less|more|better|healthier)"
    r"|learn (?:to (?:play|swim|cook|drive|sail|surf|ski|dance|sing|draw|paint|knit|sew|code|ride|"
    r"speak|fly|skate)|[A-Z])"
    r"|master (?!the (?:basics|difference)|it|this)|publish (?:a|my)|move (?:to|back|abroad|out)|adopt "
    r"(?:a|an)|change (?:careers?|jobs))\b.*)",
)
_LANGUAGE = re.compile(r"to (learn (?!how|about|more|what|the|from|why|if|it|this|to)\w{3,}\b.*)")
_ANSWERS = re.compile(
    r"(?:(?:only|all|my|your|the|no|short|concise|brief|long|detailed|more|less|fewer|plain|direct|"
    r"blunt|honest|clear|simple|any|very|"
    r"critical|and|or)[\s,]+)*(?:\w+\s)?(?:answers|replies|responses|explanations|examples|sources|"
    r"citations|emojis|disclaimers|feedback|"
    r"summaries|bullets?|code comments|jargon|prose)\b",
    re.IGNORECASE,
)


def want(clause: Clause) -> Iterator[Candidate]:
    """I want to become a pilot; I want answers with sources. Requests give nothing."""
    rest = clause.rest.strip()
    if clause.past or clause.unreal or clause.used_to:
        return
    goal = _GOAL.match(rest) or _LANGUAGE.match(rest)
    if goal and not clause.negated:
        what = noun_phrase(goal.group(1), 10)
        if what != "learn":
            yield Candidate("life_context", f"wants to {what}")
    elif _ANSWERS.match(rest):
        what = statement(rest, 12)
        yield Candidate("preference", f"no {what}" if clause.negated else what)


def strive(clause: Clause) -> Iterator[Candidate]:
    """I'm trying to lose 10 kilos before summer."""
    goal = _GOAL.match(clause.rest.strip())
    if goal and clause.progressive and not clause.negated and not clause.unreal:
        yield Candidate("life_context", f"{clause.form} to {noun_phrase(goal.group(1), 10)}")
