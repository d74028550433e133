"""Dates, appointments and commitments."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import TIME, find_time, noun_phrase, statement, tidy
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

EVENT = alternatives(
    "birthday anniversary wedding exam exams test final(s) interview appointment deadline due_date surgery "
    "operation flight trip vacation holiday graduation meeting presentation defence defense viva launch release "
    "move conference concert recital race marathon tournament match party reunion funeral christening "
    "housewarming check(-)up scan hearing trial audition first_day last_day start_date lease visa contract "
    "semester course term retreat demo review opening honeymoon engagement ceremony competition camp workshop "
    "exhibition gig moving_day closing inspection renewal visit baby_shower date submission"
)
_EVENT_NOUN = re.compile(rf"\b{EVENT}\b", re.IGNORECASE)
_IDLE_VERBS = alternatives(
    "see know need use_it use_this use_that give_you ask_you get_back_to_you let_you tell_you paste post show_you "
    "send_you share provide copy explain say assume call_it call_this call_that call_you refer describe name have_to "
    "never take_it take_that take_this like love want think keep_that_in_mind keep_this_in_mind keep_it_in_mind "
    "check_it check_that check_this do_that do_it do_this type input upload add_it add_that add_this go_with_that "
    "go_with_this add_more add_some add_the include mention go_with_it start_with start_by appreciate admit repeat "
    "write_it write_you feed rate answer reply "
    "ask respond test_it test_that test_this miss die cry lose_it pass"
)
_IDLE_STATES = alternatives("able back honest happy glad sure here fine ok more using doing")
_IDLE = re.compile(
    rf"^(?:{_IDLE_VERBS}|be {_IDLE_STATES}|try(?: it| that| this)?(?: out)?$|look (?:at|into) (?:it|that|this))\b",
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


_PAPERS = re.compile(
    r"\b(?:visa|passport|permit|card|licen[cs]e|lease|contract|insurance|warranty|certificate|funding|scholarship|id)$",
    re.IGNORECASE,
)
_IS_OVER = re.compile(r"\s?(expires?|runs? out|ends?)\b")


def due(subject: str, rest: str) -> Iterator[Candidate]:
    """ "My birthday is on 14 February": `subject` is "birthday", `rest` follows the verb."""
    if not _EVENT_NOUN.search(subject) and not re.search(
        r"\b(?:due|starts?|ends?|begins?|expires?|opens?|runs? out)\b", rest[:20]
    ):
        return
    when = find_time(rest[:70])
    if "out" in rest[:12] and not _PAPERS.search(subject):  # a battery runs out
        return
    if when:
        over = _IS_OVER.match(rest)
        if over:
            when += " next year" if f"{when} next year" in rest else ""
            yield Candidate("date", f"{tidy(subject)} {over.group(1)} {when}", when)
            return
        yield Candidate("date", f"{tidy(subject)}: {re.sub(r'^(?:on|is|at) ', '', when)}", when)


def will(clause: Clause) -> Iterator[Candidate]:
    """I'll send the slides by Wednesday; I'm going to run a half marathon next spring; I must finish it by Friday."""
    if (clause.negated and clause.modal != "will") or _HAD_TO.search(clause.sentence) or "probably" in clause.adverbs:
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


_LASTING_WORDS = alternatives(
    "from_now_on going_forward every_day every_week every_morning once_a no_more any(_)more ever_again"
)
_LASTING = re.compile(rf"\b{_LASTING_WORDS}\b")


def commitment(action: str, clause: Clause, *, firm: bool = False) -> Iterator[Candidate]:
    """A commitment when it names a time, or when its verb is a promise."""
    what = statement(action, 16)
    when = find_time(action[:160])
    if not what or len(what.split()) < 2:
        return
    resolve = re.match(r"(?!learn more|know more)(?:be )?(?:try(?:ing)? to )?\w+(?: and \w+)? (?:more|less)\b", action)
    lasting = resolve or _LASTING.search(action)
    if when or lasting or (firm and (clause.negated or _weighty(action))):
        text = f"not {what}" if clause.negated else what
        yield Candidate("commitment", text if not when or when in text else f"{text} {when}", when)


_LIFE_CHANGES = alternatives(
    "become quit move retire marry get_married get_engaged get_divorced start_a start_my start_an start_our study "
    "apply adopt open_a open_an open_my open_our launch switch replace migrate drop leave_my sell_my sell_our "
    "sell_the buy_a buy_my buy_our travel run_a run_my cut"
)
_SCHOOLS = alternatives("sixth_form uni university college a-level(s) gcse(s)")
_LIFE_CHANGE = re.compile(
    rf"(?:{_LIFE_CHANGES}|do (?:[\w-]+,? ){{1,5}}(?:at|for) {_SCHOOLS}|learn [A-Z]|stop \w+ing)\b", re.IGNORECASE
)


def _weighty(action: str) -> bool:
    return bool(_LIFE_CHANGE.match(action))


_HAD_TO = re.compile(r"\b(?:had to|was (?:going|gonna|about|supposed) to|were going to)\b", re.IGNORECASE)


def must(clause: Clause) -> Iterator[Candidate]:
    """I need to finish the tax return before the end of the month."""
    if clause.negated or clause.unreal or _HAD_TO.search(clause.sentence):
        return
    action = f"{clause.form}{clause.rest}"
    if not _IDLE.match(action) and find_time(action[:160]):
        yield from commitment(action, clause)


def plan(clause: Clause) -> Iterator[Candidate]:
    """We're planning to visit Hokkaido in October; I plan to retire at 60; I aim to read 30 books."""
    found = re.match(r"\s*(?:to|on)\s+(?!do\b|be able\b|use this\b)(.+)", clause.rest, re.IGNORECASE)
    if clause.negated or clause.unreal or clause.past or clause.used_to or clause.was:
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
        if found and (clause.lemma in {"book", "schedule", "arrange"} or re.match(r"\s*(?:up for\b|for\b|in\b)", rest)):
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


_FEELS = alternatives("can can't cannot am was need(s) have want(s) will hope(s) feel(s) look(s) couldn't could would")
_AND_SAYS_HOW = re.compile(rf",? (?:and|but|so) (?:just |really |still |also )?{_FEELS}\b.*$", re.IGNORECASE)


_JOINS_WHAT = re.compile(r"\s*(?!(?:on|in|at|from|by)\b)\w")


def depart(clause: Clause) -> Iterator[Candidate]:
    """I'm flying to Lima on 3 May; we leave for Rome on Friday; I start my new job on Monday."""
    if clause.negated or clause.unreal or clause.past or clause.used_to or clause.perfect:
        return
    when = find_time(clause.rest[:100])
    if not when or not (
        clause.progressive or clause.going or re.match(r"\s*(?:for|to|my|a|an|the|our)\b", clause.rest)
    ):
        return
    if clause.lemma == "join" and _JOINS_WHAT.match(clause.rest) is None:
        return
    what = _AND_SAYS_HOW.sub("", statement(f"{clause.form}{clause.rest}", 12))
    if len(what.split()) > 1:
        yield Candidate("date", what if when in what else f"{what} {when}", when)
