"""Cuts and cleans the words after a verb into the short phrase that a person would write in a list."""

from pipelines.language.embedded.grammar.lexicon import MONTHS, SEASONS, WEEKDAYS
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_STOP = alternatives(
    "because cause cuz coz cos_i cos_we cos_it but although though while whereas which who whom whose when whenever "
    "where if unless until "
    "as_well however therefore please what how why give_me tell_me show_me help_me do_you can_you could_you would_you "
    "so not_only as_long_as as_soon_as as_far_as thanks thank_you maybe perhaps especially particularly even_though "
    "after before despite except besides plus"
)
_SUBJECTS = alternatives(
    "i i'm im i've i'd i'll we we're my our he she they it it's you this there then so also am have want would need "
    "don't is are was"
)
_MARKS = r";()\[\]{}\x01!?|\u2014"  # which end a phrase wherever they stand
# Both begin with one set of characters: whatever is none of them is skipped several times as fast as by alternatives.
_CUT = (
    rf"[{_MARKS}:,.\s](?:(?<=[{_MARKS}:])|(?<=[,.])\s|(?<=\s)(?:[-\u2013\u2014]{{1,2}}\s|{_STOP}\b|"
    rf"(?:and|or|since|as|that)\s(?=(?:now |then )?{_SUBJECTS}\b)))"
)
_HARD_SUBJECTS = alternatives("i i'm im i've i'd i'll we we're my our he she they it it's you this there then so")
_LATER_SUBJECTS = alternatives(
    "i i'm i've i'd i'll we we're my our any is are do does should can could what how would he she they it you"
)
_HARD_CUT = (
    rf"[{_MARKS},.\s](?:(?<=[{_MARKS}])|(?<=\.)\s|(?<=\s)[-\u2013\u2014]{{1,2}}\s|"
    rf"(?:(?<=\s)|(?<=,)\s)(?:"
    rf"(?:such as|including|for example|e\.g\.)\s|{_STOP}\b|"
    rf"(?:and|or|since|as|that)\s(?=(?:now |then )?{_HARD_SUBJECTS}\b))|"
    rf"(?<=,)\s(?:(?:mainly|especially|particularly)\s|(?={_LATER_SUBJECTS}\b)))"
)
# Where a phrase ends: in lower-case letters, which `re` compares in half the time, and in any.
_ENDS = re.compile(_CUT), re.compile(_CUT, re.IGNORECASE)
_HARD_ENDS = re.compile(_HARD_CUT), re.compile(_HARD_CUT, re.IGNORECASE)
_TAIL_PHRASES = alternatives(
    "now currently at_the_moment at_present these_days nowadays right_now too lol haha anyway anymore any_more again "
    "as_well though today at_least atm for_now already by_the_way btw actually originally mostly and or with in at to "
    "of for the a an my so_much a_lot very_much quite_a_bit more_than_anything the_most best better there here "
    "this_year this_month recently lately either instead then just really also is was this that after_all in_the_end "
    "going_forward sometimes all_the_time especially particularly mainly too_much occasionally"
)
_TAIL = re.compile(
    rf"(?<![\s,])[\s,]++(?:{_TAIL_PHRASES}|last (?:year|month|week|autumn|fall|spring|summer|winter))$",
    re.IGNORECASE,
)
_TAIL_WORDS = word_set(
    "now currently moment present days nowadays too lol haha anyway anymore more again well though today least atm "
    "already way btw actually originally mostly and or with in at to of for the a an my much lot bit anything most "
    "best better there here year month week autumn fall spring summer winter recently lately either instead then just "
    "really also is was this that all end forward sometimes time especially particularly mainly occasionally"
)  # the last words of _TAIL
_HEAD = re.compile(
    r"[\s,]*+(?:really|very|just|also|quite|actually|usually|always|both|either|that|the fact that)\s+", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:the|a|an|some|any|my|our|this|these|those|all|to)\s+", re.IGNORECASE)
_AND = re.compile(r"(?:(?<!\s)\s++)?,\s*+(?:and\s++|or\s++|&\s*+)?|(?<!\s)\s++(?:and|or|&)\s++", re.IGNORECASE)
_EDGE = " \t,.;:!?\"'“”\u2018\u2019*_`~-\u2013\u2014\x01…"

_DANGLING = re.compile(
    r"(?:,\s|\s(?:and|or|but|to|with|for|from|in|of|that|which|by|as)\s)[^,\s]*(?:\s[^,\s]*)?$", re.IGNORECASE
)

_TIME_PREPOSITIONS = alternatives(
    "by on until before due for in at from this next every this_coming around late early end_of the_end_of within"
)
_PERIOD_PREPOSITIONS = alternatives("in by this next during at for over before until")
TIME = re.compile(
    rf"\b(?:{_TIME_PREPOSITIONS}\s++){{0,4}}(?:the\s++)?(?:"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTHS}(?:,?\s+\d{{4}})?|"
    rf"{MONTHS}\.?\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?|{MONTHS}\s+\d{{4}}|"
    rf"\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?|"
    rf"(?:(?:next|this|last|coming)\s+)?{WEEKDAYS}\b(?:\s+(?:morning|afternoon|evening|night))?|"
    rf"(?:next|this|coming)\s+(?:week(?:end)?|month|year|quarter|sprint|semester|term|{SEASONS})|"
    rf"tomorrow(?:\s+(?:morning|afternoon|evening|night))?|tonight|today|"
    rf"end of (?:the |this |next )?(?:day|week|month|quarter|year)|(?:eod|eow|q[1-4](?:\s+\d{{4}})?)|"
    rf"\d+\s+(?:days|weeks|months|hours)|(?:a|two|three|four|five|six|ten) (?:days?|weeks?|months?)|"
    rf"the\s+\d{{1,2}}(?:st|nd|rd|th)|\d{{1,2}}(?:st|nd|rd|th)|noon|midnight|\d{{1,2}}(?::\d{{2}})?\s?(?:am|pm)|"
    rf"(?:in|by|since|until)\s+(?:20|19)\d{{2}})\b|"
    rf"\b{_PERIOD_PREPOSITIONS}\s+(?:early |late |mid-?)?(?:{MONTHS}|{SEASONS})\b(?:\s+\d{{4}})?",
    re.IGNORECASE,
)

_LETTERS = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
_TIME_WORDS = word_set(
    "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov "
    "november dec december mon monday tue tues tuesday wed wednesday thu thurs thursday fri friday sat saturday sun "
    "sunday mons mondays tuess tuesdays weds wednesdays thus thurss thursdays fris fridays sats saturdays suns "
    "sundays week weekend month year quarter sprint semester term spring summer autumn fall winter christmas easter "
    "new ramadan thanksgiving tomorrow tonight today day days weeks months eod eow noon midnight"
)  # of which any TIME without a digit has one


def tidy(text: str) -> str:
    """Drop edge punctuation and trailing fillers; collapse white space."""
    text = " ".join(text.split()).strip(_EDGE)
    for _ in range(4):
        if text[_last_word(text) :].lower() not in _TAIL_WORDS:
            break
        shorter = _TAIL.sub("", text).strip(_EDGE)
        if shorter == text:
            break
        text = shorter
    return text


def noun_phrase(text: str, words: int = 7) -> str:
    """The first phrase of `text`: up to a comma, a conjunction before a new clause, or `words` words."""
    return _limit(_first(_ENDS, text), words)


def statement(text: str, words: int = 18) -> str:
    """Like `noun_phrase`, but commas inside belong to it."""
    return _limit(_first(_HARD_ENDS, text), words)


def items(text: str, words: int = 5) -> list[str]:
    """The members of a list such as "hiking, chess and cooking"; one member when it is no plain list."""
    whole = statement(text, 24)
    parts = [bare(tidy(part)) for part in _AND.split(_PAIR.sub(_tied, whole))]
    parts = [part for part in parts if part]
    if _shares_a_phrase(whole, parts):
        return [bare(_limit(whole, 10))]
    if len(parts) > 1 and all(len(part.split()) <= words for part in parts):
        return [part.replace(_TIED, " ") for part in parts[:8]]
    return [bare(part) for part in [noun_phrase(text, 10)] if part]


_TIED = "\x02"  # stands for a blank inside what one "and" holds together
_TWO = alternatives(
    "friend(s)_and_family family_and_friends family_and_pets kids_and_grandchildren children_and_grandchildren "
    "track_and_field rock_and_roll arts_and_crafts mac_and_cheese bed_and_breakfast rhythm_and_blues nuts_and_bolts"
)
_PAIR = re.compile(rf"\b{_TWO}\b", re.IGNORECASE)


def _tied(pair: "re.Match[str]") -> str:
    return pair.group().replace(" ", _TIED)


_WITHIN = re.compile(r"\s(?:of|about|with|for|on|from|to|like|between|into|without|than)\s")


def _shares_a_phrase(whole: str, parts: list[str]) -> bool:
    """Whether "and" joins words inside the first member: "books about growth and habits", "mending bikes and vans"."""
    if len(parts) != 2 or "," in whole or parts[1].split()[0].endswith("ing"):
        return False
    doing = parts[0].split()
    return _WITHIN.search(parts[0]) is not None or (len(doing) > 1 and doing[0].endswith("ing"))


_COMMON_VERBS = alternatives(
    "drive live work love like enjoy play run go have spend want need try keep take do am are is study carry teach "
    "read write watch make use eat drink cook sleep swim"
)
_NEXT_VERB = re.compile(rf"\s(?:and|but|or)\s(?:also |now |then )?(?={_COMMON_VERBS}\b)")


def one_clause(phrase: str) -> str:
    """Up to the next verb of the same subject: "two dogs and drive a truck" as "two dogs"."""
    return _NEXT_VERB.split(phrase, maxsplit=1)[0]


def bare(text: str) -> str:
    """Without its leading article or possessive, but for a title's: "The Crown"."""
    if text.startswith("The ") and text[4:5].isupper():
        return text
    return _ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text


def find_time(text: str) -> str:
    """The first calendar expression in `text`, or ""."""
    if _TIME_WORDS.isdisjoint(_LETTERS.findall(text.lower())) and not _DIGIT.search(text):
        return ""
    found = TIME.search(text)
    return found.group().strip() if found else ""


def _last_word(text: str) -> int:
    """Where the last word begins, after a space or a comma."""
    return max(text.rfind(" "), text.rfind(",")) + 1


def _first(ends: tuple["re.Pattern[str]", "re.Pattern[str]"], text: str) -> str:
    text = text[:240]
    head = _HEAD.match(text)
    if head:
        text = text[head.end() :]
    text = text.lstrip(_EDGE)
    lower, any_case = ends
    found = lower.search(text.lower()) if text.isascii() else any_case.search(text)
    return text[: found.start()] if found else text


def _limit(text: str, words: int) -> str:
    parts = text.split()
    short = " ".join(parts[:words])
    return tidy(_DANGLING.sub("", short) if len(parts) > words else short)


_AN = re.compile(r"[aeioAEIO]|M[A-Z]")  # "an MBA"; of the words with "u" most have "a": "a university"


def with_article(what: str) -> str:
    """ "MBA" as "an MBA", "degree in law" as "a degree in law"."""
    return f"{'an' if _AN.match(what) else 'a'} {what}"
