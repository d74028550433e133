"""Introductions without a verb: "Priya here, 27, architect from Pune", "30M from Leeds", "mum of two"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.occupation.jobs import job, may_be_titled
from pipelines.language.embedded.frames.open_frames.being import NATION_NAMES, NATIONS, being
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import noun_phrase
from pipelines.language.embedded.grammar.verb_group import parse_verb
from pipelines.language.embedded.grammar.words import alternatives, first_word, first_words, word_set
from pipelines.work import late_patterns as re

_GREETINGS = (
    "hi hey hello hiya yo so ok okay well greetings good_morning good_evening good_afternoon about_me quick_intro "
    "intro background context bio for_context fyi btw a_bit_about_me me"
)
_HELLO = re.compile(
    rf"\s*(?:{alternatives(_GREETINGS)}(?: there| all| everyone| again)?(?:\s*+[,!.:\u2013-]\s++|\s++))*", re.IGNORECASE
)
_NAME_HERE = re.compile(r"(?:it's |this is )?([A-Z][a-z\u00e0-\u00ff'-]{1,14})(?: here\b[,.!]?\s*|, (?=\d\d,))")
_AGE_UNITS = alternatives("m f nb male female man woman yo y(/)o yr(s)(_old) year(s)_old year-old year_old years_young")
_SEXES = alternatives("m f nb male female man woman guy girl mom mum dad")
_AGED = re.compile(
    rf"(?:\(?(?=\d\d,\s)|\(?)(?:a |an )?(\d{{2}})\s*+[/,]?\s*+{_AGE_UNITS}(?:[\s/,]*{_SEXES})?\b\)?[,.]?\s*",
    re.IGNORECASE,
)
_SEX_AGED = re.compile(r"\(?(?:m|f|male|female|nb)\s*+/?\s*+(\d{2})\b\)?[,.]?\s*", re.IGNORECASE)
_LISTED_AGE = re.compile(
    r"(\d{2}),\s(?=(?:[a-z-]+,|[a-z]+ [a-z]+ (?:in|at|from) [A-Z]|"
    r"(?:two|three|one|a|live|single|married|divorced|from)\b))",
    re.IGNORECASE,
)
_KINDRED = alternatives("kid(s) children child son(s) daughter(s) cat(s) dog(s) boy(s) girl(s) twins")
_KIN = re.compile(rf"(?:a |an |one |two |three |four |\d )(?:[\w-]+ ){{0,2}}{_KINDRED}\b", re.IGNORECASE)
_BY_DAY = re.compile(r"[\w -]{3,30} by (?:day|night)$", re.IGNORECASE)
_NOBODY = alternatives("i you we it is are not what right over out up back new down in from stuck still so done there")
_HERE = re.compile(rf"(?!{_NOBODY}\b)((?:[\w'-]+ ){{0,3}}[\w'-]{{3,}}) here(?=$|[,.!;])", re.IGNORECASE)
_WORKS_AS = re.compile(r"work(?:s|ing)? (?:[\w-]+ ){0,4}?as (?:an? )?(.+)", re.IGNORECASE)
_PARENT_STATES = alternatives(
    "proud single new working busy exhausted first-time stay-at-home divorced retired soon-to-be expectant"
)
_PARENTS = (
    "mum mom mother mama dad father parent grandma grandmother grandad grandpa grandfather carer caregiver guardian "
    "owner"
)
_PARENT = re.compile(
    rf"(?:{_PARENT_STATES} )*(?:{alternatives(_PARENTS)}|foster \w+) (?:of|to|with) (?!the bride|all)[^.;!?]{{2,50}}",
    re.IGNORECASE,
)
_TRAIT_DEGREES = alternatives(
    "strict lifelong new ex(-) former practising practicing lapsed fellow proud recovering fully mostly newly avid "
    "keen total complete absolute severely single amateur"
)
_TRAITS = (
    "vegan vegetarian pescatarian coeliac celiac diabetic lactose-intolerant lactose_intolerant gluten-free "
    "gluten_free keto dyslexic autistic muslim christian catholic jewish jew hindu sikh buddhist atheist agnostic "
    "introvert extrovert night_owl early_bird morning_person beginner newbie expat immigrant veteran widow(er) "
    "retiree pensioner smoker ex-smoker non(-)smoker homeowner renter landlord dad mum mom freelancer divorced "
    "married single widowed separated non(-)binary queer gay retired pregnant disabled deaf student undergrad dropout "
    "insomniac"
)
_TRAIT = re.compile(
    rf"(?:(?:{_TRAIT_DEGREES}|type [12]) ?)*(?:{alternatives(_TRAITS)}|type [12]|{NATIONS})\b", re.IGNORECASE
)
_AFTER_TRAIT = re.compile(
    r"\s*(?:here\b|since\b|for (?:\w+ ){1,3}(?:years|months)|by choice|,|\.|!|;|and\b|$|[\u2013-])", re.IGNORECASE
)
_JOB_AFTER = re.compile(
    r"\s(?:at|in|from|here|with|by (?:day|trade|training)|working|based|for|turned|and)\b|[,.]\s|[,.]?$", re.IGNORECASE
)
_JOB_WORD = re.compile(r"(?:[A-Za-z-]+ ){0,3}?[A-Za-z-]+")
_BEEN = re.compile(r"been\s+(?=.{3,80}\b(?:since|for|all my life|years|months)\b)", re.IGNORECASE)
_ORIGINS = alternatives("from based_in living_in living_near born_in raised_in live_in live_near now_in near in")
_FROM = re.compile(rf"(?:originally )?{_ORIGINS}\s+([A-Z][^,.;!?]{{1,40}})", re.IGNORECASE)
_ASKED_FOR = "salary job(s) interview resume cv vs versus meaning definition description questions ideas names quotes"
_ASKS = re.compile(rf"\b{alternatives(_ASKED_FOR)}\b")
_ASK_WORDS = first_words(_ASKED_FOR)
_NO_TITLE = re.compile(
    r"\b(?:is|are|was|were|has|have|he|she|they|it|you|i|we|who|and|or|says?|said|needs?|wants?)\b", re.IGNORECASE
)
_LONGEST = 220
_LONGEST_TITLE = 4  # words
_COMMA = re.compile(r"[,;]|\s[\u2013-]+\s|\. ")
_AND = re.compile(r"^(?:and|also|currently|now|a|an)\s+", re.IGNORECASE)
_ONLY_AGE = re.compile(r"\d{2}(?: ?(?:years old|yo|y/o|m|f))?", re.IGNORECASE)
_ONLY_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)?")
_TITLE_END = re.compile(r"\s(?:at|in|from|here|with|by|working|based|for|turned|and|of)\b|[,.]")
_ASKED = re.compile(r"(?:best|top|the|what|how|why|my|your|our|is|are|can|do)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_CONTRACTED = re.compile(r"(?:\w+['\u2019](?:m|s|re|ve|ll|d)|\w+n['\u2019]t)\b", re.IGNORECASE)
_CLAUSE_STARTS = word_set(
    "is are was were has have he she they it you i we who or says said needs wants best top the what how why my your "
    "our can do"
)


_OTHERS = alternatives("kid child man woman guy girl boy person student teenager player")
_GOES_ON = alternatives("here from in with living and who on at based working studying looking trying by of")
_SOMEBODY_ELSE = re.compile(rf"{_OTHERS}s? (?!{_GOES_ON}\b)[a-z]")
_DOES = re.compile(rf"\b(?!{_GOES_ON}\b)[a-z]+s\b")


def introduction(text: str, words: frozenset[str]) -> Iterator[Candidate]:
    """`text` is one sentence's statement; nothing unless it opens as an introduction does."""
    if len(text) > _LONGEST:
        return
    body = _after_greeting(text)
    marked = "here" in words or _DIGIT.search(body) is not None
    if (not marked and not _may_tell_who(body, words)) or _asks(text, words):
        return
    named = _NAME_HERE.match(body) if marked and not _opens_a_clause(body) else None
    if named and _is_a_name(named.group(1)):
        yield Candidate("name", named.group(1))
        yield from _segments(body[named.end() :])
        return
    aged = _own_age(body) if marked else None
    if aged and int(aged.group(1)) > 9:
        yield Candidate("life_context", f"{aged.group(1)} years old")
        yield from _segments(body[aged.end() :])
    elif clause := _been(body):
        yield from being(clause)
    elif list(_segment(body.split(",")[0].strip(), opening=True)):
        yield from _segments(body, opening=True)


_GREETING_WORDS = first_words(_GREETINGS)
_WHO_WORDS = first_words(f"{_PARENTS} {_TRAITS} {NATION_NAMES} foster type by been person".lower())
_WHO_WORDS -= {"morning"}  # which is said by many: a "morning person" is told by the "person"


def _asks(text: str, words: frozenset[str]) -> bool:
    """Whether it asks for something ("jobs for nurses"). A word with an apostrophe is one of `words` as a whole."""
    return ("'" in text or not words.isdisjoint(_ASK_WORDS)) and _ASKS.search(text.lower()) is not None


def _opens_a_clause(body: str) -> bool:
    return body.split(" ", 1)[0].lower() in _CLAUSE_STARTS


def _been(body: str) -> Clause | None:
    """ "Been vegan since 2018"."""
    return parse_verb(body, 0, "i", "have") if _BEEN.match(body) else None


def _is_a_name(word: str) -> bool:
    """ "I'm here" names nobody, nor does "Vegan here" or "Nurse here"; "O'Brien here" does."""
    return not (_CONTRACTED.match(word) or _TRAIT.match(word) or list(job(f"a {word}")))


def _after_greeting(text: str) -> str:
    hello = _HELLO.match(text) if first_word(text) in _GREETING_WORDS else None
    return text[hello.end() if hello else 0 :]


def _may_tell_who(body: str, words: frozenset[str]) -> bool:
    """Whether an opening without a number or "here" in it may say who speaks: by one of these words, or by a title."""
    if _opens_a_clause(body) and "by" not in words:
        return False
    if not words.isdisjoint(_WHO_WORDS) or "'" in body:
        return True
    return may_be_titled(words) and _has_short_head(_AND.sub("", body.split(",", 1)[0].strip().strip(" .")))


def _has_short_head(text: str) -> bool:
    return 0 < len(_TITLE_END.split(text, maxsplit=1)[0].split()) <= _LONGEST_TITLE


def _own_age(body: str) -> "re.Match[str] | None":
    """ "27M from Leeds", not "A 15 year old kid wins ...", which is about him."""
    aged = _AGED.match(body) or _SEX_AGED.match(body) or _LISTED_AGE.match(body)
    if not aged:
        return None
    told_of = aged.group()[:2].lower() == "a " and _DOES.match(body, aged.end())
    return None if told_of or _SOMEBODY_ELSE.match(body, aged.end()) else aged


def _segments(text: str, *, opening: bool = False) -> Iterator[Candidate]:
    for index, segment in enumerate(_COMMA.split(text)[:8]):
        yield from _segment(segment.strip(), opening=opening and index == 0)


def _segment(text: str, *, opening: bool = False) -> Iterator[Candidate]:
    """One piece between commas."""
    text = _AND.sub("", text.strip(" ."))
    parent = (
        _PARENT.match(text)
        or (_BY_DAY.match(text) if " by " in text.lower() else None)
        or (None if opening else _KIN.match(text))
    )
    trait = _TRAIT.match(text)
    origin = None if opening else _FROM.match(text)
    if parent:
        yield Candidate("life_context", noun_phrase(parent.group(), 8))
    elif trait and _AFTER_TRAIT.match(text, trait.end()):
        told = re.sub(r"(?<!\s)\s++here$", "", noun_phrase(text, 7))
        yield Candidate("occupation" if told.lower() == "student" else "life_context", told)
    elif opening and "here" in text.lower() and (here := _HERE.match(text)):
        yield Candidate("life_context", here.group(1))
    elif origin:
        yield Candidate("life_context", f"from {noun_phrase(origin.group(1), 5)}")
    elif not opening and _ONLY_AGE.fullmatch(text):
        yield Candidate("life_context", f"{text[:2]} years old")
    elif not opening and _ONLY_NAME.fullmatch(text):
        yield Candidate("life_context", f"from {text}")
    elif not opening and (role := _WORKS_AS.match(text)):
        yield Candidate("occupation", noun_phrase(role.group(1), 8))
    else:
        yield from _titled(text, alone=not opening)


def _titled(text: str, *, alone: bool) -> Iterator[Candidate]:
    head = _TITLE_END.split(text, maxsplit=1)[0]
    if head and len(head.split()) <= _LONGEST_TITLE and not _NO_TITLE.search(head) and not _ASKED.match(head):
        named = alone or len(text) > len(head) or head.endswith("student")
        for found in job("a " + text) if named and _JOB_AFTER.match(text, len(head)) else ():
            value = re.sub(r"(?<!\s)\s++here$", "", found.value)
            yield Candidate(found.category, value)
