"""Whether an interest or a preference tells of a lasting taste, or only comments on what was just said."""

import re

from pipelines.language.embedded.grammar.clause import PASTS
from pipelines.language.embedded.grammar.lexicon import LEMMAS
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.stumps import has_finite_verb, passes, points, words_of
from pipelines.memory.wishes import CALLS_YOU

LONGEST_INTEREST = 10  # words
LONGEST_PREFERENCE = 16
_PLAIN_VERBS = word_set(
    "watch play read listen go do make cook eat drink sing swim learn write be have get take spend see hear meet "
    "visit help try use give find keep explore relax sleep talk chat think know feel sit bring buy run hang study "
    "teach collect create build grow ride climb hike bake knit draw start stay come look work follow shoot practice "
    "practise"
)
_PREPOSITIONS = word_set("on in at to for with from about by into over under up out off through")
_VAGUE_NOUNS = word_set("things stuff topics ones aspects something anything everything someone")
_EVERY = word_set("every each it all some any more much less once now again together often regularly sometimes")
_PAST = PASTS - {"made", "left", "read", "built"}
_POINTING_NOUNS = alternatives(
    "idea way fact concept sound thought look feeling feel color colour title rest name part"
)
_IDLE_GERUNDS = alternatives(
    "being having getting going_for seeing knowing talking chatting hearing trying making_sure staying meaning "
    "looking thinking going doing finding coming keeping feeling"
)
_IDLE_ENDED = alternatives("to out for new different live on into with")
_SETTLED = alternatives("able busy here there in on with around active a the at alone")
_VAGUE_INTEREST = re.compile(
    rf"(?:the |a |an )?{_POINTING_NOUNS}\b|{_IDLE_GERUNDS}\b(?! (?:{_IDLE_ENDED}|\w+ing)\b)|going for\b|"
    rf"chatting with|talking (?:to|with)|being {_SETTLED}\b|a (?:new|class|few|lot|bit)\b|"
    r"new (?:skills?|things?|ways?)\b|learning (?:a |the |some )?new (?:skill|thing|way)s?\b|"
    r"(?:learning|studying) (?:about|more|how|that|is|and)\b|ran |spoke |made ",
    re.IGNORECASE,
)
_ONE_WORK = re.compile(
    rf"(?:playing|watching|reading) {alternatives('a an the this some my')} (?:new |old |last )?(?:\w+ )?"
    r"(?:game|show|movie|book|series)\b"
)
_OUT_OF_CONTEXT = re.compile(
    rf"shooting {alternatives('people strangers kids children women men animals friends near in at')}\b|"
    r"following (?:an?|my) "
)  # what photographers do, and what reads as something else
_ADJECTIVE = re.compile(r"[a-z]+(?:y|ful|ous|ive|able|ible|less|ish)(?<!ly)")
_ADJECTIVE_LIKE = word_set(
    "poetry history photography philosophy pottery geography chemistry astronomy archery jewelry embroidery carpentry "
    "biology psychology ecology geology sociology anthropology theology mythology genealogy technology calligraphy "
    "astrology cosmology fantasy comedy karaoke hockey rugby whisky whiskey brandy sherry honey candy curry gravy "
    "theory anatomy economy botany story library ivy pony puppy bunny archaeology cinematography choreography "
    "falconry forestry fishery masonry cookery brewery archive olive sushi irish british english danish spanish "
    "polish turkish finnish swedish scottish taxidermy typography cartography heraldry dairy variety celery toy diy"
)
_FAVOURITE = re.compile(r"favou?rite (?P<kind>[^:]+): (?P<what>.+)", re.IGNORECASE)
_LOOSE_KIND = word_set("about but too of time times moment moments part parts thing things and it i one memory one's")
_LOOSE_WHAT = word_set("these those this that it they both all what when how my your so not")
_TASK_VERBS = alternatives(
    "write draft compose create generate prepare make give show list explain summarize summarise translate tell add "
    "suggest recommend provide describe design find rewrite send help include put start end say mention"
)
_TASK_OBJECTS = alternatives(
    "a an one two three four five ten the this my some idea(s) her him them his our how what why all it"
)
_TASK = re.compile(rf"{_TASK_VERBS}\s(?:me )?(?:with )?(?:{_TASK_OBJECTS}|\d+)\b", re.IGNORECASE)
_RULE_WORDS = alternatives("always never from_now_on going_forward in_future in_the_future every_time whenever")
_LASTING = re.compile(
    rf"\b(?:{_RULE_WORDS}|"
    r"by default|in general|when (?:you|i ask|answering|replying|writing|explaining)|"
    r"your (?:answers|replies|responses))\b",
    re.IGNORECASE,
)
_EXCLAIMED = re.compile(r"(?:never|no|only|always) (?:an?|the|my|been|was|had|seen|heard)\b", re.IGNORECASE)
_THIRD = re.compile(r"when (?:it|its|it's|they|he|she)\b")
_COMPARED = re.compile(r"\b(?:over|to|than|instead|rather)\b")
_ORDERS = frozenset(["requests.standing", "manners.manner", ""])


def interest_objection(value: str) -> str:
    """Why it tells of no interest of the user's."""
    words = words_of(value)
    if len(words) > LONGEST_INTEREST or has_finite_verb(value) or not _PAST.isdisjoint(words[2:]):
        return "runs on"
    if points(value) or passes(value) or _ONE_WORK.match(value) or _OUT_OF_CONTEXT.match(value):
        return "passing"
    if words[0] in _PREPOSITIONS:
        return "begins inside a clause"
    if words[0] in _PLAIN_VERBS and LEMMAS.get(words[0]) == words[0]:
        return "bare verb"
    if _is_vague(value, words):
        return "stop phrase"
    return "adjective" if len(words) == 1 and value.islower() and _is_adjective(words[0]) else ""


def _is_vague(value: str, words: list[str]) -> bool:
    if not _VAGUE_NOUNS.isdisjoint(words) or "as much" in value or _VAGUE_INTEREST.match(value):
        return True
    return len(words) > 1 and words[0].endswith("ing") and words[1] in _EVERY


def _is_adjective(word: str) -> bool:
    return _ADJECTIVE.fullmatch(word) is not None and word not in _ADJECTIVE_LIKE


def preference_objection(value: str, sentence: str, rule: str) -> str:
    """Why it tells of no lasting preference: a request of the moment is none."""
    if value.startswith(CALLS_YOU):
        return ""
    if favourite := _FAVOURITE.fullmatch(value):
        return _favourite_objection(favourite["kind"], favourite["what"])
    if len(words_of(value)) > LONGEST_PREFERENCE:
        return "runs on"
    if _TASK.match(value) and not _LASTING.search(sentence):
        return "a request"
    if rule in _ORDERS or "answer" in value or "explain" in value:
        return "exclamation" if _EXCLAIMED.match(value) else ""
    return _taste_objection(value, sentence, rule)


def _taste_objection(value: str, sentence: str, rule: str) -> str:
    if value.startswith(("likes it when", "dislikes it when")):
        return "passing" if _THIRD.search(value) else ""
    if points(value) or passes(value):
        return "passing"
    if rule == "tastes.rather" and " than " not in value and " over " not in value:
        return "passing"
    if value.startswith("dislikes "):
        return _disliked_objection(value.removeprefix("dislikes "))
    alone = rule == "tastes.prefer" and len(words_of(value)) == 1
    return "stop phrase" if alone and not _COMPARED.search(sentence) else ""


def _disliked_objection(what: str) -> str:
    words = words_of(what)
    if has_finite_verb(what) or len(words) > LONGEST_INTEREST:
        return "runs on"
    vague = {"kind", "sort", "part", "type", "idea", "way", "fact", "thing", "being", "having"}
    return "stop phrase" if words[0] in vague else ""


def _favourite_objection(kind: str, what: str) -> str:
    kinds, named = words_of(kind), words_of(what)
    if not kinds or len(kinds) > 3 or not _LOOSE_KIND.isdisjoint(kinds):
        return "stop phrase"
    if len(named) > 7 or has_finite_verb(what) or not named or named[0] in _LOOSE_WHAT or points(what):
        return "runs on"
    return "passing" if passes(what) else ""
