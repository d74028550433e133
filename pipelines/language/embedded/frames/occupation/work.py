"""What the user does for a living and studies."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import bare, noun_phrase, statement

_AS = re.compile(r"^\s*(?:[\w'-]+ ){0,1}?as\s+(?:an?|the|one of the)?\s*(.+)", re.IGNORECASE)
_FOR = re.compile(
    r"^\s*(?:[\w-]+ ){0,3}?((?:for|at|in|with|night shifts|nights|shifts|part-?time|full-?time|"
    r"remotely|from home|freelance)\b.*)",
    re.IGNORECASE,
)
_ANY_JOB = re.compile(
    r"\w+ (?:an?|the|some|one) (?:\w+ )?(?:company|job|office|place|team|firm|project|group|business)"
)
_DURATION = re.compile(
    r"(?<!\s)\s++(?:for|since|until|during|over)\s++"
    r"(?:the last |the past |about |over |almost |nearly |more than |around )*"
    r"(?:\d|an? (?:while|few|couple|year|month|decade|long|bit|lot|number|good)\b|two|three|four|five|"
    r"six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|"
    r"many|several|most|years|my whole|decades|some).*$|\s+since\s+\d.*$",
    re.IGNORECASE,
)
_NOT_WORK = re.compile(
    r"^(?:(?:for|with|in|at)\s+(?:me|you|it|us|this|that|them|him|her|my|the (?:following|code|moment|"
    r"same|script|problem|project|file)|"
    r"a (?:project|problem|team|group|file|script|while|list|class|function|table|dataset|spreadsheet)|"
    r"something|what|how|\d|most|both|all|everyone|some|"
    r"these|those|an? \w+ (?:file|project|problem|script|dataset)|python|java\w*|react|excel|word|sql|"
    r"c\+\+|php|pandas|numpy|data\b(?! science))\b)",
    re.IGNORECASE,
)
_SUBJECTS = re.compile(
    r"^(?:my|your|his|her|their|the way|people|me|him|them|myself|you|kids? (?:to|how)|how|it|this|"
    r"that|for|hard|all|with|at night|late)\b",
    re.IGNORECASE,
)
_BUSINESS = re.compile(
    r"\b(?:shop|store|bakery|studio|company|business|agency|startup|start-up|restaurant|cafe|café|farm|"
    r"firm|practice|clinic|channel|podcast|blog|"
    r"newsletter|club|charity|nonprofit|non-profit|gym|salon|bar|pub|hotel|hostel|b&b|bookshop|"
    r"bookstore|workshop|school|team|department|"
    r"lab|group|brand|label|franchise|brewery|winery|garage|nursery|daycare|consultancy|band|choir|"
    r"community|server|website|site|food truck|"
    r"market stall|kitchen|household|bed and breakfast|program|programme|centre|center|library|office|"
    r"warehouse|fleet|property|properties|"
    r"plumbing|landscaping|etsy)\b",
    re.IGNORECASE,
)


def work(clause: Clause) -> Iterator[Candidate]:
    """I work as a midwife; I've been working for the council; I work night shifts. "Working on X" is a project."""
    rest = clause.rest
    on = re.match(r"\s*(?:\w+ ){0,2}?on\s+(.+)", rest, re.IGNORECASE)
    if clause.negated or clause.unreal or clause.used_to:
        return
    if on:
        yield from _working_on(clause, on.group(1))
        return
    if clause.past or clause.modal:
        return
    role = _AS.match(rest)
    if role:
        yield Candidate("occupation", _DURATION.sub("", noun_phrase(role.group(1), 9)))
        return
    place = _FOR.match(rest)
    if place and not _NOT_WORK.match(place.group(1)):
        phrase = _DURATION.sub("", noun_phrase(place.group(1), 10))
        if _ANY_JOB.fullmatch(phrase):
            return
        if len(phrase.split()) > 1 or phrase in {"nights", "shifts", "remotely", "freelance"}:
            yield Candidate("occupation", f"works {phrase}")


def _working_on(clause: Clause, what: str) -> Iterator[Candidate]:
    if clause.progressive or clause.perfect or clause.form == "work":
        name = noun_phrase(what, 12)
        if name and not re.match(
            r"(?:it|this|that|these|those|them|something|him|a (?:problem|task|question|file|few)|"
            r"(?:an? )?(?:assignment|homework)|the (?:following|same|code|problem)"
            r"|how|getting|being|your|what|improving my|myself|one|some)\b",
            name,
            re.IGNORECASE,
        ):
            yield Candidate("project", bare(name), statement(what, 24))


def teach(clause: Clause) -> Iterator[Candidate]:
    """I teach chemistry at a secondary school; I coach an under-12 team."""
    if clause.negated or clause.unreal or clause.past or clause.modal or _SUBJECTS.match(clause.rest.strip()):
        return
    what = _DURATION.sub("", noun_phrase(clause.rest, 9))
    if what:
        yield Candidate("occupation", f"{_third(clause.lemma)} {what}")


def study(clause: Clause) -> Iterator[Candidate]:
    """I'm studying marine biology in Kiel; I study for the bar."""
    exam = re.match(
        r"\s*for ((?:the|my|an?) (?:\w+ ){0,3}(?:exams?|test|finals|a-levels|certification|bar|boards|"
        r"mcat|lsat|gre|gmat))\b",
        clause.rest,
        re.IGNORECASE,
    )
    if exam and clause.progressive:
        yield Candidate("commitment", f"studying for {exam.group(1)}")
    if clause.negated or clause.unreal or clause.modal or _SUBJECTS.match(clause.rest.strip()):
        return
    what = _DURATION.sub("", noun_phrase(clause.rest, 9))
    if what and len(what) > 2 and not re.match(r"(?:the|it|some|these|this)\b", what):
        done = clause.past or (clause.perfect and not clause.progressive)
        yield Candidate("life_context" if done else "occupation", f"{'studied' if done else 'studies'} {what}")


def sell(clause: Clause) -> Iterator[Candidate]:
    """We sell scheduling software to dentists; I drive a lorry for a living."""
    if clause.negated or clause.unreal or clause.modal or clause.past or clause.perfect:
        return
    what = noun_phrase(clause.rest, 10)
    if clause.lemma == "sell" and what and not re.match(r"(?:it|this|that|them|my|our|the)\b", what):
        yield Candidate("occupation", f"sells {what}")
    elif (
        clause.lemma == "drive"
        and re.match(r"(?:a|an|trucks?|lorr|buses|my|taxis?|for)\b", what)
        and len(what.split()) > 1
    ):
        yield Candidate("life_context", f"drives {what}")


def trained(clause: Clause) -> Iterator[Candidate]:
    """I'm training for a marathon; I trained as a chef; I attend a night school."""
    if clause.negated or clause.unreal or clause.used_to or clause.modal:
        return
    as_ = re.match(r"\s*(?:to be |as )(?:an? )?(.+)", clause.rest)
    for_ = re.match(r"\s*for\s+(.+)", clause.rest)
    if as_:
        yield Candidate("occupation", f"{'trained' if clause.past else 'training'} as {noun_phrase(as_.group(1), 6)}")
    elif for_ and clause.progressive:
        yield Candidate("commitment", f"{clause.form} for {noun_phrase(for_.group(1), 8)}")


def program(clause: Clause) -> Iterator[Candidate]:
    """I usually code in Rust."""
    found = re.match(r"\s*(?:mostly |mainly |primarily |only )?(?:in|with)\s+([A-Z].*)", clause.rest)
    if found and not (clause.negated or clause.unreal or clause.past or clause.modal):
        yield Candidate("preference", f"codes in {noun_phrase(found.group(1), 6)}")


def buy(clause: Clause) -> Iterator[Candidate]:
    """We just bought a house in Leeds."""
    what = noun_phrase(clause.rest, 9)
    owned = re.match(
        r"(?:a|an|our|my)\s+(?:[\w-]+ ){0,3}?(?:house|home|flat|apartment|condo|cottage|farm|boat|van|"
        r"campervan|car|motorbike|motorcycle|bike|piano|guitar|land|plot|restaurant|shop|bakery)\b",
        what,
        re.IGNORECASE,
    )
    if owned and not (clause.negated or clause.unreal or clause.used_to or (clause.modal and not clause.going)):
        if clause.form == "bought":
            yield Candidate("life_context", f"bought {what}")
        elif clause.going or clause.progressive:
            yield Candidate("commitment", f"buying {what}")


def run(clause: Clause) -> Iterator[Candidate]:
    """I run a bakery; I run marathons (an interest); I run into errors (nothing)."""
    if clause.negated or clause.unreal or clause.modal or clause.past:
        return
    what = noun_phrase(clause.rest, 10)
    if _BUSINESS.search(what):
        yield Candidate("occupation", f"{_third(clause.lemma)} {what}")
    elif (
        clause.lemma == "run"
        and clause.who == "i"
        and re.match(
            r"(?:\d+\s?(?:k|km|miles)|marathons?|half|trails?|ultra|every|most|regularly|cross|three|"
            r"twice|long|on (?:mon|tue|wed|thu|fri|sat|sun|week))",
            what,
            re.IGNORECASE,
        )
    ):
        yield Candidate("interest", f"running ({what})")
    elif (
        clause.lemma == "run"
        and clause.who == "we"
        and re.match(r"(?:on|everything|our|all|in)\b", what)
        and re.search(r"[A-Z]", what)
    ):
        yield Candidate("preference", f"runs {what}")
    elif clause.lemma == "own" and what and not re.match(r"(?:it|this|that|the)\b", what):
        yield Candidate("life_context", f"owns {what}")


def lead(clause: Clause) -> Iterator[Candidate]:
    """I lead a team of eight; I manage the night desk."""
    if clause.negated or clause.unreal or clause.modal or clause.past:
        return
    what = noun_phrase(clause.rest, 9)
    if re.match(r"(?:a|an|the|our|\w+ teams?)\b", what) and _BUSINESS.search(what):
        yield Candidate("occupation", f"{_third(clause.lemma)} {what}")


def specialise(clause: Clause) -> Iterator[Candidate]:
    """I specialise in tax law; I graduated in physics; I majored in music."""
    if clause.negated or clause.unreal or clause.modal:
        return
    found = re.match(r"\s*((?:in|from|with|at)\s+.+)", clause.rest, re.IGNORECASE)
    if found:
        verb = {"specialize": "specialises", "specialise": "specialises", "graduate": "graduated", "major": "majored"}[
            clause.lemma
        ]
        category = "occupation" if verb == "specialises" else "life_context"
        yield Candidate(
            "occupation" if category == "occupation" else "life_context", f"{verb} {noun_phrase(found.group(1), 8)}"
        )


def freelance(clause: Clause) -> Iterator[Candidate]:
    """I freelance as a sound engineer; I volunteer at a shelter."""
    if clause.negated or clause.unreal or clause.modal or clause.past:
        return
    what = noun_phrase(clause.rest, 8)
    if clause.lemma == "volunteer":
        yield Candidate("interest", tidy_join("volunteering", what))
    else:
        yield Candidate("occupation", tidy_join("freelances", what))


def retire(clause: Clause) -> Iterator[Candidate]:
    """I retired last year; I'm retiring in June."""
    if not clause.negated and not clause.unreal and not clause.modal:
        yield Candidate("life_context", tidy_join(clause.form, noun_phrase(clause.rest, 7)))


def tidy_join(head: str, tail: str) -> str:
    """`head` and `tail` with one space between."""
    return f"{head} {tail}".strip()


def _third(lemma: str) -> str:
    return lemma + ("es" if lemma.endswith(("ch", "sh", "s")) else "s")


def degree(clause: Clause) -> Iterator[Candidate]:
    """I'm doing a master's in hydrology; I'm finishing my PhD; I'm pursuing a degree in law."""
    found = re.match(
        r"\s*(?:a|an|my)\s+((?:[\w-]+ )?(?:phd|doctorate|master'?s?|msc|mba|ma|ba|bsc|bachelor'?s?|"
        r"degree|diploma|apprenticeship|internship|postdoc|"
        r"residency|a-levels?|gcses?|certificate|traineeship)\b.*)",
        clause.rest,
        re.IGNORECASE,
    )
    if not found or clause.negated or clause.unreal or clause.modal:
        return
    what = noun_phrase(found.group(1), 8)
    if clause.progressive:
        yield Candidate("occupation", f"{clause.form} a {what}")
    elif clause.past or clause.perfect:
        yield Candidate("life_context", f"{clause.form} {what}")
