"""Whether a belief is a conviction of the user's own, said in earnest, that can be read alone."""

from collections.abc import Sequence

from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.stumps import begins_with_a_helper, passes, words_of
from pipelines.work import late_patterns as re

_NOT_BELIEFS = word_set(
    "much far way even across to for in on at with from by about like after before have thought not been and just "
    "mostly key maybe more less all most something pretty very really quite deserves seems mine"
)
_UNNAMED = word_set(
    "it this that thats these those them they he she him we you your i i'm i'll it's there here theres ya that'd it'd"
)
_VALUED = re.compile(
    r"(?:cares about|supports|values) (?:people|others|everyone|everybody)$|"
    r"(?:does not )?cares? about (?:any|no|some)thing\b|"
    rf"appreciates |(?:does not )?(?:values?|supports?|trusts?) {alternatives('the its them it any your how when')}\b"
)
_TOLD = re.compile(r"\b(?:was|were|had|did|would|gonna|might|maybe|probably|kinda|needed|should have|could have)\b")
_UNCLEAR = re.compile(
    r"^(?:does not believe|believes) in the [a-z]+$|^my\b|\bsuch\b|"
    r"^(?:believes|does not believe) in \d|^does not (?:think|believe) (?:that|one|this|it)\b"
)
_DEIXIS = word_set("the these those our his her their some any")
_WITHOUT_OBJECT = re.compile(r"\b(?:pay|have|want|need|use|like|take|make|give|get|buy|deserves?)$")
_NO_OBJECT = re.compile(
    rf"^(?:does not |fully )?(?:trusts?|values?|supports?|opposes?|cares? about|believes? in) "
    rf"{alternatives('is and completely more fully myself personally being like')}\b"
)
_CUT_SHORT = re.compile(r"\b(?:upon|someone|something|given|thinking|go|goes|into|lead|leads|down|able|allowed)$")
_ANYBODY = re.compile(r"^(?:a lot of|lots of|many|some|most) (?:people|of)\b")
_PRAISES = alternatives(
    "great interesting underrated overrated awesome nasty amazing cool nice good bad funny fun cute pretty weird crazy"
)
_PRAISED = re.compile(rf"\b(?:is|are) (?:(?:very|really|so|just|pretty|super) )?{_PRAISES}$")
_FAITHS = alternatives("God Jesus Christ Allah Buddha Karma Heaven Hell Satan Fate Santa Islam Love I")
_JEST = re.compile(  # "believes in Qatar": a team, a town
    rf"^believes in (?!{_FAITHS}\b|\w+(?:ism|ity|dom|s)$)[A-Z]\w+$|\bspirit animal\b|\bmyself with\b"
)
_CARES_NOT = re.compile(r"^(?:only )?(?:does not )?cares? about (?P<what>.+)")
_ONE_THING = re.compile(r"(?:the|my|that|this|their)\b|\w+ (?:much|as much)$")
_NO_QUALMS = re.compile(
    r"(?:the |any )?(?:law|laws|legality|legalities|legal (?:issues?|consequences?|stuff)|ethics|morality|morals|rules|"
    r"consequences|guidelines|polic(?:y|ies)|safety|risks?|warnings?|grammar|spelling|length|format(?:ting)?|"
    r"being caught|details)$",
    re.IGNORECASE,
)  # said to get an answer
_ASKS_ON = re.compile(
    r"\bdon['\u2019]?t worry\b|\b(?:just|so|please|now) (?:answer|tell|give|do|write|show|say|help|let|make)\b|"
    r"\b(?:answer|tell|help|give|show) me\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:less|more|as much|so much|as long|rather) (?:than|as)\b|\bdid(?:n['\u2019]?t| not)\b",
    re.IGNORECASE,
)
_OF_ALL = re.compile(r"\bwe (?:\w+ )?(?:think|believe|feel|assume)\b", re.IGNORECASE)
_DENIED = re.compile(r"\bbut not (?:all|always|really|everyone|every)\b|\bor something\b", re.IGNORECASE)
_UNSURE = re.compile(r"\bi (?:don['\u2019]?t|dont|do not) know\b,? i\b", re.IGNORECASE)
_SAYING = word_set("believe believes think feel convinced say sure certain agree opinion view holds mean hope")
_POINTERS = alternatives("that this these those his her their")


_SUPPLIES = re.compile(
    r"^(?:having |getting )?(?:(?:two|three|extra|more|some|\d|the|and) )*"
    r"(?:food|water|firewood|wood|supplies|packages)\b.*\bimportant\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"^(?:trusts|believes in (?:my|an?)|does not trust my|watch|wouldn['\u2019]?t|however|also|then|\d|a million|nk)\b|"
    r"\b(?:must (?:have|be)|is still|are still|a bit like|"
    r"a lot better|matter to me|next (?:election|year|season|game)|our|us|myself|too \w+ for me|is as follows)\b|"
    r"^supports \w+ing\b|^(?:only )?cares about \w+ing\b|^\W|[\\_]"
)
_SUBJECT = re.compile(r"\b(?:i|i'm|im|we|believer)\b", re.IGNORECASE)
_CARES_FOR = re.compile(r"\bcare(?:s)? (?:much |at all |that much |too much )?for\b", re.IGNORECASE)
_NARROWED = re.compile(r" (?:where|who|if|when|unless|so that|so|in which)\b")
_LONGEST = 17  # words


def _is_hedged(value: str, words: Sequence[str], sentence: str) -> bool:
    """Whether it is a guess, of oneself, or cut where its condition stands."""
    after = sentence.partition(value[-14:])[2]
    return (
        len(words) > _LONGEST
        or _HEDGED.search(value) is not None
        or _CARES_FOR.search(sentence) is not None
        or (value.startswith("believes in") and _SUBJECT.search(sentence) is None)
        or _NARROWED.match(after) is not None
    )


def belief_objection(value: str, sentence: str) -> str:
    """Why it tells of no conviction."""
    words = words_of(value)
    if (
        words[0] in _DEIXIS
        or _is_a_predicate(words, sentence)
        or value.endswith("'s")
        or any(one.search(value) for one in (_UNCLEAR, _WITHOUT_OBJECT))
    ):
        return "points elsewhere"
    inside = begins_with_a_helper(value) or words[0] in _NOT_BELIEFS
    if len(words) < 2 or (inside and not value.startswith("does not")):
        return "begins inside a clause"
    if not _UNNAMED.isdisjoint(words) or _was_shown(words[0], sentence):
        return "points elsewhere"
    if _NO_OBJECT.search(value) or _CUT_SHORT.search(value):
        return "breaks off"
    if (
        _VALUED.match(value)
        or passes(value)
        or _SUPPLIES.match(value)
        or _TOLD.search(value)
        or _is_hedged(value, words, sentence)
    ):
        return "passing, or hedged"
    return _not_held(value, sentence)


_AFTER_A_VERB = word_set("for the a an to")


def _is_a_predicate(words: Sequence[str], sentence: str) -> bool:
    """ "I believe that accounts for it": what accounts is told of, and not named."""
    verb = words[0].endswith("s") and not words[0].endswith(("ss", "us")) and not _AFTER_A_VERB.isdisjoint(words[1:2])
    return verb and f"that {words[0]} " in sentence


def _was_shown(first: str, sentence: str) -> bool:
    """Whether it is said of one that was spoken of: "movie is sad" of "that movie is sad"."""
    found = re.search(rf"(\w+) {_POINTERS} {re.escape(first)}\b", sentence, re.IGNORECASE)
    return found is not None and found.group(1).lower() not in _SAYING


def _not_held(value: str, sentence: str) -> str:
    """Why the user does not hold it: of everybody, weighed against something, or praise of the moment."""
    cares = _CARES_NOT.match(value)
    asked = cares and value.startswith("does not") and (_NO_QUALMS.match(cares["what"]) or _ASKS_ON.search(sentence))
    if asked or (cares and (_ONE_THING.match(cares["what"]) or _COMPARED.search(sentence))):
        return "compares, or of one thing"
    if _OF_ALL.search(sentence) or _DENIED.search(sentence) or _UNSURE.search(sentence):
        return "of everybody, or in doubt"
    return "praise, or a guess" if any(one.search(value) for one in (_ANYBODY, _PRAISED, _JEST)) else ""
