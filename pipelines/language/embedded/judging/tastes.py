"""Whether a preference is a lasting taste or a wish about answers, or only comments on what was just said."""

from collections.abc import Sequence

from pipelines.language.embedded.frames.answering.lasting import ALONE, KEPT
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.cut_off import lacks_company
from pipelines.language.embedded.judging.interests import LONGEST_INTEREST, interest_objection
from pipelines.language.embedded.judging.shapes import is_quality, points_at_one, runs_on
from pipelines.language.embedded.judging.stumps import has_finite_verb, passes, points, words_of
from pipelines.memory.wishes import CALLS_YOU
from pipelines.work import late_patterns as re

LONGEST_PREFERENCE = 16  # words
_FAVOURITE = re.compile(r"favou?rite (?P<kind>[^:]+): (?P<what>.+)", re.IGNORECASE)
_LOOSE_KIND = word_set(
    "by him her them about but too of time times moment moments part parts thing things and it i one memory one's "
    "though right that to go do history honestly personally probably definitely actually currently"
)
_LOOSE_WHAT = word_set(
    "by of probably definitely around here these those this that it they both all what when how my your so not"
)
_TASK_VERBS = alternatives(
    "write draft compose create generate prepare make give show list explain summarize summarise translate tell add "
    "suggest recommend provide describe design find rewrite send help include put start end say mention"
)
_TASK_OBJECTS = alternatives(
    "a an another one two three four five ten the this my some idea(s) her him them his our how what why all it"
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
_OF_IT = re.compile(
    r"(?:use|put|keep|take|give|try) (?:it|this|that|them) (?:for|on|in|at|to) (?:your|the)\b", re.IGNORECASE
)
_THIRD = re.compile(r"when (?:it|its|it's|they|he|she)\b")
_COMPARED = re.compile(r"\b(?:over|to|than|instead|rather)\b")
_RATHER_THAN = re.compile(r"\b(?:than|over)\b")
LIKED = re.compile(r"likes (?!it when\b)(.+)")  # something to eat or drink
_BUT_RATHER = re.compile(r"\bbut (?:i |we )?(?:\w+ )?prefer\b", re.IGNORECASE)  # of the kind named before it
_HARDLY = re.compile(
    r"\bnot (?:really|that|so|too|very|particularly|much) (?:into|keen on|fond of|a fan of)\b", re.IGNORECASE
)
HARDLY = "not very interested in "
_LESS_THAN_ONCE = re.compile(  # weaker than before is no dislike
    r"\b(?:as|than|like) (?:i|we) (?:used to|once|should|could)(?: (?:be|do|did|was|were|like|love|enjoy))?\s*"
    r"(?:$|[,.;:!?)]|(?:and|but|so|because)\b)",
    re.IGNORECASE,
)
_HATED = re.compile(r"\b(?:hate|dislike|detest|despise|loathe|(?:can['\u2019]?t|cannot) stand)\b", re.IGNORECASE)
_ANY_OF_THEM = word_set("stuff thing things one ones")
_OTHERS = word_set("people others everyone everybody somebody someone users folks")
_OWNED = re.compile(rf"uses an? .*\b{alternatives('PC computer laptop desktop phone tablet monitor headset')}\b")
_OWNER = re.compile(r"(?P<of>[a-z][\w ]*): ")
_OPINION_VERB = re.compile(r"(?:dis)?likes (?:(?:to )?(?:hate|love|like|enjoy|prefer|dislike)s?|to|when|how|that)\b")
_ANYTHING = alternatives("food foods eating drink(s) anyone anybody anything everyone people part(s)")
_SAYS_LITTLE = re.compile(
    rf"^(?:dis)?likes {_ANYTHING}$|^there (?:is|are)\b|\bhere's$|^likes free (?!time\b)\w", re.IGNORECASE
)
_WOULD = re.compile(r"\b(?:would|i'd|we'd|id) (?:\w+ ){0,2}?prefer\b", re.IGNORECASE)
_SELDOM = alternatives("enough much many lunch breakfast dinner anything a_lot it the that")
_AT_ONE_TIME = re.compile(rf"^does not (?:eat|drink) {_SELDOM}\b|^does not vote$")
_DID_NOT = re.compile(r"\b(?:i|we) (?:\w+ )?did(?:n['\u2019]?t| not)\b", re.IGNORECASE)
_UNLIKE = re.compile(r"\bthan (?:have|not|having|being)\b|\b(?:tongue|eyes?|head) cut\b")
_MACHINES = alternatives("laptop phone computer tablet")
_OF_A_MACHINE = re.compile(rf"^(?:\w+ )?{_MACHINES}: (?!.*(?:\d|[A-Z][a-z]))")
_TOLD_AS_AN_ORDER = re.compile(
    r"^no(?:,|\b (?:i|she|he|we|they|it|that|not|more like)\b)|"
    r"^never (?:for|ones?|idea|know|expect|end|mind)\b|"
    r"^(?:no|never) (?:responses?|reply|replies|answers?|comment|hope)$|^more (?:than|like|just)\b",
    re.IGNORECASE,
)
_TO_AVOID = re.compile(r"(?<!try )(?<!please )\bto avoid\b", re.IGNORECASE)
_WHO_AVOIDS = re.compile(r"\b(?:i|we|they|he|she|it|police)\b", re.IGNORECASE)
_USED_LOOSELY = alternatives(
    "we our to both dual latest either my ai is and that the it some all a_variety a_lot a_single a_product a_mix "
    "a_few "
    "a_very"
)
_OFTEN_USED = alternatives("every everything daily at_work mostly vim emacs linux windows mac ubuntu celsius")
_USES_LOOSELY = re.compile(
    rf"^uses$|^uses \d|^uses {_USED_LOOSELY}\b|^uses an? \w+ library$|^hosts a variety\b|^hosts (?!.*(?-i:[A-Z]))|"
    rf"^uses (?:(?!(?:an? )?(?:[\w.+-]+ )?(?-i:[A-Z\d]))(?!.*\b{_OFTEN_USED}\b))|"
    r"^uses .*\b(?:is|are|was|that|one thing|and given)\b",
    re.IGNORECASE,
)
_ORDERS = frozenset(["requests.standing", "manners.manner", KEPT, ALONE, ""])


def preference_objection(value: str, sentence: str, rule: str) -> str:
    """Why it tells of no lasting preference: a request of the moment is none."""
    return "" if value.startswith(CALLS_YOU) else _wish_objection(value, sentence, rule)


def _wish_objection(value: str, sentence: str, rule: str) -> str:
    words = words_of(value)
    of_the_moment = (_TASK.match(value) and not _LASTING.search(sentence)) or _is_of_once(value, sentence)
    if len(words) > LONGEST_PREFERENCE or of_the_moment or _says_nothing(value, words, sentence):
        return "runs on, says not which, or a request of the moment"
    if favourite := _FAVOURITE.fullmatch(value):
        shown = favourite["kind"].endswith(" out") and " out of " in sentence  # "my favourite dress out of these"
        return "one of them" if shown else _favourite_objection(favourite["kind"], favourite["what"])
    if liked := LIKED.fullmatch(value):
        return interest_objection(liked.group(1), sentence, rule)
    if rule in _ORDERS or "answer" in value or "explain" in value:
        lasting = _LASTING.search(sentence) and " so that " not in sentence
        if _ASKED_FOR.match(value) and _ABOUT_THIS.search(sentence) and not lasting:
            return "of this task"
        return "exclamation, or about one thing" if _EXCLAIMED.match(value) or _OF_IT.match(value) else ""
    return _taste_objection(value, sentence, rule)


_ASKED_FOR = re.compile(r"(?:ask|give|tell|send|show|teach) me\b", re.IGNORECASE)
_ABOUT_THIS = re.compile(r"\b(?:so that|about|until|one (?:\w+ )?(?:at a time|by one)|to understand)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"\b(?:i|i'\w+|im|ive|we|we'\w+)\b", re.IGNORECASE)


_AT_THE_MOMENT = re.compile(r"(?:\bam|\bare|'m|'re|\bim) (?:\w+ )?using\b", re.IGNORECASE)
_OF_A_POST = re.compile(r"\b(?:the|this) (?:job|role|position|candidate)\b", re.IGNORECASE)


def _says_nothing(value: str, words: Sequence[str], sentence: str) -> bool:
    """Of others, of what is owned, of "stuff", or of what a thing of the user's has: "my phone's wifi is down"."""
    of_stuff = words[-1] in _ANY_OF_THEM and value.startswith(("likes ", "dislikes "))
    owner = _OWNER.match(value)
    of_a_thing = owner and re.search(rf"\b{re.escape(owner['of'])}['\u2019]s\b", sentence)
    if value in {"dislikes", "likes"} or (value.startswith("does not ") and not _SUBJECT.search(sentence)):
        return True
    little = (
        (value.startswith("uses ") and (_OF_A_POST.search(sentence) or _AT_THE_MOMENT.search(sentence)))
        or _OWNED.match(value)
        or _OPINION_VERB.match(value)
        or _SAYS_LITTLE.search(value)
    )
    return bool(words[0] in _OTHERS or of_stuff or of_a_thing or little)


def _taste_objection(value: str, sentence: str, rule: str) -> str:
    if value.startswith(("likes it when", "dislikes it when")):
        return "passing, or breaks off" if _THIRD.search(value) or not _HAS_A_VERB.search(value) else ""
    if points(value) or passes(value) or lacks_company(value):
        return "passing, or says not with whom"
    if value.startswith(("dislikes ", HARDLY)):
        return _disliked_objection(value.removeprefix("dislikes ").removeprefix(HARDLY), sentence)
    if rule == "tastes.rather":
        if len(words_of(value)) > 13 or re.search(r"\b(?:broke|any day|my millions)\b", value):
            return "in jest"
        return "" if _RATHER_THAN.search(value) else "passing"
    return _preferred_objection(value, sentence) if rule == "tastes.prefer" else ""


_HAS_A_VERB = re.compile(r"when \w+ (?!with\b|of\b|in\b|from\b|for\b)\w")  # not "when people with talent"
_ANY_OF_TWO = alternatives(
    "one(s) way(s) option(s) version approach latter former first second other(s) side idea answer"
)
_OF_TWO_SHOWN = re.compile(
    r"(?:in )?(?:real life|irl|reality|person)$|(?:option|choice|answer|version|number|style|format|design) "
    r"(?:\w|\d+|one|two|three)$|(?:it|them|either|both|neither)\b|"
    rf"(?:the |an? )?(?:[\w-]+ )?{_ANY_OF_TWO}$",
    re.IGNORECASE,
)
_TO_DO = re.compile(r"(?:visit|go|eat|play|watch|use|have|be|do|stay|drink|read)\b")


def _preferred_objection(value: str, sentence: str) -> str:
    """Why what is preferred to nothing in particular tells of no taste."""
    if (
        len(words_of(value)) > 10
        or sentence.rstrip().endswith(":")
        or _TO_DO.match(value)
        or re.search(r"\b(?:myself|hitch\w*)\b|^(?:if|not)\b", value)
        or (_WOULD.search(sentence) and "you" not in sentence)
    ):
        return "of one choice"
    if _COMPARED.search(value):
        return ""
    if points_at_one(value) or value.startswith("being ") or _OF_TWO_SHOWN.match(value):
        return "one of them, not the kind"
    if _WOULD.search(sentence) or _BUT_RATHER.search(sentence):
        return "of one choice"
    return "stop phrase" if len(words_of(value)) == 1 else ""


def _is_of_once(value: str, sentence: str) -> bool:
    """Of one meal or one machine's state, or a remark that only looks like a wish: "No, I just make the jokes"."""
    if any(one.search(value) for one in (_AT_ONE_TIME, _UNLIKE, _OF_A_MACHINE, _TOLD_AS_AN_ORDER, _USES_LOOSELY)):
        return True
    if value.startswith(("no ", "eats no ", "drinks no ", "does not eat", "does not drink")):
        return _DID_NOT.search(sentence) is not None
    return value.startswith("avoid ") and _tells_of_avoiding(sentence)


def _tells_of_avoiding(sentence: str) -> bool:
    """ "I took days off to avoid burnout", "they solve it and avoid violence": no order."""
    before, joined, _ = sentence.partition(" and avoid ")
    return _TO_AVOID.search(sentence) is not None or (joined != "" and _WHO_AVOIDS.search(before) is not None)


_ONCE_DISLIKED = re.compile(r"\bdid(?:n['\u2019]?t| not) (?:\w+ ){0,2}?(?:like|love|enjoy)\b", re.IGNORECASE)


_LEFT_DOING = alternatives(
    "taking saying living doing going being confronting talking working using losing missing asking playing"
)
_DISLIKED_ONCE = re.compile(
    rf"(?:#|my\b|neither\b|over and|to\b|muching\b|a (?!lot|bit)\w+$|fathers$|the \w+ of\b|admit|think)|{_LEFT_DOING}$|"
    r".* (?:enough|period|makes|much|all|here)$"
)
_THAT = re.compile(r"\b(?:this|that)\s$", re.IGNORECASE)
_ONLY_IF = re.compile(r"\s?(?:(?:that|so|as) much)?,? ?(?:if|when|unless|while|because of|right now)\b|\s?that much\b")


def _is_disliked_once(what: str, sentence: str) -> bool:
    """ "I don't like thumbnails if they are too square", "I hate my job right now"."""
    before, _, after = sentence.partition(what[-12:])
    if _THAT.search(before):
        return True
    return _DISLIKED_ONCE.match(what) is not None or _ONLY_IF.match(after) is not None or runs_on(what)


def _disliked_objection(what: str, sentence: str) -> str:
    words = words_of(what)
    if _is_disliked_once(what, sentence) or _ONCE_DISLIKED.search(sentence) or "some" in words:
        return "long ago"
    if _HARDLY.search(sentence) or (_LESS_THAN_ONCE.search(sentence) and not _HATED.search(sentence)):
        return "says less"  # who is not really into podcasts dislikes none
    if len(words) == 1 and is_quality(words[0]):
        return "adjective"
    if (
        points_at_one(what)
        or words[0] in {"any", "more", "some", "one", "such"}
        or words[0] in {"seeing", "hearing", "getting", "having", "feeling", "watching"}
    ):
        return "one of them, not the kind"
    if has_finite_verb(what) or len(words) > LONGEST_INTEREST:
        return "runs on"
    vague = {"kind", "sort", "part", "type", "idea", "way", "fact", "thing", "being", "having"}
    return "stop phrase" if words[0] in vague else ""


_PURSUITS = word_set(
    "activity activities hobby hobbies pastime exercise sport sports workout part thing pursuit ways way game pastimes"
)
_NO_FAVOURITES = alternatives(
    "in on at for with from of to not also usually always mostly mainly gone broken available closed open sold here "
    "everything pretty very really the_one"
)
_NO_FAVOURITE = re.compile(rf"{_NO_FAVOURITES}\b|(?i:in fact|usually|always|probably)\b|[a-z]{{3,}}(?<!r)ed\b")


def _favourite_objection(kind: str, what: str) -> str:
    kinds, named = words_of(kind), words_of(what)
    if not kinds or len(kinds) > 3 or not _LOOSE_KIND.isdisjoint(kinds):
        return "stop phrase"
    if what[:1].islower() and kinds[-1:] == named[-1:] and is_quality(named[0]):
        return "says not which"  # "big books"; "mint tea" says which tea
    doing = re.match(r"[a-z]+ing\b", what) and kinds[-1] not in _PURSUITS
    if doing or _NO_FAVOURITE.match(what):
        return "says what became of it"
    of_a_row = named[-1:] in (["one"], ["first"], ["second"], ["last"])
    shown = what.startswith("the ") and (kinds[-1] in named or of_a_row)  # "favourite block: the red block"
    if shown or points(kind):
        return "one of them, not the kind"
    if len(named) > 7 or has_finite_verb(what) or not named or named[0] in _LOOSE_WHAT or points(what):
        return "runs on"
    return "passing" if passes(what) else ""
