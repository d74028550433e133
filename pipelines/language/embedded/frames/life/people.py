"""The people and animals in the user's life."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.intentions.plans import appointment
from pipelines.language.embedded.frames.life.health import condition, diet
from pipelines.language.embedded.frames.life.kin import told_at_once
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.lexicon import ACQUAINTANCES, ELDERS, FAMILY, PETS
from pipelines.language.embedded.grammar.phrases import find_time, noun_phrase, one_clause
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_AGED = re.compile(r"^(?:\w+[- ]){1,2}(?:years?|yrs?|months?|weeks?|yo)[- ]?(?:old)?[- ]+")
_NAMED = re.compile(
    r"^\s*+(?:,|\()?\s*+(?:(?:is |are |who is |who's )?(?:called|named)\s+)?"
    r"([A-Z][\w'-]+(?:(?:,? and |, )[A-Z][\w'-]+)*)"
)
_STATE_VERBS = alternatives(
    "is are 's has have was_diagnosed live(s) work(s) just turned turns love(s) play(s) hate(s) emigrated immigrated "
    "came moved own run(s) speak(s) died passed_away teaches met goes studies start(s) can't doesn't recently got "
    "and_i will_be turning had"
)
_STATE = re.compile(rf"^\s*(?:\([^)]{{1,20}}\)\s*)?(?:,\s*)?{_STATE_VERBS}\b(.*)", re.IGNORECASE)
_COUNTS = alternatives("a an one two three four five six twin some another identical young little no")
_COUNT = re.compile(rf"^\s*(?:only |just |also )?(?:{_COUNTS}|\d+)\s+(.+)", re.IGNORECASE)
_BELONGINGS = alternatives(
    "garden allotment greenhouse workshop farm house cottage cabin boat motorbike motorcycle campervan caravan "
    "licence license mortgage blog podcast youtube_channel tattoo(s) stutter pilot(')s_licence"
)
_HAVE_OTHER = re.compile(
    rf"^\s*+(?:a|an|two|three|\d+)?\s*+("
    rf"(?:big |small |little |large |tiny |old |vegetable |\w+ )?"
    rf"(?:{_BELONGINGS}|degree in .*|phd in .*|master'?s in .*|bachelor'?s in .*|diploma in .*|background in .*))\b",
    re.IGNORECASE,
)
_RELATIVE_KINDS = alternatives(
    "older younger little big baby elder eldest oldest youngest twin best old late two three four five new first "
    "adopted rescue german golden border"
)
_RELATIVE = re.compile(
    rf"((?:(?:{_RELATIVE_KINDS}|\d) |step|\w++'s )*)([\w-]+(?: retriever| collie| shepherd)?)",
    re.IGNORECASE,
)


_THERE = alternatives("allergic called named in at from on back away vegan vegetarian pregnant")
_IS_THERE = re.compile(
    r"^((?:(?:older|younger|little|big|elder|eldest|oldest|youngest|twin) )?[a-z-]+)['\u2019]s "
    rf"(?=(?:\d+(?=[,.!]|$| and\b| now\b| years? old)|an? [a-z]+|{_THERE})\b)"
)
_HAS_GOT = re.compile(r"^(\w+)['\u2019]s got\b")


def relation(words: str) -> Iterator[Candidate]:
    """After "my" or "our": "daughter Ines just turned 4", "partner Lena", "wife and I"."""
    called = re.match(r"\s*(?:\w+ )?(\w+?)'?s name is ([A-Z][\w-]+)(.*)", words[:160])
    if called and called.group(1).lower() in FAMILY | PETS | ELDERS | ACQUAINTANCES:
        about = re.match(r"\s*+,?\s*+(?:and |but )?(?:he|she|they|it)(?:'s|'re| is| are)\s+(.+)", called.group(3))
        yield Candidate(
            "relationship", f"{called.group(1)} {called.group(2)}", noun_phrase(about.group(1), 6) if about else ""
        )
        return
    if at_once := told_at_once(words):
        yield at_once
        return
    words = _IS_THERE.sub(r"\1 is ", _HAS_GOT.sub(r"\1 has", words, count=1), count=1)
    text = _AGED.sub("", words.lstrip()[:160])
    age = words.lstrip()[: len(words.lstrip()[:160]) - len(text)].strip(" -")
    found = _RELATIVE.match(text)
    if not found:
        return
    noun = found.group(2).lower()
    known = noun.split()[-1] if noun.split()[0] not in FAMILY else noun.split()[0]
    if known not in FAMILY | ELDERS | ACQUAINTANCES | PETS and noun not in PETS:
        return
    rest = text[found.end() :]
    if rest.lower().startswith(" name"):  # "my cats name is Soufflé"
        return
    if rest.startswith(("'s", "\u2019s")) and not re.match(
        r"'s\s+(?:\d|an?\b|allergic|called|named|in\b|at\b|from|vegan|vegetarian|co?eliac|diabetic|pregnant|deaf)",
        rest,
    ):
        yield from _only_if_close(known, found.group().strip())
        return
    yield from _describe(known, found.group().strip(), rest, age)


_HAPPENINGS = alternatives("emigrated immigrated came moved died passed own(s) run(s) teach(es)")
_HAPPENED = re.compile(
    rf"\s*(?:are (?=[A-Z]|from|both)|{_HAPPENINGS}\b|is an?\b|is \d+|is (?=[A-Z])|works? (?:as|at|for|in)|lives?|"
    rf"was diagnosed|has (?!to|been asking)\w+)\b",
)


_SAID_OF_NOW = alternatives(
    "our my your the so being getting going doing always really very such too now great awesome amazing good cute fun "
    "here there a_blast a_big a_huge a_great"
)
_SAYS_OF_THEM = alternatives("died passed_away turned turns start(s) studies speak(s) has_a(n) goes_to emigrated")
_IS_SO = re.compile(
    rf"\s*(?:just |recently )?(?:(?:is|are|'s) (?!{_SAID_OF_NOW}\b|an? \w+ing\b)\w+|{_SAYS_OF_THEM}|"
    rf"loves? (?!(?:it|that|this|them|the|how)\b)\w+|hates? \w+)\b"
)  # "my kids are our future", "our pets play with one another" tell nothing of them


def _describe(known: str, who: str, rest: str, age: str) -> Iterator[Candidate]:
    named = _NAMED.match(rest)
    if named and re.match(r"I(?:'\w+)?\b", named.group(1)):
        named = None
    state = _STATE.match(rest[named.end() :] if named else rest)
    said = noun_phrase((rest[named.end() :] if named else rest).strip(" ,()"), 8) if state else ""
    said = re.sub(r"^(?:is|are|'s)\s+", "", said)
    detail = said or age
    if named:
        names = named.group(1)
        yield Candidate("relationship", f"{who} {names.removesuffix(chr(39) + 's')}", detail)
    elif known in FAMILY | PETS:
        label = f"{who} ({age})" if age else who
        told = said and len(said.split()) <= 6 and (_HAPPENED.match(rest) or _IS_SO.match(rest))
        yield Candidate("relationship", f"{label}: {said}" if told else label, detail if told or age else "")
    elif state and _HAPPENED.match(rest) and known in ELDERS:
        yield Candidate("relationship", f"{who}: {said}", detail)


def _only_if_close(known: str, who: str) -> Iterator[Candidate]:
    if known in FAMILY | PETS:
        yield Candidate("relationship", who)


def have(clause: Clause) -> Iterator[Candidate]:
    """I have two cats; I have asthma; I've got a sister called Mia; we have a big garden."""
    if clause.unreal or clause.used_to or clause.past:
        return
    if clause.negated:
        yield from diet(clause)
        return
    if clause.modal and not clause.going:
        return
    rest = re.sub(r"^\s*got\b", "", clause.rest)
    kin = list(_kin(rest))
    if kin:
        yield from kin
        return
    found = list(condition(rest)) or list(appointment(rest))
    if found:
        yield from found
        return
    other = _HAVE_OTHER.match(rest)
    if other:
        yield Candidate("life_context", f"has {noun_phrase(rest, 8)}")


_OLD = re.compile(
    r"\s*((?:an?|two|three|\d+)\s(?:\w+[- ])?(?:\d+|year|month|week)[- ](?:year|month|week|olds?)[- ]?(?:olds?)?"
    r"(?:\s(?:son|daughter|boy|girl|kid|dog|cat|puppy)\w*)?|an? (?:newborn|teenager)|teenagers)\b(?! \w+ing\b)"
    r"(?:\s(?:and|,)\s(?:an?|one)\s[\w-]+(?: (?:year|month|week)s?[- ]old)?)?",
)


_NOT_THE_ANIMAL = frozenset(
    [
        "question",
        "problem",
        "costume",
        "food",
        "story",
        "business",
        "park",
        "person",
        "lover",
        "walker",
        "walking",
        "training",
        "shelter",
        "breath",
    ]
)


_TO_DO = re.compile(r" to [a-z]+ .*$")  # "a new pup to train for the trials, Fern"


def _kin(rest: str) -> Iterator[Candidate]:
    counted = _COUNT.match(rest)
    if not counted:
        return
    child = _OLD.match(rest)
    if child and re.search(r"old|newborn|teenager", child.group()):
        yield Candidate(
            "relationship",
            re.sub(r"^an?\s+", "", noun_phrase(rest, 9))
            if not child.group().strip().startswith("a newborn")
            else "newborn",
            child.group().strip(),
        )
        return
    phrase = noun_phrase(rest.replace(",", " ,"), 10)
    words = [word.strip(",.").lower() for word in phrase.split()]
    near = next((index for index, word in enumerate(words[:6]) if word in FAMILY | PETS or word in ELDERS), None)
    if near is None or words[0] == "no" or (near + 1 < len(words) and words[near + 1] in _NOT_THE_ANIMAL):
        return
    names = re.search(r"(?:,|called|named|:)\s+([A-Z]\w+(?:(?:,| and|, and) [A-Z]\w+)*)", rest[:120])
    value = one_clause(noun_phrase(rest, 9))
    if names and names.group(1) not in value:
        value = _TO_DO.sub("", value)
        value = f"{value} ({names.group(1)})"
    value = re.sub(r"\s(?:myself|too|as well|who\b.*)$", "", value)
    yield Candidate("relationship", re.sub(r"^(?:a|an)\s+", "", value))


_CIVIL_STATE = re.compile(
    r"\s*(?:just |recently )?(married|engaged|divorced|promoted|laid off|fired|separated|pregnant|"
    r"my (?:phd|degree|license|licence|green card|citizenship))\b(.*)",
    re.IGNORECASE,
)
_GOT_A_JOB = re.compile(
    r"\s*(?:an?|the|my) (?:\w+ )?(?:job|position|role|internship|apprenticeship|promotion|scholarship|residency)\b.*",
)


def get(clause: Clause) -> Iterator[Candidate]:
    """We got a puppy called Biscuit; we got married in May; I got engaged."""
    if clause.negated or clause.unreal or clause.used_to or (clause.modal and not clause.going):
        return
    if clause.perfect and clause.form == "got":
        yield from have(clause)
        return
    ill = list(condition(clause.rest)) if not clause.past else []
    if ill:
        yield from ill
        return
    event = _CIVIL_STATE.match(clause.rest)
    if event and not (clause.form == "get" and not clause.going and not find_time(event.group(2))):
        planned = clause.going or clause.form != "got"
        tail = noun_phrase(event.group(2), 5)
        yield Candidate(
            "date" if planned and tail else "life_context",
            f"{'getting' if planned else 'got'} {event.group(1)} {tail}".strip(),
            tail if planned else "",
        )
        return
    hired = _GOT_A_JOB.match(clause.rest)
    if hired and (clause.past or clause.perfect):
        yield Candidate("life_context", f"got {noun_phrase(clause.rest, 9)}")
        return
    yield from (fact for fact in _kin(clause.rest) if fact.category == "relationship")


def adopt(clause: Clause) -> Iterator[Candidate]:
    """We adopted a greyhound; we adopted trunk-based development (a decision)."""
    if clause.negated or clause.unreal or clause.used_to:
        return
    kin = list(_kin(clause.rest))
    if kin:
        yield from kin
    elif clause.form != "adopt" or clause.who == "we":
        what = noun_phrase(clause.rest, 8)
        if what:
            yield Candidate("decision", f"{'adopting' if clause.progressive else 'adopted'} {what}")


def marry(rest: str) -> Iterator[Candidate]:
    """Married to Tom; married with two kids."""
    yield Candidate("relationship", f"married {noun_phrase(rest, 6)}".strip())


def expect(clause: Clause) -> Iterator[Candidate]:
    """We're expecting our first baby in August."""
    if not clause.negated and re.match(
        r"\s*(?:(?:our|my|a|an?other) )?(?:\w+ )?(?:baby|child|twins|daughter|son|girl|boy|kid)\b", clause.rest
    ):
        yield Candidate("life_context", f"expecting {noun_phrase(clause.rest, 7)}")


def raise_(clause: Clause) -> Iterator[Candidate]:
    """I'm raising three kids; we keep bees."""
    if clause.negated or clause.unreal or clause.past or clause.modal:
        return
    what = noun_phrase(clause.rest, 6)
    last = {word.lower() for word in what.split()}
    if last & (FAMILY | PETS) or re.search(
        r"\b(?:bees|sheep|cows|pigs|ducks|quail|koi|pigeons|kosher|halal|shabbat)\b", what
    ):
        yield Candidate("life_context", f"{'keeps' if clause.lemma == 'keep' else 'raising'} {what}")


def turn(clause: Clause) -> Iterator[Candidate]:
    """I turned 40; I recently became a grandmother."""
    if clause.negated or clause.unreal or clause.used_to or (clause.modal and not clause.going):
        return
    age = re.match(r"\s*(\d\d)\b(?! ?%|\s*(?:degrees|pages))", clause.rest)
    if age and clause.lemma == "turn":
        yield Candidate(
            "life_context", f"turning {age.group(1)}" if clause.form != "turned" else f"{age.group(1)} years old"
        )
    elif clause.lemma == "become" and clause.form == "became" and re.match(r"\s*an?\s", clause.rest):
        yield Candidate("life_context", f"became {noun_phrase(clause.rest, 6)}")
