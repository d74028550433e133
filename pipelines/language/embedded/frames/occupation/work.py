"""What the user does for a living and studies."""

from collections.abc import Iterator

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.occupation.jobs import job
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import bare, find_time, noun_phrase, one_clause, statement
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_AS = re.compile(
    r"^\s*(?:(?:since|for) (?:\w+ ){1,3}(?:years?|months?) |[\w'-]+ )?as\s+(?:an?|the|one of the)?\s*(.+)",
    re.IGNORECASE,
)
_WORK_PLACES = alternatives(
    "for at in on with night_shifts nights shifts part(-)time full(-)time remotely from_home freelance"
)
_FOR = re.compile(rf"^\s*(?:[\w-]+ ){{0,5}}?({_WORK_PLACES}\b.*)", re.IGNORECASE)
_ANY_JOB = re.compile(
    r"\w+ (?:an?|the|some|one) (?:\w+ )?(?:company|job|office|place|team|firm|project|group|business)"
)
_NUMBERS = alternatives(
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty many several most years "
    "my_whole decades some"
)
_PERIODS = alternatives("while few couple year month decade long bit lot number good")
_DURATION = re.compile(
    rf"(?<!\s)\s++(?:for|since|until|during|over)\s++"
    rf"(?:the last |the past |about |over |almost |nearly |more than |around ){{0,4}}"
    rf"(?:{_NUMBERS}|\d|an? {_PERIODS}\b).*$|(?<!\s)\s++since\s++\d.*$",
    re.IGNORECASE,
)
_LASTING = frozenset(["for", "since", "until", "during", "over"])


def without_duration(text: str) -> str:
    """`text` up to how long something lasts; one word of few is looked for before the costly pattern."""
    return text if _LASTING.isdisjoint(text.lower().split()) else _DURATION.sub("", text)


_NOT_WORK_WORDS = alternatives(
    "me you it us this that them him her my something what how most both all everyone some these those python react "
    "excel word sql php pandas numpy"
)
_TASKS = alternatives("project problem team group file script while list class function table dataset spreadsheet")
_NOT_WORK = re.compile(
    rf"^(?:(?:for|with|in|at)\s+(?:"
    rf"{_NOT_WORK_WORDS}|the (?:following|code|moment|same|script|problem|project|file)|a {_TASKS}|\d|"
    rf"an? \w+ (?:file|project|problem|script|dataset)|java\w*|c\+\+|data\b(?! science))\b)",
    re.IGNORECASE,
)
_NOT_SUBJECTS = alternatives(
    "others each_other it a_lesson my your his her their the_way people me him them myself you kid(s)_to kid(s)_how "
    "how this that for hard all with at_night late the_team"
)
NOT_A_SUBJECT = re.compile(rf"^{_NOT_SUBJECTS}\b", re.IGNORECASE)
_BUSINESSES = alternatives(
    "shop store bakery studio company business agency startup start-up restaurant cafe café farm firm practice clinic "
    "channel podcast blog newsletter club charity nonprofit non-profit gym salon bar pub hotel hostel b&b bookshop "
    "bookstore workshop school team department lab group brand label franchise brewery winery garage nursery daycare "
    "consultancy band choir community server website site food_truck market_stall kitchen household bed_and_breakfast "
    "program programme centre center library office warehouse fleet property properties plumbing landscaping etsy"
)
_BUSINESS = re.compile(rf"\b{_BUSINESSES}\b", re.IGNORECASE)


_SO_FAR = re.compile(r"\b(?:since|for (?:\w+ ){1,3}(?:years?|months|decades)|all my|my (?:whole|entire))\b")


ON_DUTY = (  # no project: "on reception at a dental practice", "on a farm near Leeds"
    r"on (?:reception|the (?:tills?|railways?|wards?|buses|trains|docks|oil rigs|farm|front desk)|"
    r"an? (?:\w+ )?(?:farm|ship|ward|oil rig|ranch|estate|building site)(?! \w+(?:or|er|app|game)\b))\b"
)
_ON_DUTY = re.compile(rf"\s*{ON_DUTY}", re.IGNORECASE)


def work(clause: Clause) -> Iterator[Candidate]:
    """I work as a midwife; I've been working for the council; I work night shifts. "Working on X" is a project."""
    rest = clause.rest
    on = None if _ON_DUTY.match(rest) else re.match(r"\s*(?:\w+ ){0,2}?on\s+(.+)", rest, re.IGNORECASE)
    if clause.negated or clause.unreal or clause.used_to:
        return
    if on:
        yield from _working_on(clause, on.group(1))
        return
    done = clause.perfect and not clause.progressive and not _SO_FAR.search(rest)
    if clause.past or clause.was or clause.modal or done:
        return
    role = _AS.match(rest)
    if role:
        yield Candidate("occupation", without_duration(noun_phrase(role.group(1), 9)))
        return
    place = _FOR.match(rest)
    if place and not _NOT_WORK.match(place.group(1)):
        phrase = one_clause(without_duration(noun_phrase(place.group(1), 10)))
        if _ANY_JOB.fullmatch(phrase):
            return
        if len(phrase.split()) > 1 or phrase in {"nights", "shifts", "remotely", "freelance"}:
            yield Candidate("occupation", f"works {phrase}")


_NO_PROJECT_WORDS = alternatives(
    "it this that these those them something him the_following the_same the_code the_problem how getting being your "
    "what improving_my myself one some"
)
_NO_PROJECT = re.compile(
    rf"(?:{_NO_PROJECT_WORDS}|a (?:problem|task|question|file|few)|(?:an? )?(?:assignment|homework))\b",
    re.IGNORECASE,
)


def _working_on(clause: Clause, what: str) -> Iterator[Candidate]:
    if clause.progressive or clause.perfect or clause.form == "work":
        name = noun_phrase(what, 12)
        if name and not _NO_PROJECT.match(name):
            yield Candidate("project", bare(name), statement(what, 24))


def teach(clause: Clause) -> Iterator[Candidate]:
    """I teach chemistry at a secondary school; I coach an under-12 team."""
    if clause.negated or clause.unreal or clause.modal or NOT_A_SUBJECT.match(clause.rest.strip()):
        return
    what, long = without_duration(noun_phrase(clause.rest, 9)), _FOR_YEARS.search(clause.rest)
    if clause.past and what and long and not clause.perfect:
        yield Candidate("life_context", f"{clause.form} {what} {long.group()}")
    elif what and not clause.past:
        yield Candidate("occupation", f"{_third(clause.lemma)} {what}")


_FOR_YEARS = re.compile(r"for (?:about |over |almost |nearly |more than )?[\w-]+ (?:years|decades)\b")


def sell(clause: Clause) -> Iterator[Candidate]:
    """We sell scheduling software to dentists; I drive a lorry for a living."""
    if clause.negated or clause.unreal or clause.modal or clause.past or clause.perfect:
        return
    what = noun_phrase(clause.rest, 10)
    if (
        clause.lemma == "sell"
        and what
        and not re.match(r"(?:it|this|that|them|my|our|the|a few|some|a couple)\b", what)
    ):
        yield Candidate("occupation", f"sells {what}")
    elif (
        clause.lemma == "drive"
        and re.match(r"(?:a|an|trucks?|lorr|buses|my|taxis?|for|long[- ]haul)\b", what)
        and len(what.split()) > 1
    ):
        yield Candidate("life_context", f"drives {what}")


_IN_THE_END = re.compile(r"\b(?:now|then|today|ended up|worked my way|moved on|became|before)\b", re.IGNORECASE)


def started(clause: Clause) -> Iterator[Candidate]:
    """I started as a lecturer at the university in May; "I started as a cook and now own the place" tells of before."""
    if clause.negated or clause.unreal or clause.used_to or clause.modal or not (clause.past or clause.perfect):
        return
    as_ = re.match(r"\s*(?:work )?(?:a new job )?as (an? .+)", clause.rest, re.IGNORECASE)
    if as_ and not _IN_THE_END.search(clause.sentence):
        yield from job(without_time(as_.group(1)))


def without_time(phrase: str) -> str:
    """ "A lecturer at the university in May" without "in May"."""
    when = find_time(phrase)
    return re.sub(rf"\s*\b(?:in|on|at|since)?\s*{re.escape(when)}.*$", "", phrase) if when else phrase


_MARTIAL_ARTS = alternatives(
    "bjj jiu-jitsu jiu_jitsu brazilian_jiu-jitsu muay_thai karate judo taekwondo kickboxing mma boxing capoeira aikido "
    "kung_fu krav_maga wrestling parkour crossfit powerlifting calisthenics"
)
_MARTIAL_ART = re.compile(rf"\s*(?:in )?({_MARTIAL_ARTS})\b", re.IGNORECASE)


def trained(clause: Clause) -> Iterator[Candidate]:
    """I'm training for a marathon; I trained as a chef; I attend a night school."""
    if clause.negated or clause.unreal or clause.used_to or clause.modal:
        return
    art = _MARTIAL_ART.match(clause.rest)
    if art and not clause.past:
        yield Candidate("interest", art.group(1))
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


_BOUGHT_THINGS = alternatives(
    "house home flat apartment condo cottage farm boat van campervan car motorbike motorcycle bike piano guitar land "
    "plot restaurant shop bakery"
)
_BOUGHT = re.compile(rf"(?:a|an|our|my)\s+(?:[\w-]+ ){{0,3}}?{_BOUGHT_THINGS}\b", re.IGNORECASE)


def buy(clause: Clause) -> Iterator[Candidate]:
    """We just bought a house in Leeds."""
    what = noun_phrase(clause.rest, 9)
    owned = _BOUGHT.match(what)
    if owned and not (clause.negated or clause.unreal or clause.used_to or (clause.modal and not clause.going)):
        if clause.form == "bought":
            yield Candidate("life_context", f"bought {what}")
        elif clause.going or clause.progressive:
            yield Candidate("commitment", f"buying {what}")


_RUNS = alternatives("marathon(s) half trail(s) ultra every most regularly cross three twice once long")
_RUN = re.compile(
    rf"(?:{_RUNS}|\d+\s?(?:k|km|miles|x|times|days)\b|on (?:mon|tue|wed|thu|fri|sat|sun|week))", re.IGNORECASE
)


def run(clause: Clause) -> Iterator[Candidate]:
    """I run a bakery; I run marathons (an interest); I run into errors (nothing)."""
    if clause.negated or clause.unreal or clause.modal or clause.past:
        return
    what = noun_phrase(clause.rest, 10)
    if _BUSINESS.search(what) and not re.match(r"(?:for|into|out|up|to|around|by)\b", what):
        yield Candidate("occupation", f"{_third(clause.lemma)} {what}")
    elif clause.lemma == "run" and clause.who == "i" and _RUN.match(what):
        yield Candidate("interest", f"running ({one_clause(what)})")
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
        if clause.form in {"graduating", "graduate"}:  # "I graduate in like 3 days": not yet
            return
        if clause.form in {"majoring", "major"}:
            verb = "majors"
        category: Category = "occupation" if verb in {"specialises", "majors"} else "life_context"
        yield Candidate(category, f"{verb} {noun_phrase(found.group(1), 8)}")


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
