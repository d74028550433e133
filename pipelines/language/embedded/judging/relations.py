"""Whether a relation names somebody close to the user, rather than people at large or a thing named after them."""

from collections.abc import Sequence

from pipelines.language.embedded.grammar.lexicon import ADVERBS, AUXILIARIES, LEMMAS, NEGATIVES, RELATIONS
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.lasting.harms import tells_of_crimes
from pipelines.language.embedded.judging.lasting.kin import is_dead, is_gone, lost_an_apostrophe, was_praised
from pipelines.language.embedded.judging.stumps import points, words_of
from pipelines.work import late_patterns as re

LONGEST = 11  # words
_NOBODY = word_set(
    "name names adult adults costume food story question problem park toy toys business walking walker training person "
    "lover lovers stories"
)
_BETWEEN = re.compile(r"\b(?:for|of|about|with|like|from|to) (?!(?:ours|mine)\b)", re.IGNORECASE)
_KIN_WORDS = "|".join(sorted(map(re.escape, RELATIONS), key=len, reverse=True))
_OURS_ONLY = re.compile(rf"\bour ({_KIN_WORDS})\b", re.IGNORECASE)
_FOLLOWED = re.compile(rf"\b(?:my|our) (?:\w+ )?({_KIN_WORDS}) ([a-z]+)\b")
_SHARED = word_set("kids children kid child baby friend friends neighbor neighbour boss coach teacher pets pet")


_PARTNERS = word_set("boyfriend girlfriend partner husband wife fiance fianc\u00e9 fianc\u00e9e fiancee bf gf")
_PARTED = re.compile(
    r"\b(?:broke|breaking|broken) my heart\b|\bend(?:s|ed|ing) (?:it|things)\b|\bsplit\b|\bcheat\w*|\bdump\w*|"
    r"\b(?:left|leaves?|leaving|lured|ghosted) me\b|\bseparated? from\b|\bwithout me\b(?! knowing)|\bsomeone else\b|"
    r"\banother (?:man|woman|guy|girl)\b|\bmy ex\b|\bloveless\b|"
    r"\b(?:broke|broken|breaking|split|splitting) up\b|\bbreak-?up\b|\bdivorced?\b|\b(?:dumped|left|cheated on) me\b|"
    r"\bwe (?:\w+ )?separated\b|\b(?:are|we're) separating\b|\bbe?a?r?eaku?p\b|\bbreaking (?:up|our)\b",
    re.IGNORECASE,
)
_WAS_SOMEBODY = re.compile(
    r"\b(?:my|our) (?:ex |boyfriend|girlfriend|bf|gf)\w*,? was (?:always |really )?(?:the (?:best|love|one)|an?|my)\b|"
    r"\b(?:my|our) (?:husband|wife|partner|fianc\w+) was (?:(?:always|very|really|such|an?|the) )*"
    r"(?:\w+ )?(?:girl|guy|caring|loving|jealous|abusive|controlling|best)\b",
    re.IGNORECASE,
)
_UNMARRIED = word_set("boyfriend girlfriend fiance fianc\u00e9 fianc\u00e9e fiancee bf gf")
_WEDDED = re.compile(r"\b(?:got married|(?:wedding|marriage) ceremony|honeymoon)\b", re.IGNORECASE)
_ONCE = re.compile(r"\bfriend [A-Z]\w+ (?:once|used to|one time)\b")
_ANY_KIND = word_set("pet pets animal animals")

_WERE_A_PAIR = re.compile(
    r"\b(?:boyfriend|girlfriend|partner|bf|gf|fianc\w+) and (?:i|me) were (?:\w+ ){0,2}?"
    r"(?:long[- ]distance|dating|seeing each other|in a relationship|a couple|"
    r"together(?! (?:yesterday|last|today|this|at|in|on|when)\b))",
    re.IGNORECASE,
)


def _is_over(words: Sequence[str], sentence: str) -> bool:
    """Whether the sentence says that they parted, have married since, or tells a tale of old."""
    parted = (not _PARTNERS.isdisjoint(words) or words[0].endswith("-in-law")) and (
        _PARTED.search(sentence) or _WAS_SOMEBODY.search(sentence) or _WERE_A_PAIR.search(sentence)
    )
    wedded = not _UNMARRIED.isdisjoint(words) and _WEDDED.search(sentence)
    return bool(parted or wedded or (words[0] == "friend" and _ONCE.search(sentence)))


_TASKS = alternatives("class lab project presentation business study exam assignment homework math")
_OF_A_FIRM = re.compile(r"\bour partners?\b", re.IGNORECASE)
_OF_WORK = re.compile(rf"\b{_TASKS}\b", re.IGNORECASE)
_FAR = frozenset(["cousin", "cousins", "neighbor", "neighbour", "coworker", "colleague", "roommate"])
_VERB_AS_NAME = re.compile(r"[a-z-]+ [A-Z][a-z]+ed")


def _is_unclear(value: str, sentence: str) -> bool:
    """Of one far away, without a name; or made of words that lost a mark: "my sister Wanted", "my brothers gotten"."""
    if value in _FAR or _VERB_AS_NAME.fullmatch(value):
        return True
    without_apostrophe = rf"\b{re.escape(value)} (?:gotten|been|got)\b"
    return value.endswith("s") and re.search(without_apostrophe, sentence, re.IGNORECASE) is not None


_NAMING = re.compile(r"\b(?:to|would|could|will|gonna|i'd|i'll) name (?:my|our) ", re.IGNORECASE)  # there is none yet


_EXPECTED = r"\bexpecting (?:our|my|an?) (?:[\w-]+ ){0,2}?"
_NOT_OF_NOW = word_set("old first ex former late last next future previous another other second loaded")
_EX = frozenset(["ex", "ex-wife", "ex-husband", "ex-girlfriend", "ex-boyfriend", "ex-partner"])
_NO_FRIEND = re.compile(r"friend(?: with| that|$)|one \w+ one\b")
_AGE_OF_WHOM = re.compile(r"\band \w+ years? old$", re.IGNORECASE)
_LITTLE_PONY = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|pet)$|\b(?:movies?|shows?|comics?|video|pony|garfield|parents'? house)\b",
    re.IGNORECASE,
)


_LIKE_A_TWIN = re.compile(
    r"\b(?:totally|literally|basically|practically|officially|clearly|lowkey|(?:you|u)(?:'?re| are| r)|ur)"
    r"(?: \w+){0,2}? my (?:long[- ]lost )?twin\b"
)


def _is_denied(value: str, sentence: str) -> bool:
    """ "She is not my sister", "amen my brother"; or a figure of speech: "totally my twin"."""
    low = sentence.lower()
    if value == "twin" and _LIKE_A_TWIN.search(low):
        return True
    if "t my " not in low and "amen my" not in low:  # nearly always, and spares a pattern of its own
        return False
    denied = rf"\b(?:is|are)(?:n['\u2019]?t| not) my {re.escape(value)}\b|\bamen my\b"
    return re.search(denied, sentence, re.IGNORECASE) is not None


def relation_objection(value: str, sentence: str) -> str:
    """Why it names nobody close to the user."""
    words = words_of(value)
    expected = "expecting" in sentence and re.search(_EXPECTED + re.escape(value), sentence)
    if (
        expected
        or _is_denied(value, sentence)
        or value.startswith(":")
        or _NAMING.search(sentence)
        or _heads_a_compound(value)
    ):
        return "nobody yet, or a thing"
    if (
        tells_of_crimes(sentence)
        or _is_over(words, sentence)
        or (value == "partner" and (_OF_WORK.search(sentence) or _OF_A_FIRM.search(sentence)))
    ):
        return "over, of a task, or a story"
    near = next((index for index, word in enumerate(words) if word in RELATIONS), 0)
    if _BETWEEN.search(" ".join(words[: near + 1])) or "'s " in value:
        return "about them, not one of them"
    if len(words) == 1 and (otherwise := _alone_objection(words[0], sentence)):
        return otherwise
    if not _NOBODY.isdisjoint(words) or words[0] in {"lot", "lots", "few", "bunch"} or _is_unclear(value, sentence):
        return "nobody"
    return "runs on, or not of now" if len(words) > LONGEST or points(value) or _is_of_once(value, sentence) else ""


def _is_of_once(value: str, sentence: str) -> bool:
    """Of somebody else ("my brothers first game"), of old ("my first dog"), dead, or a title ("my Little Pony")."""
    words = words_of(value)
    if (
        lost_an_apostrophe(value, sentence)
        or words[0] in _NOT_OF_NOW
        or not _EX.isdisjoint(words)
        or "other" in words[:2]
    ):
        return True
    named = _NO_FRIEND.match(value) or _AGE_OF_WHOM.search(value) or _LITTLE_PONY.search(value)
    return bool(named) or (
        ":" not in value and (is_dead(value, sentence) or is_gone(value, sentence) or was_praised(value, sentence))
    )


_DONE = alternatives(
    "sent gave told asked ate came left moved keeps kept thinks wants texted called wrote bought lost found won't wont "
    "lives works says said loves hates is are has"
)
_NAME_AND_VERB = re.compile(rf"\b(?:my|our) (?:\w+ )?(?:{_KIN_WORDS}) [a-z]{{3,12}} {_DONE}\b")


def _alone_objection(word: str, sentence: str) -> str:
    if word in _ANY_KIND:
        return "says not which"
    if word in _SHARED and (_OURS_ONLY.search(sentence) and not re.search(r"\bmy\b", sentence, re.IGNORECASE)):
        return "everybody's"
    followed = _FOLLOWED.search(sentence)
    named = _NAME_AND_VERB.search(sentence)  # "my girlfriend marisol sent it to me"
    compound = followed and not named and followed.group(1) == word and _is_compound(followed.group(2))
    return "a thing named after it" if compound else ""


_PERSONS = word_set("girl boy girls boys man woman")


_OF_ANIMALS = word_set(
    "bath shower clothes monitor crib seat toys farm collection shelter store clinic salon sanctuary rescue grooming "
    "show sitting sitter license licence leash bed"
)


def _heads_a_compound(value: str) -> bool:
    """ "Wood dog hair wand" is no dog, and "horse farm" no horse."""
    words = value.partition(":")[0].split()
    near = next((index for index, word in enumerate(words) if word.lower() in RELATIONS), None)
    after = words[near + 1 :] if near is not None else []
    if after and after[0] in _OF_ANIMALS:
        return True
    thing = len(after) > 1 and after[0].isalpha() and after[0].islower() and _is_compound(after[0])
    return thing and after[0] not in RELATIONS | _PERSONS and not {"called", "named"} & set(after)


_MINE = alternatives("was am wonder want need think just would have feel love hope")
_MY_OWN_CLAUSE = rf" i {_MINE}\b"
_NEW = re.compile(r"new\s+(?=\w)")


def unnamed(value: str, sentence: str) -> str:
    """ "girlfriend Toby" as "girlfriend", where "My girlfriend, Toby and I" are three; "new dog" as "dog"."""
    value = _NEW.sub("", value)
    near, _, name = value.partition(" ")
    if not name or f"{near}, {name}".lower() not in sentence.lower():
        return value
    three = re.search(rf"\b{re.escape(near)}, {re.escape(name)},? and\b(?!{_MY_OWN_CLAUSE})", sentence, re.IGNORECASE)
    return near if three else value


_AFTER_A_PERSON = (
    ADVERBS
    | AUXILIARIES
    | NEGATIVES
    | word_set(
        "and or but so because when while if that who whom which to for of in on at by with from about as than like "
        "into over under after before during around through without all each named called aged isn't aren't i "
        "we you he she "
        "they it this these those the a an my our his her their there here too again home up out off down back once "
        "recently not no yes lol though either instead even first last next since until"
    )
)


def _is_compound(word: str) -> bool:
    """Whether a noun may follow: "my horse painting" is a picture, "my horse loves apples" a horse."""
    verb = word in LEMMAS and not word.endswith("ing")
    return not (verb or word in _AFTER_A_PERSON or word.endswith(("ed", "ly", "s", "n't")))
