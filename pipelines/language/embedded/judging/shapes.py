"""A light look at the shape of a value: whether it is one whole phrase, and where another clause runs into it."""

from collections.abc import Sequence
from itertools import pairwise

from pipelines.language.embedded.grammar.clause import PASTS
from pipelines.language.embedded.grammar.lexicon import LEMMAS
from pipelines.language.embedded.grammar.words import alternatives, first_words, word_set
from pipelines.language.embedded.judging.stumps import LY_NOUNS, words_of
from pipelines.work import late_patterns as re

_FINITE = (
    "is are was were has have had will would can could should might must isn't aren't wasn't weren't don't doesn't "
    "didn't won't can't couldn't"
)
_THIRD = (  # third persons that are hardly ever nouns
    "makes takes gives goes gets keeps lets seems becomes means brings reminds happens sounds says tells knows "
    "thinks wants loves likes enjoys needs comes feels keeps shows helps became got went took gave made said told knew "
    "came kept brought began felt"
)
_FINITE_WORDS = alternatives(f"{_FINITE} said says")
_AFTER_AND = alternatives(
    "just also now then never finally even still already recently usually often always actually really sometimes"
)
_WENT_ON = alternatives(
    "saw went took made got had came met found began started thought felt knew gave kept lost won bought said told ran "
    "did doing getting trying"
)
_THEIR_REASON = r"\sfor (?:its|their|his|her|the way)\s"
_CLAUSE = re.compile(
    rf"\s(?:and|but|or|so|because|since|while|yet)\s(?=(?:{_AFTER_AND} )*(?:[\w'-]+ ){{0,2}}{_FINITE_WORDS}\b)|"
    rf"\s(?:and|but|or|so)\s(?={_AFTER_AND}\s\w|{_WENT_ON}\b)|\sboth\s|{_THEIR_REASON}|\s(?:or|and)\sgo\s|"
    rf",?\sbut\s(?=not\b|only\b|mostly\b)",
    re.IGNORECASE,
)
_NUMBERS = alternatives("a(n) one two three four five six seven eight nine ten few several many some couple couple_of")
_TIME_UNITS = alternatives("minute(s) hour(s) day(s) week(s) month(s) year(s) decade(s)")
_AGO = (
    rf"(?:{alternatives('about around almost over nearly like just back maybe')} ){{0,2}}"
    rf"(?:a )?(?:{_NUMBERS}|\d+) (?:few |good )?{_TIME_UNITS} (?:ago|back)"
)
_TAILS = (
    "unfortunately actually though alot too_much anyways anyway xd most with_a_burning_passion with_all_my_heart "
    "with_a_passion honestly as_well as_much that_much so_much very_much a_lot a_bit at_all in_general nonstop "
    "non-stop more_and_more lately recently yesterday today now these_days for_now so_far already too "
    "a_while_ago a_long_time_ago some_time_ago years_ago long_ago the_other_day later_on really_well again next first "
    "for_some_time for_a_while for_a_long_time for_years over_the_years all_the_time every_day right_now the_most "
    "the_best as_always of_course for_sure to_death more_than_ever ever_since since_then later later_this_month "
    "later_this_year all_around all_over slightly like_me just_like_me in_hopes in_hope in_order so_as for_when"
)
_LAST = "night(s) week(s) weekend(s) month(s) year(s) summer(s) winter(s) spring(s) fall(s) autumn(s)"
_TAIL = re.compile(
    rf"(?<!\s),?\s+(?:{_AGO}|{alternatives(_TAILS)}|"
    rf"(?:in the |this |the )?(?:past|last) (?:few )?{alternatives(_LAST)})$",
    re.IGNORECASE,
)
_LAST_WORDS = first_words(f"ago back {_LAST}") | {tail.rpartition("_")[2] for tail in _TAILS.split()}  # of _TAIL
_COMPARED = re.compile(r"\s(?:more|better|less)(?: than .*)?$")
_QUALITIES = word_set(
    "classical physical emotional mental spiritual digital professional "
    "safe new old young good bad great nice big small little large long short high low easy hard simple special unique "
    "different similar same other own real true false whole main full free open close early late fast slow strong weak "
    "rich poor happy sad proud glad excited exciting interested interesting amazing awesome wonderful incredible "
    "fantastic beautiful gorgeous cute lovely cool warm hot cold fresh clean clear calm quiet loud deep bright dark "
    "light cozy comfy comfortable fun funny important essential meaningful rewarding challenging fulfilling inspiring "
    "relaxing satisfying soothing welcoming supportive positive negative personal emotional valued inclusive perfect "
    "super extra certain several various many few upcoming future past next last better best worse worst favorite "
    "favourite homemade healthy tasty delicious yummy crazy weird strange serious busy tired ready able sure lucky "
    "grateful thankful blessed passionate creative innovative modern classic traditional local global public private "
    "hooked stoked pumped thrilled nervous worried scared afraid alone single solid decent massive huge tiny giant"
)
_NOUN_QUALITIES = word_set(
    "classical professional classic special public light dark future past local creative musical original"
)
_QUALITY_SHAPE = re.compile(r"[a-z]+(?:ful|ous|less|ible|able|ative|ctive|sive)")
_SHAPED_NOUNS = word_set("table vegetable cable fable olive archive native detective executive alternative motive")
_ARTICLES = word_set("the a an my our your his her their this that these those some any no every each")
_HEADLESS = word_set("of for with about from into like and or to in on at by")
_LEADS_ON = _ARTICLES | _HEADLESS
_PREPOSITIONS = _HEADLESS - {"and", "or"}
_FEELINGS = word_set(
    "excited happy glad proud thrilled stoked pumped nervous grateful thankful passionate hopeful blessed inspired sad "
    "super amazing awesome wonderful incredible fantastic exciting rewarding fulfilling challenging tough bummer dream "
    "dreams joy fun escape hope hopes love blast feeling feelings motivation confidence happiness journey progress "
    "success passion heart soul mind goals"
)
_PRAISE = alternatives(
    "amazing awesome wonderful incredible fantastic great super cool nice good lovely beautiful gorgeous cute "
    "delicious "
    "yummy tasty funny crazy interesting fun really_good"
)
_PRAISED = re.compile(
    rf"^(?:(?:some|a|an|the|those|these) )?(?:(?:super|really|very|so) )?{_PRAISE}\s+(?=\w)", re.IGNORECASE
)
_PRAISE_WORD = re.compile(rf"\b{_PRAISE}\b", re.IGNORECASE)


_KNOWN_THINGS = alternatives(
    "ocean sea beach mountain(s) outdoors countryside coast woods forest(s) water sun rain snow sky stars desert "
    "kitchen gym stage community world universe environment arts theatre theater cinema opera piano guitar violin "
    "viola cello flute clarinet saxophone trumpet trombone drums harp ukulele banjo accordion organ oboe bass "
    "harmonica keyboard past future basics"
)
_DEFINITE = re.compile(
    r"\b(?:(?:this|that|those|these|our|your|his|her|their) \w|"
    rf"the (?!{_KNOWN_THINGS}\b|(?-i:[A-Z\d])))",
    re.IGNORECASE,
)


def points_at_one(value: str) -> bool:
    """Whether it means one thing that was spoken of: "the theme", "our feast"; not "the sea", "the Alps"."""
    return _DEFINITE.search(value) is not None


_IN_A_WAY = re.compile(r"(?<!\s)\s+[a-z]{3,}[a-z]ly$")


def trimmed(value: str) -> str:
    """`value` up to where another clause begins, and without when, how long and how much."""
    value = _CLAUSE.split(value, maxsplit=1)[0]
    for _ in range(3):
        tailed = not _LAST_WORDS.isdisjoint(value.lower().rsplit(maxsplit=1)[-1:])
        shorter = (_TAIL.sub("", value) if tailed else value).rstrip(" ,.;:-\\")
        if value.rpartition(" ")[2] not in LY_NOUNS:
            shorter = _IN_A_WAY.sub("", shorter)
        if shorter == value or not shorter:
            break
        value = shorter
    return value


def uncompared(value: str) -> str:
    """ "dogs more" as "dogs", "science fiction better than horror" as "science fiction"."""
    return _COMPARED.sub("", value) or value


def unpraised(value: str) -> str:
    """Without the praise before it: "awesome sci-fi films" as "sci-fi films"; "The Great Gatsby" is a title."""
    praise = _PRAISED.match(value)
    title = praise and praise.group()[:1].isupper() and value[praise.end() :][:1].isupper()
    return value if title or value.lower() == "fun facts" else _PRAISED.sub("", value)


_AMOUNT = re.compile(
    r"(?:(?:a |the )?(?:(?:wide|large|great|huge|whole) )?(?:variety|range|selection|bunch|plenty|lots|tons) of|"
    r"(?:areas|things|topics|subjects|stuff) (?:such as|like)|games? of|"
    r"(?:glass|cup|mug|bowl|slice|piece|pint|bit|plate) of)\s+(?=\w)",
    re.IGNORECASE,
)


def unmeasured(value: str) -> str:
    """Without how much of it, and of what kind it is one: "wide variety of sweets" as "sweets"."""
    return _AMOUNT.sub("", value, count=1) if _AMOUNT.match(value) else value


_ADDRESSED = re.compile(r"(.*\s[a-z]{4,}) ([A-Z][a-z]+)")


def unaddressed(value: str, sentence: str) -> str:
    """Without whom the sentence speaks to at its end: "majors in business finance Kevin"."""
    found = _ADDRESSED.fullmatch(value)
    return found.group(1) if found and re.search(rf"\b{found.group(2)}\W*$", sentence) else value


def praises(value: str) -> bool:
    """Whether it says how good a thing is: "cool stories"."""
    return _PRAISE_WORD.search(value) is not None


def phrase_objection(value: str) -> str:
    """Why a thing's name is no whole noun phrase or gerund phrase; "" where it is one."""
    words = words_of(value)
    last = value.rsplit(maxsplit=1)[-1] if value.split() else ""
    if not words:
        return "no words"
    if words[-1] in _LEADS_ON:
        return "breaks off"
    if len(words) > 1 and words[0] in _QUALITIES and words[1] in _PREPOSITIONS:
        return "breaks off before its noun"
    if _second_phrase(value):
        return "runs into a second phrase"
    if len(words) > 1 and last.islower() and is_quality(words[-1]):
        return "breaks off before its noun"
    return "begins with a verb" if _begins_with_a_verb(words) else ""


_BEFORE_AN_ARTICLE = word_set(
    "of for about to with in on at from by like as into over under behind between and or than through around near "
    "after before against across during without within per along beside towards toward via using including being all "
    "both once twice half such quite not off up out upon down inside outside plus until versus vs times such what how"
)


_ARTICLE = re.compile(r"[aA]n?")


def _second_phrase(value: str) -> bool:
    """ "store a top destination": an article inside follows a preposition or a verb, not a noun."""
    words = value.split()
    return any(_is_noun_like(before.lower()) for before, word in pairwise(words) if _ARTICLE.fullmatch(word))


def _is_noun_like(word: str) -> bool:
    return word.isalpha() and not word.endswith("ing") and word not in _BEFORE_AN_ARTICLE and word not in LEMMAS


def _begins_with_a_verb(words: Sequence[str]) -> bool:
    return len(words) > 1 and (words[0] in _THIRDS or (words[0] in PASTS and words[0] not in _PARTICIPLES))


_THIRDS = word_set(_THIRD) | word_set(_FINITE)
_PARTICIPLES = word_set(
    "used baked cooked dried fried grilled smoked roasted pickled painted knitted written built made fermented "
    "restored animated distilled"
)


def runs_on(value: str) -> bool:
    """Whether a finite verb stands inside a thing's name: "cars helps me chill"."""
    words = words_of(value)
    return not _THIRDS.isdisjoint(words[1:])


def is_quality(word: str) -> bool:
    """Whether a word says what kind, not what: "safe", "meaningful"."""
    if word in _NOUN_QUALITIES:
        return False
    return word in _QUALITIES or (_QUALITY_SHAPE.fullmatch(word) is not None and word not in _SHAPED_NOUNS)


def feels(value: str) -> bool:
    """Whether it tells how the user feels: "super excited", "my dreams"."""
    return not _FEELINGS.isdisjoint(words_of(value))


def is_gerund(word: str) -> bool:
    """Whether a word is an activity: "hiking"; "spring" is none."""
    return word.endswith("ing") and len(word) > 4 and (LEMMAS.get(word, word) != word or word not in _ING_NOUNS)


_ING_NOUNS = word_set(
    "spring string thing king ring wing evening morning ceiling clothing wedding building nothing everything "
    "something anything"
)
