"""Cuts and cleans the words after a verb into the short phrase that a person would write in a list."""

import re

from pipelines.language.embedded.grammar.lexicon import MONTHS, SEASONS, WEEKDAYS
from pipelines.language.embedded.grammar.words import word_set

_STOP = (
    r"because|cause|cuz|but|although|though|while|whereas|which|who|whom|whose|when|whenever|where|if|"
    r"unless|until|as well"
    r"|however|therefore|please|what|how|why|give me|tell me|show me|help me|do you|can you|could you|"
    r"would you|so|thanks|thank you|even though"
    r"|after|before|despite|except|besides|plus"
)
_CUT = re.compile(
    rf"[;:()\[\]{{}}\x01!?|]|,\s|\s[-\u2013\u2014]{{1,2}}\s|\u2014|\.\s|\s(?:{_STOP})\b"
    r"|\s(?:and|or|since|as|that)\s(?=(?:i|i'm|im|i've|i'd|i'll|we|we're|my|our|he|she|they|it|it's|"
    r"you|this|there|then|so|"
    r"also|am|have|want|would|need|don't|is|are|was|was)\b)",
    re.IGNORECASE,
)
_HARD_CUT = re.compile(
    rf"[;()\[\]{{}}\x01!?|\u2014]|\.\s|\s[-\u2013\u2014]{{1,2}}\s|(?:\s|,\s)(?:(?:such as|including|for example|"
    rf"e\.g\.)\s|(?:{_STOP})\b"
    r"|(?:and|or|since|as|that)\s(?=(?:i|i'm|im|i've|i'd|i'll|we|we're|my|our|he|she|they|it|it's|"
    r"you|this|there|then|so)\b))"
    r"|,\s(?:mainly|especially|particularly)\s"
    r"|,\s(?=(?:i|i'm|i've|i'd|i'll|we|we're|my|our|any|is|are|do|does|should|can|could|what|how|would|"
    r"he|she|they|it|you)\b)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?<![\s,])[\s,]++(?:now|currently|at the moment|at present|these days|nowadays|right now|too|lol|haha|"
    r"anyway|anymore|any more|again"
    r"|as well|though|today|at least|atm|for now|already|by the way|btw|actually|originally|mostly|and|"
    r"or|with|in|at|to|of|for"
    r"|the|a|an|my|so much|a lot|very much|quite a bit|more than anything|the most|best|there|here|"
    r"last (?:year|month|week|autumn"
    r"|fall|spring|summer|winter)|this (?:year|month)|recently|lately|either|instead|then|just|really|"
    r"also|is|was|this|that"
    r"|after all|in the end|going forward|sometimes|all the time)$",
    re.IGNORECASE,
)
_TAIL_WORDS = word_set(
    "now currently moment present days nowadays too lol haha anyway anymore more again well though today least atm "
    "already way btw actually originally mostly and or with in at to of for the a an my much lot bit anything most "
    "best there here year month week autumn fall spring summer winter recently lately either instead then just "
    "really also is was this that all end forward sometimes time"
)  # the last words of _TAIL
_HEAD = re.compile(
    r"[\s,]*+(?:really|very|just|also|quite|actually|usually|always|both|either|that|the fact that)\s+", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:the|a|an|some|any|my|our|this|these|those|all|to)\s+", re.IGNORECASE)
_AND = re.compile(r"\s*,\s*(?:and\s+|or\s+|&\s*)?|\s+(?:and|or|&)\s+", re.IGNORECASE)
_EDGE = " \t,.;:!?\"'“”\u2018\u2019*_`~-\u2013\u2014\x01…"

_DANGLING = re.compile(
    r"(?:,\s|\s(?:and|or|but|to|with|for|from|in|of|that|which|by|as)\s)[^,\s]*(?:\s[^,\s]*)?$", re.IGNORECASE
)

TIME = re.compile(
    rf"\b(?:(?:by|on|until|before|due|for|in|at|from|this|next|every|this coming|around|late|early|end "
    rf"of|the end of|within)\s+)*"
    rf"(?:the\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTHS}(?:,?\s+\d{{4}})?"
    rf"|{MONTHS}\.?\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?|{MONTHS}\s+\d{{4}}"
    rf"|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?"
    rf"|(?:(?:next|this|last|coming)\s+)?{WEEKDAYS}\b(?:\s+(?:morning|afternoon|evening|night))?"
    rf"|(?:next|this|coming)\s+(?:week(?:end)?|month|year|quarter|sprint|semester|term|{SEASONS})"
    rf"|tomorrow(?:\s+(?:morning|afternoon|evening|night))?|tonight|today|end of (?:the |this |next "
    rf")?(?:day|week|month|quarter|year)"
    rf"|(?:eod|eow|q[1-4](?:\s+\d{{4}})?)|\d+\s+(?:days|weeks|months|hours)|(?:a|two|three|four|five|"
    rf"six|ten) (?:days?|weeks?|months?)"
    rf"|the\s+\d{{1,2}}(?:st|nd|rd|th)|\d{{1,2}}(?:st|nd|rd|th)|noon|midnight|\d{{1,2}}(?::\d{{2}})?\s?(?:am|pm)"
    rf"|(?:in|by|since|until)\s+(?:20|19)\d{{2}})\b"
    rf"|\b(?:in|by|this|next|during|at|for|over|before|until)\s+(?:early |late |mid-?)?(?:{MONTHS}|"
    rf"{SEASONS})\b(?:\s+\d{{4}})?",
    re.IGNORECASE,
)

_LETTERS = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
_TIME_WORDS = word_set(
    "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october "
    "nov november dec december mon monday tue tues tuesday wed wednesday thu thurs thursday fri friday sat saturday "
    "sun sunday mons mondays tues tuess tuesdays weds wednesdays thus thurss thursdays fris fridays sats saturdays "
    "suns sundays week weekend month year quarter sprint semester term spring summer autumn fall winter christmas "
    "easter new ramadan thanksgiving tomorrow tonight today day days weeks months eod eow noon midnight"
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
    return _limit(_first(_CUT, text), words)


def statement(text: str, words: int = 18) -> str:
    """Like `noun_phrase`, but commas inside belong to it."""
    return _limit(_first(_HARD_CUT, text), words)


def items(text: str, words: int = 5) -> list[str]:
    """The members of a list such as "hiking, chess and cooking"; one member when it is no plain list."""
    whole = statement(text, 24)
    parts = [bare(tidy(part)) for part in _AND.split(whole)]
    parts = [part for part in parts if part]
    if len(parts) > 1 and all(len(part.split()) <= words for part in parts):
        return parts[:8]
    return [bare(part) for part in [noun_phrase(text, 10)] if part]


def bare(text: str) -> str:
    """Without its leading article or possessive."""
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


def _first(cut: "re.Pattern[str]", text: str) -> str:
    text = text[:240]
    head = _HEAD.match(text)
    if head:
        text = text[head.end() :]
    text = text.lstrip(_EDGE)
    found = cut.search(text)
    return text[: found.start()] if found else text


def _limit(text: str, words: int) -> str:
    parts = text.split()
    short = " ".join(parts[:words])
    return tidy(_DANGLING.sub("", short) if len(parts) > words else short)
