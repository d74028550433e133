"""Job titles: "a product designer at Spotify", "a retired bus driver"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.life.home import resides
from pipelines.language.embedded.grammar.lexicon import FAMILY
from pipelines.language.embedded.grammar.phrases import noun_phrase
from pipelines.language.embedded.grammar.words import alternatives, first_words, word_set
from pipelines.work import late_patterns as re

_TITLES = (
    "dev stagehand babysitter bouncer dealer lifeguard model comedian magician queen bookkeeper cabbie crew staff "
    "nurse doctor teacher engineer developer programmer designer manager lawyer solicitor accountant analyst "
    "scientist researcher consultant chef cook baker barista waiter waitress bartender carpenter plumber "
    "electrician welder mechanic builder roofer mason painter architect farmer gardener pilot sailor soldier "
    "veteran officer guard paramedic midwife surgeon dentist vet pharmacist therapist carer caregiver nanny student "
    "undergrad(uate) graduate postdoc phd professor lecturer tutor librarian translator interpreter editor author "
    "poet photographer filmmaker director producer actor actress musician singer dancer dj illustrator animator "
    "freelancer entrepreneur founder co(-)founder ceo cto cfo owner landlord realtor broker trader banker agent "
    "clerk cashier secretary receptionist assistant coordinator administrator supervisor foreman technician tester "
    "sysadmin devops dba intern apprentice trainee trainer coach referee athlete priest pastor monk nun imam rabbi "
    "hairdresser barber stylist tailor seamstress butcher fishmonger florist jeweller courier trucker conductor "
    "dispatcher operator policeman policewoman detective judge civil_servant diplomat politician housewife "
    "homemaker retiree pensioner streamer youtuber blogger journalist reporter copywriter marketer recruiter "
    "salesperson salesman saleswoman sales_rep rep lead head_of captain biologist nutritionist psychologist "
    "counsel(l)or social_worker cleaner janitor caretaker ranger curator archaeologist geologist zookeeper "
    "beekeeper brewer distiller miner logger surveyor planner controller auditor actuary underwriter adviser "
    "advisor executive attorney paralegal inspector contractor handyman rider radiographer optician paediatrician "
    "pediatrician specialist instructor principal headteacher maker writer artist composer weaver potter ceramicist "
    "sculptor adjuster driver worker attendant physio gp sre bricklayer scaffolder plasterer tiler joiner "
    "chiropractor osteopath notary barrister historian philosopher theologian vicar dishwasher au_pair childminder "
    "lumberjack croupier investigator council(l)or farm_hand scrum_master dog_walker dog_groomer sparky chippie "
    "brickie pet_sitter tour_guide safari_guide mountain_guide museum_guide cna lpn emt health_visitor mail_carrier "
    "phd_candidate it_technician novelist screenwriter linguist"
)
_TITLE_ENDINGS = (
    "ologist ographer graphist ician eer ist rrister smith wright monger keeper maker fighter worker driver writer "
    "grower hand"
)
_TITLE_BEGINNINGS = alternatives(
    "post fire police sales crafts chair trades business fisher milk camera stunt repair delivery"
)
_JOB = re.compile(
    rf"\b(?:\w{{3,}}{alternatives(_TITLE_ENDINGS)}|{_TITLE_BEGINNINGS}\s?(?:man|woman|person|men)|"
    rf"{alternatives(_TITLES)}|stay-at-home \w+|warehouse \w+)s?\b",
    re.IGNORECASE,
)
_PARENTS = "mother mum mom father dad parent grandmother grandfather grandparent"
_TITLE_WORD = first_words(f"{_TITLES} {_PARENTS} stay-at-home warehouse")
_TITLE_WORDS = _TITLE_WORD | {f"{word}s" for word in _TITLE_WORD}
_ENDING = f"{_TITLE_ENDINGS} man woman person men".split()
_TITLES_END = (*_ENDING, *(f"{ending}s" for ending in _ENDING))
_SHORT_TITLES = alternatives("doing_a doing_my studying freelance head_of senior junior chief lead training unemployed")
_SHORT_TITLE = re.compile(rf"\s*(?:{_SHORT_TITLES}|(?:first|second|third|fourth|final)[- ]year)\b", re.IGNORECASE)
_DEGREES = alternatives(
    "phd master msc ma mba bachelor degree doctorate apprenticeship internship postdoc residency a-levels gcse"
)
_DOING = re.compile(rf"\s*doing (?:a|an|my) ({_DEGREES}\S*.*)", re.IGNORECASE)


_BY_ITSELF = alternatives(
    "student teacher nurse doctor engineer developer programmer designer lawyer accountant chef cook baker electrician "
    "plumber carpenter mechanic welder pharmacist dentist architect scientist researcher translator photographer "
    "musician driver farmer hairdresser barber technician waiter waitress receptionist assistant cashier nanny midwife"
)
_NOT_BEFORE = alternatives(
    "not no lost just only also so very too still in on at of for from as like with sick tired your my a an the both "
    "now currently retired"
)
_GOES_ON = alternatives("since for at in on of from and here by now with")
_WITHOUT_ARTICLE = re.compile(  # as many say it whose language has none: "I am pastry chef since 14 years"
    rf"\s*((?:(?!{_NOT_BEFORE}\b)[\w/]+ ){{0,2}}{_BY_ITSELF})(?=\s*(?:[,.!]|$|{_GOES_ON}\b))", re.IGNORECASE
)
_DOING_IT = re.compile(r"\s(?!(?:at|for|in|with|from|on|of|by|who|to)\s)[a-z]{3,}ing\s")  # "agronomist advising a firm"
_LATER = alternatives("now currently here again too myself today student trainee intern apprentice by_trade lead")
_TITLED = re.compile(rf"{_JOB.pattern}(?: {_LATER})*$", re.IGNORECASE)
_NO_TITLE_WORDS = word_set(
    "co-worker coworker fellow loyal hard careful safe nervous tired quick keen first-time terrible bad good great "
    "awful horrible lousy decent big huge slow fast better natural may might can will could would should more nothing "
    "gonna gotta never not no haven't hasn't didn't don't seen the an a i we you and explore against like"
)


def may_be_titled(words: frozenset[str]) -> bool:
    """Whether a job may be told in these words, in lower case and without apostrophes."""
    return not words.isdisjoint(_TITLE_WORDS) or any(word.endswith(_TITLES_END) for word in words)


def _is_titled(head: str) -> bool:
    """Whether a phrase is a job's: its title stands last, and no verb or article before."""
    words = head.lower().split()
    if words and words[0].endswith("est"):  # "winningest coach"
        return False
    return _TITLED.search(head) is not None and _NO_TITLE_WORDS.isdisjoint(words)


def job(text: str) -> Iterator[Candidate]:
    """A job title with its place: "a product designer at Spotify"."""
    aged = re.match(r"^\s*(?:an?\s+)?(\d{1,2})[- ]year[- ]old\s+", text, re.IGNORECASE)
    if aged:
        yield Candidate("life_context", f"{aged.group(1)} years old")
        text = f"a {text[aged.end() :]}"
        origin = re.match(r"(?:[a-z]+ ){2,4}?from ([A-Z].*)", text)
        if origin:
            yield Candidate("life_context", f"from {noun_phrase(origin.group(1), 5)}")
        if where := resides(text):
            yield Candidate("location", where)
        text = re.split(r"\s(?:from (?=[A-Z])|living|residing|based|who|that)\b", text, maxsplit=1)[0]
    if bare := _WITHOUT_ARTICLE.match(text):
        yield Candidate("occupation", _HOW_LONG.sub("", noun_phrase(text, 10)) or bare.group(1))
    else:
        yield from _titled(text)


_HOW_LONG = re.compile(
    r"\s(?:since|for (?:about |over |almost |nearly |more than |the (?:last|past) )?[\w-]+ "
    r"(?:years?|yrs|months|decades))\b.*$"
)


def _titled(text: str) -> Iterator[Candidate]:
    opening = re.match(r"\s*(?:(?:an?|the|your|currently|now|also|retired|both)\s+)+", text, re.IGNORECASE)
    short_title = _SHORT_TITLE.match(text)
    if not opening and not short_title:
        return
    doing = _DOING.match(text)
    if doing:
        yield Candidate("occupation", noun_phrase(doing.group(1), 8))
        return
    phrase = _up_to_its_doing(_HOW_LONG.sub("", noun_phrase(text[opening.end() :] if opening else text, 10)))
    if _is_titled(_head(phrase)) and len(_head(phrase).split()) <= 6:
        retired = (
            "retired "
            if re.search(r"\bretired\b", text[:20], re.IGNORECASE) and not phrase.startswith("retired")
            else ""
        )
        yield Candidate("occupation", f"{retired}{phrase}")
    elif (
        kin := re.match(
            rf"(?:\w+ )?{alternatives(_PARENTS)}\b",
            phrase,
            re.IGNORECASE,
        )
    ) and kin.group().split()[-1].lower() not in FAMILY:
        yield Candidate("life_context", phrase)


def _head(phrase: str) -> str:
    return re.split(r"\s(?:out of|at|for|in|with|from|on|of|by|who|to|working|based|living)\s", phrase, maxsplit=1)[0]


def _up_to_its_doing(phrase: str) -> str:
    """ "agronomist" of "agronomist advising two hundred farmers"."""
    at_work = None if _is_titled(_head(phrase)) else _DOING_IT.search(phrase)
    return phrase[: at_work.start()] if at_work else phrase
