"""How jobs, places, circumstances and persons are told, once they are read."""

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.life.ailments import is_illness
from pipelines.language.embedded.grammar.places import in_capitals, is_known
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.lasting.kin import of_kin, without_a_tail
from pipelines.language.embedded.judging.lasting.states import as_it_lasts
from pipelines.language.embedded.judging.persons import as_place
from pipelines.language.embedded.judging.relations import unnamed
from pipelines.language.embedded.judging.shapes import feels
from pipelines.language.embedded.judging.stumps import has_finite_verb, passes, points, stump
from pipelines.work import late_patterns as re

_AMONG = re.compile(
    r"(?<!\s)\s+(?:(?:in|on|for) (?:my|our) (?:\w+ )?(?:group|team|area|town|city|class)|for (?:the|a) team|"
    r"to (?:help|make ends) .*|(?:based|living|located) (?:in|near|outside) .*)$"
)
_NEARBY = re.compile(r"\shere ((?:in|at) )")


def as_occupation(candidate: Candidate, sentence: str) -> Candidate:
    """A job without where, when and what else; "runs my own shop" as "runs a shop"."""
    value = _NEARBY.sub(r" \1", _AMONG.sub("", candidate.value))
    value = _PRAISED.sub("", _AND_DOES.sub("", _MY_OWN.sub(_one, value)))
    more = _AND_A_NAME.match(sentence.partition(value)[2]) if _NAMED_SO.search(value) else None
    return candidate._replace(value=value + (more.group() if more else ""))


def _one(owned: "re.Match[str]") -> str:
    return owned.group(1) + ("an " if owned.group(2)[0] in "aeiou" else "a ") + owned.group(2)


_PRAISED = re.compile(r"^(?:excellent|great|good|awesome|amazing|terrible|bad|decent|proud|lousy|brilliant) (?=[a-z])")
_MY_OWN = re.compile(r"^((?:runs|owns|manages) )(?:my|our) own ([a-z-]+)")
_AND_DOES = re.compile(
    r" and (?:(?:one|some|most|many|none|all) of|see|do|go|help|live|have|love|want|need|try|currently|make|am|got|it|"
    r"we)\b.*$| we \w.*$| it is .*$"
)
_NAMED_SO = re.compile(r"\b(?:called|named) [A-Z]\w+$")
_AND_A_NAME = re.compile(r" and [A-Z]\w+")


def as_location(candidate: Candidate, _sentence: str) -> Candidate:
    """A place without why one lives there."""
    place = as_place(candidate.value)
    return candidate._replace(value=in_capitals(place) if is_known(place) else place)


_HEIGHT = re.compile(r"(?P<feet>[4-7])['\u2019] ?(?P<inches>\d\d?)[\"\u201d]?(?: tall)?")
_FAN = re.compile(r"(?:an? )?(?:huge |big |massive )?(?P<of>[A-Z].*) fan")
_AND_MORE = re.compile(r"(?<!\s)\s+and (?:the|my|it|a|i)\b.*")  # "from Leeds and the drive is long"
_PARENT_AT_HOME = re.compile(r"^(mom|mum|dad|mother|father) at home$")
_DIRECTION = re.compile(r"^from (?=(?:South|North|East|West|Midwest|Northeast|Southwest|Northwest|Southeast)$)")
_TO_A_LOVE = re.compile(r"(?<=^single) (?:baby|babe|bro|bruh|man|dude|honey|sweetie|sir)$")
_FROM_SIZE = re.compile(
    rf"^from (?={alternatives('small big tiny large little quiet rural city town village farm')}\b)"
)


def as_life(candidate: Candidate, sentence: str) -> Candidate:
    """A circumstance as it lasts, or the interest that it is."""
    candidate = candidate._replace(value=with_all_ages(as_it_lasts(candidate.value, sentence), sentence))
    if fan := _FAN.fullmatch(candidate.value):
        return candidate._replace(category="interest", value=fan["of"])
    if height := _HEIGHT.fullmatch(candidate.value):
        return candidate._replace(value=f"{height['feet']} feet {height['inches']} inches tall")
    value = candidate.value
    if value.startswith("from "):
        where = _AND_MORE.sub("", value).removeprefix("from ")
        value = f"from {in_capitals(where) if is_known(where) else where}"
    value = _DIRECTION.sub("from the ", _TO_A_LOVE.sub("", _PARENT_AT_HOME.sub(r"\1", value)))
    return candidate._replace(value=_FROM_SIZE.sub("from a ", value))


_AGED = re.compile(r"\bage[sd]? \d+$")
_MORE_AGES = re.compile(r"(?:, ?\d+)*,? (?:and|&) \d+\b")


def with_all_ages(value: str, sentence: str) -> str:
    """ "Parent of children ages 1" of "... ages 1 and 3"."""
    more = _MORE_AGES.match(sentence.partition(value)[2]) if _AGED.search(value) else None
    return value + (more.group() if more else "")


_WHICH = re.compile(r"\s(?:that|who|which|whose)\s")
_DENIES = alternatives("cant can't cannot wont won't dont don't doesnt doesn't another typed")
_AND_THEN = re.compile(rf"\s(?:and|but) {_DENIES}\b.*")
_WITH_ME = re.compile(r" (?:with me|with us|of my own|at home)$")
_ACTUALLY = re.compile(r"(?:^|: )(?:actually|really|also|quite|pretty|very) ")


def as_relation(candidate: Candidate, sentence: str) -> Candidate:
    """Who it is, with what lasts of them."""
    value, detail = _ACTUALLY.sub(": ", candidate.value), _ACTUALLY.sub("", candidate.detail)
    value, detail = _AND_THEN.sub("", value), _AND_THEN.sub("", detail)
    value = _WITH_ME.sub("", without_a_tail(unnamed(_WHICH.split(value, maxsplit=1)[0], sentence)))
    value = _by_marriage(_of_a_child(value), sentence)
    if unborn := _unborn(value, sentence):
        return candidate._replace(category="life_context", value=unborn, detail="")
    if (detail and ":" in value) or _DEAD.match(detail):
        lasting = of_kin(detail)
        value = f"{value.partition(':')[0]}: {lasting}" if lasting and ":" in value else value.partition(":")[0]
        detail = lasting
    if _loose(detail) or (detail.isdigit() and f"{detail}'" in sentence):  # half a height
        value, detail = value.partition(":")[0], ""
    if detail.isdigit() and value.endswith(f": {detail}"):  # "my husband is 69"
        value += " years old"
    return candidate._replace(value=value, detail=detail)


_A_CHILD = re.compile(
    r"(?:(?:first|second|third|new|little|unborn|baby) )*(?P<who>son|daughter|baby boy|baby girl|baby|child)\b"
    r"(?P<when> in [A-Z]\w+)?",
)
_TO_COME = re.compile(
    r"\b(?:to be born|(?:be|being|is) born (?:in|next|soon)|unborn|"
    r"on the way(?! home\b| to\b| back\b| from\b| here\b| over\b| out\b)|is due (?:in|on|any|next)|"
    r"to arrive|"
    r"(?:we(?:'re| are)|i'?m|i am) having|pregnant with|due date|gives? birth)\b",
    re.IGNORECASE,
)


def _unborn(value: str, sentence: str) -> str:
    """Whom the user expects: "my baby son is to be born in May" has no son yet; "" where the child is there."""
    child = _A_CHILD.match(value)
    if not child or not _TO_COME.search(sentence) or (" due " in sentence and "baby" not in value):
        return ""
    if _BORN.search(sentence) or " and " in value:
        return ""
    return f"expecting a {child['who']}{child['when'] or ''}"


_BORN = re.compile(
    r"\b(?:was|were|has been|just) born\b|\b(?:another|sister|brother|sibling|party|problem|remember|when i|"
    r"years? ago)\b|"
    r"\b(?:was|were) (?:\w+ ){0,3}(?:pregnant|having|due)\b",
    re.IGNORECASE,
)
_DEAD = re.compile(r"(?:died|passed)\b", re.IGNORECASE)
_YEARS_OLD = re.compile(r"(?:\w+[ -]){1,3}years?[ -]olds?( and an? .*)?", re.IGNORECASE)


_AT_THE_TIME = re.compile(r" doing .*$")


def _of_a_child(value: str) -> str:
    """ "10 year old", read alone, says not who."""
    aged = _YEARS_OLD.fullmatch(_AT_THE_TIME.sub("", value))
    return f"child{'ren' if aged.group(1) else ''} ({aged.group()})" if aged else value


def _by_marriage(value: str, sentence: str) -> str:
    """ "My sister in law" is no sister."""
    if "law" not in sentence.lower():
        return value
    who, colon, said = value.partition(":")
    in_law = re.search(rf"\b{re.escape(who)}[- ]in[- ]laws?\b", sentence, re.IGNORECASE)
    return f"{who}-in-law{colon}{said}" if in_law else value


_BUSY = re.compile(r"(?!living|working|studying|turning)\w+ing ")  # "considering getting a cat"


_MOODS = alternatives("chill nice cool fun great awesome clean tired busy")
_OF_A_STATE = re.compile(
    rf"(?:(?:both|pretty|relatively|really|very|so|too|super|always|just) )+\w+$|(?:{_MOODS}|moved|left|came|went)$",
    re.IGNORECASE,
)


_HAPPENED = re.compile(  # once: "came home"
    r"(?:came|turned on|ran into|took|gave|brought|told|said|made|did|typed|saw|asked|fed|gonna|about to|all at|over|"
    r"basically|probably|like)\b(?! from)"
)
_LASTING_STATES = word_set(
    "pregnant married engaged divorced retired dead deaf blind autistic vegan vegetarian dyslexic adopted bilingual "
    "disabled diabetic bipolar epileptic paraplegic allergic unemployed deployed single widowed coeliac celiac "
    "pescatarian"
)


def _loose(detail: str) -> bool:
    mood = detail.isalpha() and detail.islower() and detail not in _LASTING_STATES  # "concerned"
    return (
        bool(detail)
        and not is_illness(detail)
        and (
            mood
            or _HAPPENED.match(detail) is not None
            or points(detail)
            or _BUSY.match(detail) is not None
            or feels(detail)
            or bool(stump(detail))
            or passes(detail)
            or _OF_A_STATE.match(detail) is not None
            or "next " in detail
            or has_finite_verb(detail)
            or " me" in detail
        )
    )
