"""The open frame: habits, abilities and events of a life that no closer frame reads: "I mentor teenagers".

Only verbs that tell of a life are taken; the value is the clause's own words.
"""

from collections.abc import Iterator

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.open_frames.passing import about_the_task, told, vague
from pipelines.language.embedded.frames.open_frames.telling import TELLING
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.lexicon import ELDERS, FAMILY, PETS
from pipelines.language.embedded.grammar.phrases import statement
from pipelines.language.embedded.grammar.verbs import inflect
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_HABITS = word_set(
    "mentor volunteer commute owe own foster homeschool breed rescue weigh rent donate worship belong moderate captain "
    "babysit farm herd chair sponsor pray fast weave carve weld sculpt quilt embroider brew ferment"
)
_OFTEN_DONE = word_set(
    "attend sleep wake exercise swim walk drive cycle fly lift eat drink cook"
)  # with a habit's time
_EVENTS = word_set(
    "serve graduate emigrate immigrate found publish survive inherit retire divorce enlist undergo lose adopt"
)
_GONE = {
    "leave": re.compile(r"[A-Z]|(?:my|the) (?:job|army|navy|air force|police|church|company|firm|band|team)\b"),
    "move": re.compile(r"(?:away |out )?(?:from|out of) [A-Z]"),
}
_LOSSES = alternatives("job home house licence license sight hearing business leg arm farm baby")
_LOST = re.compile(
    rf"(?:my|our) (?:\w+ ){{0,2}}?{_LOSSES}\b|"
    rf"(?:my|our) (?:\w+ )?(?:{'|'.join(sorted(FAMILY | ELDERS | PETS))})\b"
)
_UNDER_WAY = word_set("save foster homeschool rent train apprentice recover rebuild restore renovate")
_PERIODS = alternatives(
    "year month summer winter spring autumn fall january february march april may june july august september october "
    "november december"
)
_LASTING = re.compile(
    rf"\b(?:in (?:19|20)\d\d|since|ago|last {_PERIODS}|when i was|as a (?:child|kid|teenager|boy|girl)|"
    rf"for (?:\w+ ){{1,3}}(?:years?|decades?)|at (?:school|university|college|the age of|\d\d)|years)\b",
    re.IGNORECASE,
)
_REFRAINS = word_set("own drink eat smoke drive fly celebrate vote swear gamble date")
_CAN = word_set("play speak cook ride swim sing dance juggle sew knit weld sail ski surf skate drive")
_SKILL = re.compile(r"(?:the |an? )[a-z]+|[A-Z][a-z]+")  # "play the cello", "speak Welsh", not "play all day"
_WHOLE = word_set("drive swim walk hear smell bend kneel")
_CANNOT = word_set("drive swim eat drink tolerate handle walk hear smell fly bend kneel")
_KINDS: tuple[tuple[Category, frozenset[str]], ...] = (
    ("interest", word_set("weave carve weld sculpt quilt embroider brew ferment volunteer")),
)
_ALWAYS_TOLD = word_set("consult tutor lecture audit translate interpret cater represent")
_KEPT_UP = _HABITS | _ALWAYS_TOLD
_GERUNDS = {
    "weave": "weaving", "carve": "carving", "weld": "welding", "sculpt": "sculpting", "quilt": "quilting",
    "embroider": "embroidering", "brew": "brewing", "ferment": "fermenting", "volunteer": "volunteering",
}  # fmt: skip


def stated(clause: Clause) -> Iterator[Candidate]:
    """I mentor teenagers; I owe 18k in loans; I served in the navy in 2015; I'm saving for a deposit; I can't drive."""
    if clause.lemma not in _READ or clause.unreal or clause.used_to:
        return
    if not _may_hold(clause):
        return
    object_ = told(clause.rest)
    if (object_ and len(object_) < 3) or vague(object_) or about_the_task(object_):
        return
    if clause.negated or clause.modal:
        yield from _ability(clause, object_)
    elif _holds(clause, object_):
        form = _GERUNDS.get(clause.lemma) or (
            inflect(clause.lemma)[1] if clause.lemma in _KEPT_UP and clause.form == clause.lemma else clause.form
        )
        yield Candidate(_kind(clause.lemma), f"{form} {object_}".strip())


_READ = _HABITS | _EVENTS | _UNDER_WAY | _REFRAINS | _CAN | _CANNOT | _ALWAYS_TOLD | frozenset(_GONE)
VERBS = tuple(sorted(_READ))  # that this frame reads


def _may_hold(clause: Clause) -> bool:
    """Whether its tense allows what `_holds` and `_ability` look for: a look before the object is cut out."""
    if clause.negated or clause.modal:
        return not (clause.past or clause.perfect or clause.progressive)
    if clause.progressive:
        return not clause.was and clause.lemma in _UNDER_WAY
    if clause.past or clause.perfect:
        return clause.lemma in _GONE or clause.lemma in _EVENTS
    return clause.form == clause.lemma and clause.lemma in _KEPT_UP


def _holds(clause: Clause, object_: str) -> bool:
    """Whether verb, tense and words make it last: a habit, a state, or an event of a life."""
    if clause.progressive:
        return bool(object_) and not clause.was and clause.lemma in _UNDER_WAY
    if clause.past or clause.perfect:
        if clause.lemma in _GONE:
            return _GONE[clause.lemma].match(object_) is not None
        if clause.lemma == "lose" and not _LOST.match(object_):
            return False
        return clause.lemma in _EVENTS and (bool(_LASTING.search(clause.sentence)) or _personal(object_))
    if clause.form != clause.lemma or not object_:
        return False
    return clause.lemma in _KEPT_UP


def _personal(object_: str) -> bool:
    return bool(re.search(r"\b(?:my|our)\b|\b[A-Z][a-z]", object_))


def _ability(clause: Clause, object_: str) -> Iterator[Candidate]:
    if clause.past or clause.perfect or clause.progressive:
        return
    if (
        clause.negated
        and clause.modal in {"can", "could"}
        and clause.lemma in _CANNOT
        and (object_ or clause.lemma in _WHOLE)
    ):
        yield Candidate("life_context", f"cannot {clause.form} {object_}".strip())
    elif (
        clause.negated
        and not clause.modal
        and " my " not in clause.rest
        and clause.lemma in _REFRAINS
        and clause.form == clause.lemma
    ):
        kind: Category = "life_context" if clause.lemma == "own" else "preference"
        yield Candidate(kind, f"does not {clause.form} {object_}".strip())
    elif (
        not clause.negated
        and clause.who == "i"
        and clause.modal == "can"
        and clause.lemma in _CAN
        and _SKILL.match(object_)
    ):
        yield Candidate("life_context", f"can {clause.form} {object_}")


def _kind(lemma: str) -> Category:
    return next((kind for kind, lemmas in _KINDS if lemma in lemmas), "life_context")


_DREAM = re.compile(r"to (.+)")
_SOMEDAY = re.compile(r"\b(?:one day|some ?day|eventually|before i (?:die|turn))\b", re.IGNORECASE)


def dreamt(clause: Clause) -> Iterator[Candidate]:
    """I'd love to see the northern lights one day."""
    found = _DREAM.match(clause.rest.strip())
    if clause.modal == "would" and not clause.negated and found and _SOMEDAY.search(clause.sentence):
        what = statement(found.group(1), 12)
        if what.count(" ") > 1 and not about_the_task(what) and not vague(what.partition(" ")[2]):
            yield Candidate("life_context", f"would {clause.form} to {what}")


_THIRDS = {"go": "goes", "do": "does"}


def narrowly(clause: Clause) -> Iterator[Candidate]:
    """Common verbs that state a fact only with a telling object: do, go, take, keep, save."""
    telling = TELLING.get(clause.lemma)
    if not telling or clause.unreal or clause.used_to or clause.negated or clause.modal or clause.past or clause.was:
        return
    object_ = told(clause.rest)
    if telling.match(object_) and not vague(object_) and not about_the_task(object_):
        form = _THIRDS.get(clause.lemma) or inflect(clause.lemma)[1] if clause.form == clause.lemma else clause.form
        yield Candidate("life_context", f"{form} {object_}".strip())
