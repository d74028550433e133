"""Dates, appointments and commitments."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import TIME, find_time, noun_phrase, statement, tidy
from pipelines.language.embedded.grammar.words import alternatives

EVENT = alternatives(
    "birthday anniversary wedding exam exams test final(s) interview appointment deadline due_date surgery "
    "operation flight trip vacation holiday graduation meeting presentation defence defense viva launch release "
    "move conference concert recital race marathon tournament match party reunion funeral christening "
    "housewarming check(-)up scan hearing trial audition first_day last_day start_date lease visa contract "
    "semester course term retreat demo review opening honeymoon engagement ceremony competition camp workshop "
    "exhibition gig moving_day closing inspection renewal visit baby_shower date submission"
)
_EVENT_NOUN = re.compile(rf"\b{EVENT}\b", re.IGNORECASE)
_IDLE = re.compile(
    r"^(?:be (?:able|back|honest|happy|glad|sure|here|fine|ok|more|using|doing)|try(?: it| that| "
    r"this)?(?: out)?$|see|know|need|use (?:it|this|that)|give you|ask you|get back to you|let you|"
    r"tell you|"
    r"paste|post|show you|send you|share|provide|copy|explain|say|assume|call (?:it|this|that|you)|refer|"
    r"describe|name|say|have to|never|take (?:it|that|this)|"
    r"like|love|want|think|keep (?:that|this|it) in mind|check (?:it|that|this)|look (?:at|into) (?:it|"
    r"that|this)|do (?:that|it|this)|type|input|upload|"
    r"add (?:it|that|this)|go with (?:that|this|it)|start (?:with|by)|appreciate|admit|repeat|write "
    r"(?:it|you)|feed|rate|answer|reply|ask|respond|"
    r"test (?:it|that|this)|miss|die|cry|lose it|pass)\b",
    re.IGNORECASE,
)
_PASSING_HOPE = re.compile(
    r"(?:get|find|understand|hear|see|know|learn (?:more|how)|use|you|make|have|be|achieve|create|improve|fix|solve)\b"
)
_PROMISING = frozenset(["send", "submit", "finish", "start", "deliver", "call", "visit", "ship", "launch", "book"])


def appointment(rest: str) -> Iterator[Candidate]:
    """I have a job interview on Monday morning."""
    found = re.match(rf"\s*((?:(?:an?|my|our|the|two|\d)\s+(?:[\w'-]+ ){{0,3}}?)?{EVENT})\b(.*)", rest, re.IGNORECASE)
    if not found:
        return
    when = find_time(found.group(2)[:80])
    if when:
        extra = re.match(r"\s*((?:with|at|for|in)\s+(?:[\w']+ ?){1,4})", TIME.sub("", found.group(2)))
        event = re.sub(r"^(?:an?|my|our|the)\s+", "", found.group(1))
        yield Candidate(
            "date", f"{event} {noun_phrase(extra.group(1), 5) if extra else ''} {when}".replace("  ", " "), when
        )


def due(subject: str, rest: str) -> Iterator[Candidate]:
    """ "My birthday is on 14 February": `subject` is "birthday", `rest` follows the verb."""
    if not _EVENT_NOUN.search(subject) and not re.search(
        r"\b(?:due|starts?|ends?|begins?|expires?|opens?)\b", rest[:20]
    ):
        return
    when = find_time(rest[:70])
    if when:
        yield Candidate("date", f"{tidy(subject)}: {re.sub(r'^(?:on|is|at) ', '', when)}", when)


def will(clause: Clause) -> Iterator[Candidate]:
    """I'll send the slides by Wednesday; I'm going to run a half marathon next spring; I must finish it by Friday."""
    if clause.negated and clause.modal != "will":
        return
    if (
        clause.lemma in {"be", "have", "like", "love", "want", "need", "know", "think"}
        and not clause.going
        and not re.match(r"\s*(?:\w+ ){1,4}?(?:ready|done|finished|sorted)\b", clause.rest)
    ):
        return
    action = f"{clause.form}{clause.rest}"
    if _IDLE.match(action) or re.search(r"\bif (?:i|we|it|you|they|he|she|the)\b", clause.rest):
        return
    yield from commitment(action, clause, firm=clause.going)


def commitment(action: str, clause: Clause, *, firm: bool = False) -> Iterator[Candidate]:
    """A commitment when it names a time, or when its verb is a promise."""
    what = statement(action, 16)
    when = find_time(action[:160])
    if not what or len(what.split()) < 2:
        return
    resolve = re.match(r"(?:be )?(?:try(?:ing)? to )?\w+(?: and \w+)? (?:more|less)\b", action)
    lasting = resolve or re.search(
        r"\b(?:from now on|going forward|every (?:day|week|morning)|in the future|once a|no more|any "
        r"?more|ever again)\b",
        action,
    )
    if when or lasting or (firm and (clause.negated or _weighty(action))):
        text = f"not {what}" if clause.negated else what
        yield Candidate("commitment", text if not when or when in text else f"{text} {when}", when)


def _weighty(action: str) -> bool:
    return bool(
        re.match(
            r"(?:become|quit|move|retire|marry|get (?:married|engaged|divorced)|start (?:a|my|an|our)|"
            r"study|apply|adopt|open (?:a|an|my|our)|launch|switch|"
            r"replace|migrate|drop|leave my|sell (?:my|our|the)|buy (?:a|my|our)|learn [A-Z]|travel|"
            r"run (?:a|my)|stop \w+ing|cut)\b",
            action,
            re.IGNORECASE,
        )
    )


def must(clause: Clause) -> Iterator[Candidate]:
    """I need to finish the tax return before the end of the month."""
    if clause.negated or clause.unreal:
        return
    action = f"{clause.form}{clause.rest}"
    if not _IDLE.match(action) and find_time(action[:160]):
        yield from commitment(action, clause)


def plan(clause: Clause) -> Iterator[Candidate]:
    """We're planning to visit Hokkaido in October; I plan to retire at 60; I aim to read 30 books."""
    found = re.match(r"\s*(?:to|on)\s+(?!do\b|be able\b|use this\b)(.+)", clause.rest, re.IGNORECASE)
    if clause.negated or clause.unreal or clause.past or clause.used_to:
        return
    if found:
        what = statement(found.group(1), 16)
        verb = {"hope": "hopes to", "aim": "aims to"}.get(clause.lemma, "plans to")
        if (
            len(what.split()) > 1
            and (clause.lemma != "hope" or clause.progressive or find_time(found.group(1)[:120]))
            and not (clause.lemma == "hope" and _PASSING_HOPE.match(what))
            and not _IDLE.match(what)
        ):
            verb = verb if re.match(r"\s*to\b", clause.rest, re.IGNORECASE) else "plans on"
            yield Candidate("commitment", f"{verb} {what}", find_time(found.group(1)[:120]))
    elif clause.lemma == "plan" and clause.progressive:
        event = noun_phrase(clause.rest, 10)
        if re.search(rf"\b(?:{EVENT}|\w+ (?:trip|tour|hike|renovation|garden|extension))\b", event, re.IGNORECASE):
            yield Candidate("commitment", f"planning {event}", find_time(clause.rest))


def give_word(clause: Clause) -> Iterator[Candidate]:
    """I told Marco I'd review his contract by Wednesday; I promised my boss the report by Monday."""
    rest, when = clause.rest, find_time(clause.rest)
    if clause.negated or clause.unreal or clause.used_to or not when:
        return
    given = re.match(r"\s*(?:\w+ ){1,4}?(?:that )?(?:i|we)(?:'d|'ll| would| will) (.+)", rest, re.IGNORECASE)
    owed = re.match(r"\s*(?:my|our|[A-Z])[\w' ]{1,40}?(?:the|a|an|my|our|his|her)\s\w", rest)
    if clause.form == "told" and given:
        yield Candidate("commitment", statement(given.group(1), 16), when)
    elif clause.lemma == "promise" and owed and not given and " to " not in rest:
        yield Candidate("commitment", f"{clause.form} {statement(rest, 14)}", when)


def promise(clause: Clause) -> Iterator[Candidate]:
    """I promised my sister I'd help her move on Saturday; I committed to running every day; I signed up for a race."""
    rest = clause.rest
    if clause.negated or clause.unreal or clause.used_to:
        return
    if clause.lemma in {"promise", "pledge", "vow", "swear", "commit"}:
        found = re.match(
            r"\s*(?:(?:[\w']+ ){0,4}?)(?:that |to |(?:i|we)'(?:d|ll) |(?:i|we) (?:would|will) )(.+)",
            rest,
            re.IGNORECASE,
        )
        if found and len(found.group(1).split()) > 1 and not re.match(r"(?:be good|you|god|this is)", found.group(1)):
            yield Candidate(
                "commitment",
                statement(
                    re.sub(r"^(?:(?:i|we)(?:'d|'ll| would| will)\s+)", "", found.group(1), flags=re.IGNORECASE), 16
                ),
                find_time(rest),
            )
    elif clause.lemma in {"sign", "register", "enroll", "enrol", "book", "schedule", "arrange"} and not clause.modal:
        found = re.match(r"\s*(?:up\s+)?(?:(?:for|to|in|on)\s+)?(.+)", rest, re.IGNORECASE)
        if found and (clause.lemma in {"book", "schedule", "arrange"} or re.match(r"\s*(?:up\b|for\b|in\b)", rest)):
            what = noun_phrase(found.group(1), 10)
            if len(what) > 2 and not re.match(r"(?:in|into|out|it|this)\b", what):
                verb = {"sign": "signed up", "register": "registered", "enroll": "enrolled", "enrol": "enrolled"}.get(
                    clause.lemma
                )
                yield Candidate(
                    "commitment",
                    f"{verb} for {what}" if verb else f"{clause.lemma}ed {what}".replace("eed", "ed"),
                    find_time(rest),
                )


def depart(clause: Clause) -> Iterator[Candidate]:
    """I'm flying to Lima on 3 May; we leave for Rome on Friday; I start my new job on Monday."""
    if clause.negated or clause.unreal or clause.past or clause.used_to or clause.perfect:
        return
    when = find_time(clause.rest[:100])
    if not when or not (
        clause.progressive or clause.going or re.match(r"\s*(?:for|to|my|a|an|the|our)\b", clause.rest)
    ):
        return
    what = statement(f"{clause.form}{clause.rest}", 12)
    if len(what.split()) > 1:
        yield Candidate("date", what if when in what else f"{what} {when}", when)
