"""Whether an interest tells of a lasting pursuit or taste, or only comments on what was just said."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipelines.language.embedded.grammar.clause import PASTS
from pipelines.language.embedded.grammar.lexicon import ADVERBS, LEMMAS, PETS, RELATIONS
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.cut_off import lacks_company, runs_together
from pipelines.language.embedded.judging.lasting.likings import is_of_this_talk
from pipelines.language.embedded.judging.life import wish_objection
from pipelines.language.embedded.judging.meant import takes_back
from pipelines.language.embedded.judging.shapes import is_quality, phrase_objection, points_at_one, praises, runs_on
from pipelines.language.embedded.judging.stumps import has_finite_verb, passes, points, words_of
from pipelines.work import late_patterns as re

LONGEST_INTEREST = 10  # words
_PLAIN_VERBS = word_set(
    "watch play read listen go do make cook eat drink sing swim learn write be have get take spend see hear meet "
    "visit help try use give find keep explore relax sleep talk chat think know feel sit bring buy run hang study "
    "teach collect create build grow ride climb hike bake knit draw start stay come look work follow shoot practice "
    "practise"
)
_PREPOSITIONS = word_set("on in at to for with from about by into over under up out off through like")
_VAGUE_NOUNS = word_set("things stuff topics ones aspects something anything everything someone")
_EVERY = word_set("every each it all some any more much less once now again together often regularly sometimes")
_PAST = PASTS - {"made", "left", "read", "built"}
_POINTING_NOUNS = alternatives(
    "idea way fact concept sound thought look feeling feel color colour title rest name part"
)
_IDLE_GERUNDS = alternatives(
    "being having getting going_for seeing knowing talking chatting hearing trying making_sure staying meaning "
    "looking thinking going doing finding remembering coming keeping feeling "
    "slurping sipping chugging guzzling gulping devouring munching laying lying sitting standing"
)
_IDLE_ENDED = alternatives("to out for new different live on into with")
_SETTLED = alternatives("able busy here there in on with around active a the at alone")
_NOT_LEARNT = alternatives("about on from at by with more how that is and")
_VAGUE_INTEREST = re.compile(
    rf"(?:the |a |an )?{_POINTING_NOUNS}\b|{_IDLE_GERUNDS}\b(?! (?:{_IDLE_ENDED}|\w+ing)\b)|going for\b|"
    rf"chatting with|talking (?:to|with)|being {_SETTLED}\b|a (?:new|class|few|lot|bit)\b|"
    r"new (?:skills?|things?|ways?)\b|learning (?:a |the |some )?new (?:skill|thing|way)s?\b|"
    rf"(?:learning|studying) {_NOT_LEARNT}\b|ran |spoke |made ",
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
_LOVED_THING = re.compile(
    r"\b(?:things?|something|stuff|everything|ones?|all|what|that|which|who|parts?|people|someone|place) "
    r"(?:that )?(?:i|we)(?:'ve)? (?:\w+ )?(?:love|like|enjoy|adore)d?\b(?! (?:is|are|was|:))",
    re.IGNORECASE,
)
_NEEDS_AN_OBJECT = word_set(
    "helping making sharing giving seeing meeting getting having taking bringing putting using trying keeping finding "
    "showing telling creating discussing knowing adding starting watching doing going being laughing talking chatting "
    "thinking feeling looking working growing winning losing hearing coming saying wearing smiling living owning "
    "following studying choosing sending receiving crying drinking eating blocking taking waiting asking answering "
    "improving practising practicing sinking picking"
)
_NAMELESS = word_set(
    "genre theme plot plots title story scene song vibe energy view views weather episode character characters movie "
    "film book show game place colour color taste smell sound lyrics ending beginning style look team gang soundtrack "
    "post photo picture pic pics photos pictures video videos gift surprise memory memories moment moments experience "
    "opportunity process challenge change feedback update idea ideas advice support help words design decor setup "
    "mindset infrastructure flavor flavour recipe dish meal outfit shot one concept"
)
_ONE_OF_THEM = re.compile(
    r"\bfavou?rites?\b|\b(?:my|our)sel(?:f|ves)\b|\b(?:next|upcoming|last|another) \w+|"
    rf"\blearning (?:a )?{alternatives('ton tons bunch loads so')}\b"
)

_USERS_OWN = re.compile(r"\b(?:my|our) (\w+)(?: (\w+))?")
_ONES_OWN = RELATIONS | word_set("own family friends hair kids children people loved")
_COMPARATIVES = alternatives(
    "brighter darker lighter bolder bigger smaller warmer colder older newer shorter longer younger faster slower "
    "simpler cheaper easier harder"
)
_COMPARES = re.compile(rf"\b{_COMPARATIVES}\b|\b(?:more|less) [a-z]+\b")
_OF_WHICH = re.compile(
    r"playing (?:\w+ )?different (?:games|sports|songs)|"
    r"(?:learning|studying|practi[sc]ing) (?:an? )?(?:(?:new|musical|foreign) )?(?:instrument|language)"
)
_LIGHT_VERBS = alternatives("taking making getting having giving winning losing gaining keeping")
_ABSTRACTIONS = alternatives(
    "different_things control money progress sense decision(s) change(s) save(s) point(s) time"
)
_ABSTRACT = re.compile(
    rf"{_LIGHT_VERBS} (?:\w+ ){{0,2}}?{_ABSTRACTIONS}\b|(?:winning|losing) (?:\w+ )?games?\b|making (?:it|better)\b"
)
_SOMEBODYS = re.compile(r"\b[A-Z]\w*'s [a-z]")  # "Taylor Swift's dress", not "Schitt's Creek"
_WHICH_IS_DONE = re.compile(r"\b(?:that|which) (?:i|we)(?:'?ve| have) been \w+ing\b", re.IGNORECASE)
_UNENDED = re.compile(rf"\bto {alternatives('spend have see make get take give find meet use watch do be go')}$")
_LONG_AGO = re.compile(r"(?<!since )\bwhen (?:i|we) (?:was|were)\b", re.IGNORECASE)

_WORK = re.compile(
    r"(?!(?:charity|volunteer|voluntary|social|community|metal|leather|wood|garden|glass)\b)\w+(?<!ing) work"
)
_SOME = word_set(
    "several other certain many few various more older newer most both some any different two three four five six ten"
)

_BUSY = r"(?:(?:just|still|also|busy) )"
_OF_NOW = re.compile(
    r"reading (?:about |around |over |nearly |some )?\d+ (?:pages?|chapters?|books?)\b|"
    r"(?:pretty|really|very|quite|such) (?:big|huge)\b|(?:joking|complaining|wondering|rambling|arguing) about\b"
)


_CHILDREN = word_set("kids children babies twins")
_PURPOSES = alternatives("practise practice feed read watch play learn help")
_NO_PURSUITS = alternatives("never not always also even less hate hating love loving")
_SAYS_NO_PURSUIT = re.compile(
    rf"^{_NO_PURSUITS}\b|^\d+%|(?<!learning )\bto {_PURPOSES}\b(?=.* )|"
    r"^(?:live|work|study|own|reside) (?:in|at|as|for|near|with|an?|my|our) |"
    r"^(?:cooking|making|eating|having|getting) (?:dinner|lunch|breakfast)$|"
    r"^(?:\w+ )?(?:homework|finals|midterms)$|^(?:\w+ing (?:after|before|afterwards)|reading out)$|"
    r"\b(?:instructor|teacher|coach|manager|assistant)s?$"
)
_CLAUSE_OPENS = re.compile(r" (?:how|what|why|whether|where|who|that)\b")
_CLASSES = re.compile(r"(?:\w+ )?(?:class|classes|courses?)")
_INSIDE = _PREPOSITIONS | ADVERBS
_NOTHING_ALONE = _NAMELESS | _NEEDS_AN_OBJECT


class _Told(NamedTuple):
    """An interest with its words, the sentence that it was read from, and the rule that read it."""

    value: str
    words: Sequence[str]
    sentence: str
    rule: str
    low: str  # the sentence in lower case: words are looked for in it before a pattern is tried at every place

    @property
    def lone(self) -> str:
        """The only word of an interest without a name; "" where there are more."""
        return self.words[0] if len(self.words) == 1 and self.value.islower() else ""


_SAYS_LITTLE_ALONE = word_set(
    "serving summer winter spring autumn fall pacing switching typing catching almost me mine pro white red black "
    "pretty change mind variety waiting lunch dinner women men girls guys boys people humans generals teams players "
    "morning mornings evening evenings afternoon afternoons night nights noon midnight"
)


def _is_taken_back(told: _Told) -> bool:
    return takes_back(told.sentence.rpartition(told.words[-1])[2])


def interest_objection(value: str, sentence: str, rule: str) -> str:
    """Why it tells of no interest of the user's."""
    if value.startswith("wants to "):
        return "points elsewhere" if points(value) else wish_objection(value.removeprefix("wants to "))
    if objected := phrase_objection(value) or ("of this talk" if is_of_this_talk(value, sentence, rule) else ""):
        return objected
    told = _Told(value, words_of(value), sentence, rule, sentence.lower())
    return next((why for why, is_so in _OBJECTIONS if is_so(told)), "")


def _runs_on(told: _Told) -> bool:
    if _UNENDED.search(told.value) or " and and " in told.value:
        return True
    long = len(told.words) > LONGEST_INTEREST or not _PAST.isdisjoint(told.words[2:])
    return long or runs_on(told.value) or has_finite_verb(told.value)


def _is_of_another_clause(told: _Told) -> bool:
    """ "The things I love make writing fun": what follows "love" is said of the things."""
    return told.rule == "tastes.like" and _LOVED_THING.search(told.sentence) is not None


def _is_one_of_them(told: _Told) -> bool:
    placed = told.rule == "work.freelance"  # "volunteering at the animal shelter"
    return (
        (points_at_one(told.value) and not placed)
        or _SOMEBODYS.search(told.value) is not None
        or told.words[0] in _SOME
        or _ONE_OF_THEM.search(told.value) is not None
    )


def _is_of_the_users_things(told: _Told) -> bool:
    """ "Breaking up my studying" is a way of doing, not a pursuit; "cooking for my family" is one."""
    return any(_ONES_OWN.isdisjoint(found.groups("")) for found in _USERS_OWN.finditer(told.value))


def _passes(told: _Told) -> bool:
    of_the_moment = told.rule.startswith("pastimes.") and praises(told.value)
    if _OF_NOW.match(told.value):
        return True
    one_work = _ONE_WORK.match(told.value) or _OUT_OF_CONTEXT.match(told.value)
    which = " been " in told.low and _WHICH_IS_DONE.search(told.sentence) is not None
    return of_the_moment or which or one_work is not None or points(told.value) or passes(told.value) or _was_done(told)


def _was_done(told: _Told) -> bool:
    """ "I was painting": once, and no pursuit."""
    return "was " in told.low and re.search(rf"\bwas {_BUSY}?{re.escape(told.words[0])}\b", told.low) is not None


_AFTER_A_VERB = re.compile(r"\bto [a-z]+ (?:and|or) ([a-z]+)\b")
_AFTER_TO = re.compile(r"\bto \w+(?: [\w ]+?)?,? (?:and|or) ")


def _is_a_bare_verb(told: _Told) -> bool:
    after = (told.sentence[found.end() :] for found in _AFTER_TO.finditer(told.sentence))
    if LEMMAS.get(told.words[0]) == told.words[0] and any(rest.startswith(told.value) for rest in after):
        return True
    second = _AFTER_A_VERB.search(told.sentence)  # "to smile and laugh"
    if told.lone and second and second.group(1) == told.lone:
        return True
    return told.words[0] in _PLAIN_VERBS and LEMMAS.get(told.words[0]) == told.words[0]


def _goes_on(told: _Told) -> bool:
    """ "Understanding" of "understanding how the world works"."""
    after = told.sentence.partition(told.value)[2]
    return told.lone.endswith("ing") and _CLAUSE_OPENS.match(after) is not None


def _is_vague(told: _Told) -> bool:
    value, words = told.value, told.words
    if (
        _ABSTRACT.match(value)
        or not _VAGUE_NOUNS.isdisjoint(words)
        or "as much" in value
        or _VAGUE_INTEREST.match(value)
    ):
        return True
    if told.rule == "work.freelance" and told.lone:
        return True
    return told.lone in _NOTHING_ALONE or (
        len(words) > 1 and words[0].endswith("ing") and (words[1] in _EVERY or "some" in words)
    )


def _is_a_quality(told: _Told) -> bool:
    if told.lone and is_quality(told.lone):
        return True
    return _ADJECTIVE.fullmatch(told.lone) is not None and told.lone not in _ADJECTIVE_LIKE


_OBJECTIONS: tuple[tuple[str, Callable[[_Told], bool]], ...] = (
    ("runs on", _runs_on),
    ("a clause about something else", _is_of_another_clause),
    ("one of them, not the kind", _is_one_of_them),
    ("the user's things", _is_of_the_users_things),
    ("says not which", lambda told: _OF_WHICH.fullmatch(told.value) is not None),
    ("compares", lambda told: _COMPARES.search(told.value) is not None),
    ("long ago", lambda told: "when " in told.low and _LONG_AGO.search(told.sentence) is not None),
    ("passing", _passes),
    ("begins inside a clause", lambda told: told.words[0] in _INSIDE),
    ("bare verb", _is_a_bare_verb),
    ("two things", lambda told: runs_together(told.value, told.sentence)),
    ("taken back", _is_taken_back),
    (
        "says little",
        lambda told: told.lone in _SAYS_LITTLE_ALONE or (told.lone == "games" and "good games" in told.low),
    ),
    ("stop phrase", _is_vague),
    ("adjective", _is_a_quality),
    ("breaks off", _goes_on),
    ("says not with whom", lambda told: lacks_company(told.value)),
    ("of a term", lambda told: told.rule != "tastes.like" and _CLASSES.fullmatch(told.value) is not None),
    ("no pursuit", lambda told: _SAYS_NO_PURSUIT.search(told.value) is not None),
    ("somebody", lambda told: told.lone in RELATIONS - PETS - _CHILDREN),
    ("work", lambda told: _WORK.fullmatch(told.value) is not None),
)
