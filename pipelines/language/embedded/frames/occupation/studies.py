"""What the user studies, and for which degree."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.occupation.work import NOT_A_SUBJECT, without_duration
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import find_time, noun_phrase, with_article
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_EXAMS = alternatives("exam(s) test finals a-levels certification bar boards mcat lsat gre gmat")
_EXAM = re.compile(rf"\s*for ((?:the|my|an?) (?:\w+ ){{0,3}}{_EXAMS})\b", re.IGNORECASE)


def study(clause: Clause) -> Iterator[Candidate]:
    """I'm studying marine biology in Kiel; I study for the bar."""
    exam = _EXAM.match(clause.rest)
    if exam and clause.progressive:
        yield Candidate("commitment", f"studying for {exam.group(1)}")
    if clause.negated or clause.unreal or clause.modal or NOT_A_SUBJECT.match(clause.rest.strip()):
        return
    what = without_duration(noun_phrase(clause.rest, 9))
    if what and len(what) > 2 and not re.match(r"(?:the|it|some|these|this)\b", what):
        done = clause.past or (clause.perfect and not clause.progressive)
        if clause.perfect and clause.progressive:  # "I've been studying Welsh": for a while, and of one's own will
            yield Candidate("interest", f"studying {what}")
        else:
            yield Candidate("life_context" if done else "occupation", f"{'studied' if done else 'studies'} {what}")


_TESTS = alternatives(
    "ielts toefl dele delf jlpt hsk testdaf bar_exam boards mcat lsat gre gmat cpa_exam cfa a-levels gcses finals"
)
_TEST = re.compile(rf"\s*(?:the |my )?(?:[\w-]+ )?{_TESTS}\b", re.IGNORECASE)


def sit_exam(clause: Clause) -> Iterator[Candidate]:
    """I'm sitting the DELE B2 in November; I'm taking the bar exam in July."""
    if clause.negated or clause.unreal or not (clause.progressive or clause.going or clause.modal in {"will", "shall"}):
        return
    if _TEST.match(clause.rest) and (when := find_time(clause.rest)):
        yield Candidate("date", f"{clause.form} {noun_phrase(clause.rest, 8)}", when)


_DEGREES = alternatives(
    "phd doctorate master(')(s) msc mba ma ba bsc bachelor(')(s) degree diploma apprenticeship internship postdoc "
    "residency a-level(s) gcse(s) certificate traineeship"
)
_FOR_SCHOOL = re.compile(
    r"\s*((?:[a-z]+,? ){1,6}?)(?:for|at) (?:my )?(a[- ]levels?|gcses?|as[- ]levels?|the ib|uni|university)\b",
    re.IGNORECASE,
)
_DEGREE = re.compile(rf"\s*(?:a|an|my)\s+((?:[\w-]+ )?{_DEGREES}\b.*)", re.IGNORECASE)


def degree(clause: Clause) -> Iterator[Candidate]:
    """I'm doing a master's in hydrology; I'm finishing my PhD; I'm pursuing a degree in law."""
    school = _FOR_SCHOOL.match(clause.rest)
    if school and clause.progressive and not clause.negated and not clause.unreal:
        yield Candidate("occupation", f"studies {school.group(1)} for {school.group(2)}")
        return
    found = _DEGREE.match(clause.rest)
    if not found or clause.negated or clause.unreal or clause.modal:
        return
    what = noun_phrase(found.group(1), 8)
    if clause.progressive or clause.form == "do":
        yield Candidate("occupation", f"{'doing' if clause.form == 'do' else clause.form} {with_article(what)}")
    elif clause.past or clause.perfect:
        yield Candidate("life_context", f"{clause.form} {what}")
