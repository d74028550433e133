"""Whether a value was cut off its sentence: what stands after it, or with whom, is what would make it whole."""

from itertools import pairwise

from pipelines.language.embedded.grammar.lexicon import ADVERBS, AUXILIARIES, MONTHS, NEGATIVES, WEEKDAYS
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.stumps import first_word_of, lacks_a_preposition, words_of
from pipelines.work import late_patterns as re

_OPEN_ENDS = word_set("since until during between among without within unless whether about toward towards despite")
_AS_MANY = re.compile(r"\bas (?:many|much|few|little|often|far|long) \S+$|\bas (?:many|much|often)$")
_STRANDED = alternatives("try help have see take give find meet use be avoid")
_BROKEN = re.compile(
    r"\b(?:on|in|at|for|with|to|of) (?:in|on|at|for|of)\b|\b(?:with|for|to|at|from|of|in) (?:here|there)\b|"
    rf"\b(?:no matter|grew up way|to {_STRANDED})$"
)
_TOGETHER = re.compile(r"\btogether\b")
_WITH_WHOM = re.compile(r"\bwith\b")
_FIELDS = alternatives(
    "music song(s) art dance movie(s) film(s) book(s) game(s) novel(s) literature food cuisine history fiction poetry "
    "design clothes fashion cars instrument(s)"
)
_SAYS_WHAT_KIND = word_set(
    "electronic folk classical acoustic instrumental orchestral "
    "romantic historical modern contemporary abstract ancient "
    "medieval renaissance foreign indie alternative traditional experimental progressive popular latin funny scary "
    "action crime animated drama romance fantasy mystery adventure superhero war horror suspense thriller sci-fi "
    "non-fiction nonfiction dystopian post-apocalyptic autobiographical"
)


_IN_MAY = re.compile(r"\b(?:\d|in|next) may$", re.IGNORECASE)


def is_cut_off(value: str) -> bool:
    """Whether it ends, or was joined, where a sentence goes on: "project to watch as many movies", "on in July"."""
    words = words_of(value)
    breaks = _AS_MANY.search(value) or _BROKEN.search(value)
    return bool(breaks) or not (_OPEN_ENDS.isdisjoint(words[-1:]) or _IN_MAY.search(value))


_LEFT_BEHIND = word_set(
    "over down up in on out off into onto to for with from about of at like as by around after before no matter only "
    "just still even"
)
_NOT_REPEATED = word_set("here there it them him her me us what which whatever whom this that these those")
_ENDINGS = word_set("s es ing d ed er ers n ly")
_TAIL = 18  # characters by which the end of a value is found again in its sentence


def stops_short(value: str, sentence: str) -> bool:
    """Whether the sentence goes on with what the value lacks: "a farm over" of "a farm over here", "a bout" of "a bout
    of flu", "Flask 2.3 fo" of "Flask 2.3 for"."""
    after = _after(value, sentence)
    if after[:1].isalnum() and value[-1:].isalpha():
        return after.split(maxsplit=1)[0].strip(".,;:!?'\"").lower() not in _ENDINGS
    follows = first_word_of(after) if after[:1] == " " else ""
    return follows == "of" or (follows in _NOT_REPEATED and not _LEFT_BEHIND.isdisjoint(words_of(value)[-1:]))


_NO_NOUNS = (
    ADVERBS
    | AUXILIARIES
    | NEGATIVES
    | word_set(
        "and or but nor so because since while although though if unless until when whenever where who whom whose "
        "which "
        "that than as like to of in on at by for from with without about into onto over under up down out off back "
        "after "
        "before during through between among near around across along against within per via despite except including "
        "besides plus i i'm im i've i'd i'll we we're we've you your he she it they it's he's she's they're this these "
        "those there here the a an my our his her its their what how why please last next every each all both some any "
        "more most less better best much alot lot too also just even only still though tho lol haha lmao thanks thx "
        "pls plz please then "
        "now "
        "either neither again etc etc. together alone myself ourselves today tonight tomorrow yesterday right very so "
        "really fan fans lover lovers buff buffs geek nerd enthusiast enthusiasts player players aficionado fanatic "
        "gonna wanna twice once daily weekly lately cuz cos bc btw maybe perhaps especially "
        "two three four five six seven "
        "eight nine ten earlier later worrying always usually often sometimes never no not want wants called "
        "named growing yeah yea yep living residing based located earning"
    )
)
_LEADS_ON = {
    "due": {"to"}, "eager": {"to"}, "need": {"to"}, "want": {"to"}, "willing": {"to"}, "degree": {"in"},
    "specialising": {"in"}, "specializing": {"in"}, "little": {"over"}, "wide": {"range", "variety"},
    "remember": {"how", "to", "that"}, "communicate": {"with"}, "bear": {"what"}, "about": {"the"},
    "pancreatic": {"in"}, "learning": {"from", "about", "how"}, "able": {"to"}, "interested": {"in"}, "part": {"in"},
    "involved": {"in"}, "responsible": {"for"}, "going": {"to"}, "trying": {"to"}, "people": {"who", "that", "we"},
    "someone": {"who", "that"}, "one": {"who", "that", "of"}, "listening": {"to"}, "access": {"to"}, "first": {"in"},
    "looking": {"for", "after", "at", "to"}, "used": {"to"}, "lack": {"of"}, "amount": {"of"}, "range": {"of"},
}  # fmt: skip


_LEVEL = re.compile(r"\s?\([A-C][12]\+?\)")  # "Spanish" of "Spanish (B1) learner"
_INITIAL = re.compile(r"(?:^|\s)[A-Z]$")
_AFTER_AN_INITIAL = re.compile(r"\. [A-Z][a-z]")  # "David J" of "David J. Collis"


def goes_on(value: str, sentence: str) -> bool:
    """Whether a noun or name follows without a stop: "ulcerative" of "ulcerative colitis", "Iron" of "Iron Man"."""
    after = _after(value, sentence)
    if after[:1] == "-" or _LEVEL.match(after):
        return after[1:2].isalpha() or after[:1] != "-"
    if value.endswith(("'s", "\u2019s")) and after[:1] == " " and after[1:2].isupper():
        return True  # "Jim Carrey's" of "Jim Carrey's How The Grinch Stole Christmas"
    if _INITIAL.search(value) and _AFTER_AN_INITIAL.match(after):
        return True
    follows = first_word_of(after) if after[:1] == " " and after[1:2].isalpha() else ""
    if not follows:
        return False
    if follows in _NO_NOUNS or follows.endswith(("ly", "n't")) or "'" in follows:
        return follows in _LEADS_ON.get(words_of(value)[-1], ())
    return True


def _after(value: str, sentence: str) -> str:
    """What the sentence says after the value, or "" where its end does not stand in it word for word."""
    if len(value) < 4:
        return ""
    tails = (value[-_TAIL:], " ".join(value.rsplit(" ", 2)[-2:]))  # its first word may be another form: "uses"
    return next((sentence.partition(tail)[2] for tail in tails if tail in sentence), "")


_OF_WHAT = re.compile(
    r" of (?:(?:the|my|our) )?[\w-]+"
    r"(?=$|[.,;!?]| (?:last|all|this|for|since|and|but|so|at|in|from|with|on|over|every|today|now|because)\b)"
)


def with_of_what(value: str, sentence: str) -> str:
    """ "Promoted to head" as "promoted to head of design", where the sentence goes on so."""
    more = _OF_WHAT.match(_after(value, sentence))
    return value + more.group() if more else value


_PREPOSITIONS = alternatives("for to with at about of from on by in into over after through")
_STRANDED_PREPOSITION = re.compile(
    rf" {_PREPOSITIONS}"
    r"(?=\s*(?:$|[.,;!?]|(?:but|and|so(?! (?:many|much|long))|because|though|if|when|or)\b))"
)


def with_its_preposition(value: str, sentence: str) -> str:
    """ "Macs are easy to work" as "Macs are easy to work with", where the sentence goes on so."""
    more = _STRANDED_PREPOSITION.match(_after(value, sentence)) if lacks_a_preposition(value) else None
    return value + more.group() if more else value


_DAY = re.compile(rf" (?:the )?(?:\d|{MONTHS}\b|{WEEKDAYS}\b)", re.IGNORECASE)


def without_a_lost_day(value: str, sentence: str) -> str:
    """ "Got promoted to editor on" as "got promoted to editor", where the sentence goes on with a day."""
    what, _, particle = value.rpartition(" ")
    lost = particle in _BEFORE_A_DAY and " " in what and _DAY.match(_after(value, sentence))
    return what if lost else value


_BEFORE_A_DAY = frozenset(["on", "in", "by", "since", "until"])
_PLACE_OF_TALK = re.compile(r" (?:here|there)\b")


def without_place_of_talk(value: str, sentence: str) -> str:
    """ "A little farm over" as "a little farm", where the sentence says "over here"."""
    what, _, where = value.rpartition(" ")
    here = where in _PARTICLES and " " in what and _PLACE_OF_TALK.match(_after(value, sentence))
    return what if here else value


_PARTICLES = frozenset(["over", "down", "up", "out", "back", "around"])


def lacks_company(value: str) -> bool:
    """ "Move in together", read alone, says not with whom."""
    return _TOGETHER.search(value) is not None and not _WITH_WHOM.search(value)


def made_whole(value: str, sentence: str) -> str:
    """A kind that shares its noun with the next one, with that noun: "electronic" of "electronic and rock music"."""
    if value not in _SAYS_WHAT_KIND:
        return value
    shared = re.search(
        rf"\b{re.escape(value)}(?:, ?[\w-]+){{0,9}},? (?:and|or|&) [\w-]+ ({_FIELDS})\b", sentence, re.IGNORECASE
    )
    return f"{value} {shared.group(1).lower()}" if shared else value


_SECOND_VERBS = alternatives(
    "enjoy prefer socialize socialise analyze analyse spend hang meet teach eat go be have get see do make learn"
)
_VERB_INSIDE = re.compile(rf"\band (?:\w+ly )?(?:{_SECOND_VERBS}|(?:love|like|hate|need|want) \w+)\b")
_OCCASIONS = re.compile(
    r"^(?:an? )?(?:excuses?|reasons?|chances?|ways?|times?|places?) to\b|\b(?:kinda|sorta|amounts?|well)$|"
    r"^just|^without\b|"
    r"^(?!dressing|warming)\w+ing (?:back )?(?:up|back|down|around|over|off)$|^(?:figuring|finding) out$"
)


def runs_together(value: str, sentence: str) -> bool:
    """Two things in one: "science and enjoy learning physics", "swimming track" of "swim,track"."""
    said = sentence.lower()
    joined = any(
        f",{word}" in said and re.search(rf"\b{re.escape(before[:4])}\w*,{re.escape(word)}\b", said)
        for before, word in pairwise(words_of(value))
    )
    return joined or any(one.search(value) is not None for one in (_VERB_INSIDE, _OCCASIONS))
