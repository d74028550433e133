"""What the user wants of life ("I want to become a pilot"), and of answers ("I want answers with sources")."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import noun_phrase, statement
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_GOALS = alternatives(
    "retire emigrate gain_weight gain_muscle travel_to travel_the travel_around have_kids have_children have_a_baby "
    "go_back_to_school go_back_to_university go_back_to_college publish_a publish_my move_to move_back move_abroad "
    "move_out adopt_a adopt_an"
)
_STARTED = alternatives("family business company bakery podcast blog band farm charity career")
_STATES = alternatives("pregnant fit in_shape healthier married promoted certified out_of_debt better_at")
_SKILLS = alternatives("play swim cook drive sail surf ski dance sing draw paint knit sew code ride speak fly skate")
_GOAL = re.compile(
    rf"to ((?:{_GOALS}|become (?:a|an|fluent|better|more)|lose (?:weight|\d+|some weight)|"
    rf"quit (?:smoking|drinking|my|sugar|vaping)|stop (?:smoking|drinking|biting|eating|spending|procrastinating)|"
    rf"(?:run|finish) (?:a|my) (?:first |second )?(?:half[- ])?(?:marathon|10k|5k|ultra|triathlon)|"
    rf"buy (?:a|our|my) (?:first )?(?:house|home|flat|apartment|boat|van|car|farm)|save (?:up )?(?:for|\W?\d)|"
    rf"start (?:a|my own|our own) {_STARTED}|get (?:{_STATES}|into (?:medical|law|grad|art|film) )|"
    rf"(?:eat|drink|spend|sleep|exercise|read) (?:less|more|better|healthier)|learn (?:to {_SKILLS}|[A-Z])|"
    rf"master (?!the (?:basics|difference)|it|this)|change (?:careers?|jobs))\b.*)",
)
_LANGUAGE = re.compile(r"to (learn (?!how|about|more|what|the|from|why|if|it|this|to)\w{3,}\b.*)")
_ANSWER_STARTS = alternatives(
    "only all my your the no short concise brief long detailed more less fewer plain direct blunt honest clear simple "
    "any very critical and or"
)
_ANSWER_PARTS = alternatives(
    "answers replies responses explanations examples sources citations emojis disclaimers feedback summaries "
    "bullet(s) code_comments jargon prose"
)
_ANSWERS = re.compile(rf"(?:{_ANSWER_STARTS}[\s,]+)*(?:\w+\s)?{_ANSWER_PARTS}\b", re.IGNORECASE)


def want(clause: Clause) -> Iterator[Candidate]:
    """I want to become a pilot; I want answers with sources. Requests give nothing."""
    rest = clause.rest.strip()
    if clause.past or clause.unreal or clause.used_to:
        return
    goal = _GOAL.match(rest) or _LANGUAGE.match(rest)
    if goal and not clause.negated:
        what = noun_phrase(goal.group(1), 10)
        if what != "learn":
            pursuit = what.startswith(("learn", "travel", "visit", "see", "play", "speak"))
            yield Candidate("interest" if pursuit else "life_context", f"wants to {what}")
    elif _ANSWERS.match(rest):
        what = statement(rest, 12)
        yield Candidate("preference", f"no {what}" if clause.negated else what)


def strive(clause: Clause) -> Iterator[Candidate]:
    """I'm trying to lose 10 kilos before summer."""
    goal = _GOAL.match(clause.rest.strip())
    if goal and clause.progressive and not clause.negated and not clause.unreal:
        yield Candidate("life_context", f"{clause.form} to {noun_phrase(goal.group(1), 10)}")
