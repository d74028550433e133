"""The open frame: a first-person clause that no closer frame has read: "I mentor teenagers", "I owe 18k in loans".

It takes any verb but those of talk about the chat, the task or the moment; the value is the clause's own words.
"""

import re
from collections.abc import Iterator

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.open_frames.passing import about_the_task, is_habit, told, vague
from pipelines.language.embedded.frames.open_frames.telling import TELLING
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import statement
from pipelines.language.embedded.grammar.words import alternatives, word_set

# Talk about the chat or the moment: never a fact.
_TALK = word_set(
    "think know guess see mean understand wonder hope need want try say ask look seem suppose bet remember forget "
    "agree apologize apologise assume imagine wish notice thank note expect doubt figure paste copy attach upload "
    "click open type enter test debug execute compile receive change fix add remove put set provide show include "
    "update rewrite translate generate check confirm request refer suggest recommend continue proceed let hear tell "
    "find reckon appreciate realize realise happen appear insert delete select choose pick decide decided plan intend "
    "will feel call wait talk discuss mention explain describe read_ solve calculate compute print define declare "
    "propose quote beg insist refuse admit confess recall assume consider believe like love enjoy adore hate dislike "
    "detest loathe would could rather come prefer thought install download input output format replace turn give "
    "bring send share keep_ end stop do be have get go make made run take keep use_ import export reply respond "
    "answer correct question compare convert search google implement load parse save_ submit merge push pull commit "
    "deserve repeat promise swear lol also not just mean begin did am is are was were can may might must interested "
    "curious sorry track log monitor script automate deploy observe cherish produce perform act identify first second "
    "third next aim lastly switch migrate opt settle summarize summarise analyze analyse encounter face"
)
_EVENTS = word_set(
    "vote go run cook read leave quit join graduate win lose inherit buy sell marry divorce meet adopt break retire "
    "serve found publish climb visit travel live work undergo survive build cycle move grow study train convert "
    "resign relocate emigrate immigrate fall pay separate qualify enlist donate rescue teach play swim sail hike "
    "volunteer grow attend learn spend drop drive lead manage coach own write design launch start finish become"
)
_ACTIVE = word_set(
    "try look use think wonder ask see refer assume hope follow call test wait feel talk work write make get have do "
    "go learn plan consider read write"
)
_PERIODS = alternatives(
    "year month summer winter spring autumn fall week january february march april may june july august september "
    "october november december"
)
_SINCE = alternatives(
    "january february march april may june july august september october november december my_teens my_twenties "
    "my_thirties my_youth"
)
_LASTING = re.compile(
    rf"\b(?:in (?:19|20)\d\d|since|ago|last {_PERIODS}|when i was|as a (?:child|kid|teenager|boy|girl)|"
    rf"for (?:\w+ ){{1,3}}(?:years?|months?|decades?)|in {_SINCE}|at (?:school|university|college|the age of|\d\d)|"
    rf"(?:this|last) (?:spring|summer|autumn|winter|year)|growing up|years|recently)\b",
    re.IGNORECASE,
)
_REFRAINS = word_set(
    "own drink eat smoke drive fly celebrate watch wear cook trust sleep vote swear gamble exercise shop swim date "
    "travel listen play"
)
_CAN = word_set(
    "play speak cook ride swim sing dance juggle sew knit weld sail ski surf skate drive bake drum draw paint fly "
    "climb lift"
)
_CANNOT = word_set(
    "drive swim eat drink tolerate handle afford cook sing dance ride lift walk hear sleep digest smell climb fly ski "
    "whistle bend kneel sit"
)
_KINDS: tuple[tuple[Category, frozenset[str]], ...] = (
    (
        "interest",
        word_set(
            "collect play paint draw knit bake cook swim hike climb surf ski cycle jog run read watch listen sing dance"
        ),
    ),
    ("preference", word_set("use eat drink avoid favour wear buy drive")),
    ("occupation", word_set("consult tutor lecture teach audit translate interpret cater supervise oversee represent")),
)


def stated(clause: Clause) -> Iterator[Candidate]:
    """I mentor teenagers; I owe 18k in loans; I left the navy in 2015; I'm saving for a deposit; I can't drive."""
    if clause.lemma == "try":
        yield from _habit_tried(clause)
    elif clause.lemma == "want":
        yield from _wanted(clause)
    happened = (clause.past or clause.perfect) and clause.lemma in _EVENTS
    if (
        clause.unreal
        or clause.used_to
        or (clause.lemma in _TALK and not happened)
        or len(clause.lemma) < 3
        or clause.lemma.endswith("ly")
        or not (clause.negated or clause.modal or _may_hold(clause))
    ):
        return
    object_ = told(clause.rest)
    if object_ and len(object_) < 3:
        return
    if vague(object_) or about_the_task(object_):
        return
    if clause.negated or clause.modal:
        yield from _ability(clause, object_)
    elif _holds(clause, object_):
        yield Candidate(_kind(clause.lemma), f"{clause.form} {object_}".strip())


_TRIED_VERBS = alternatives(
    "avoid eat limit cut stay live exercise read walk cook drink sleep save spend keep_fit keep_kosher keep_active "
    "buy improve_my get_better_at meditate pray pay conceive adopt move_to move_out raise_my raise_our raise_a become "
    "run swim cycle lose quit speak practise practice learn"
)
_TRIED = re.compile(rf"to {_TRIED_VERBS}\b.*")


def _wanted(clause: Clause) -> Iterator[Candidate]:
    """I want to own a house one day."""
    found = _DREAM.match(clause.rest.strip())
    what = statement(found.group(1), 12) if found else ""
    if what and _LIFE.match(what) and not (clause.negated or clause.unreal or clause.past) and not about_the_task(what):
        yield Candidate("life_context", f"wants to {what}")


def _habit_tried(clause: Clause) -> Iterator[Candidate]:
    """I try to avoid sugar after six."""
    found = _TRIED.match(clause.rest.strip())
    if (
        clause.progressive
        and not clause.was
        and not clause.rest.lstrip().startswith(("to ", "out ", "different ", "all "))
    ):
        object_ = told(clause.rest)
        if object_ and not vague(object_) and not about_the_task(object_):
            yield Candidate("life_context", f"{clause.form} {object_}")
    if not found or clause.negated or clause.unreal or clause.past or clause.modal or clause.perfect or clause.was:
        return
    what = statement(found.group(), 12)
    if not about_the_task(what) and not vague(what.partition(" ")[2].partition(" ")[2]):
        yield Candidate("life_context", f"{clause.form} {what}")


def dreamt(clause: Clause) -> Iterator[Candidate]:
    """I'd love to see the northern lights one day."""
    found = _DREAM.match(clause.rest.strip())
    if clause.modal == "would" and not clause.negated and found:
        what = statement(found.group(1), 12)
        someday = re.search(
            r"\b(?:one day|some ?day|eventually|before i (?:die|turn))\b", clause.sentence, re.IGNORECASE
        )
        if (someday or _LIFE.match(what)) and not about_the_task(what) and not vague(what.partition(" ")[2]):
            yield Candidate("life_context", f"would {clause.form} to {what}")


_DREAM = re.compile(r"to (.+)")
_LIFE_VERBS = alternatives("visit live_in move_to travel become own open_a open_my retire climb run_a")
_LIFE = re.compile(
    rf"(?:{_LIFE_VERBS}|learn (?!more|how|about|the|what)|have (?:kids|children|a (?:dog|cat|family))|"
    rf"go (?:back )?to [A-Z]|see [A-Z]|work (?:in|at|for) [A-Z])",
)


def _may_hold(clause: Clause) -> bool:
    """What the verb group alone tells of `_holds`."""
    if clause.progressive:
        return not clause.was
    if clause.past or clause.perfect:
        return clause.lemma in _EVENTS
    return clause.form == clause.lemma and not clause.form.endswith("ed")


def _holds(clause: Clause, object_: str) -> bool:
    """Whether tense and words make it last: a habit, a state, or an event of a life."""
    if clause.progressive:
        named = clause.lemma in {"read", "watch"} and object_[:1].isupper()
        return bool(object_) and (named or clause.lemma not in _ACTIVE)
    if clause.past or clause.perfect:
        return bool(_LASTING.search(clause.sentence)) or _personal(object_)
    return bool(object_) or is_habit(clause) or "now" in clause.adverbs


_NUMBERS = alternatives("two three four five six seven eight nine ten dozens several a_new_job a_job a_business")
_COUNTED = re.compile(rf"\b(?:my|our)\b|\b[A-Z][a-z]|^(?:\d|{_NUMBERS}\b)|^out of (?:school|university|college|high)")


def _personal(object_: str) -> bool:
    return bool(_COUNTED.search(object_))


def _ability(clause: Clause, object_: str) -> Iterator[Candidate]:
    plain = not clause.past and not clause.perfect and not clause.progressive
    if clause.negated and plain and clause.modal in {"can", "could"} and clause.lemma in _CANNOT:
        yield Candidate("life_context", f"cannot {clause.form} {object_}".strip())
    elif clause.negated and plain and not clause.modal and clause.lemma in _REFRAINS:
        yield Candidate("preference", f"does not {clause.form} {object_}".strip())
    elif not clause.negated and plain and clause.modal == "can" and clause.lemma in _CAN:
        yield Candidate("life_context", f"can {clause.form} {object_}".strip())


def _kind(lemma: str) -> Category:
    return next((kind for kind, lemmas in _KINDS if lemma in lemmas), "life_context")


def narrowly(clause: Clause) -> Iterator[Candidate]:
    """Common verbs that state a fact only with a telling object: do, go, make, take, get, keep, use, read, save."""
    if clause.unreal or clause.used_to or clause.negated or clause.modal or clause.past or clause.was:
        return
    telling = TELLING.get(clause.lemma)
    object_ = told(clause.rest) if telling else ""
    if not telling or vague(object_) or about_the_task(object_):
        return
    if telling.match(object_) or (clause.lemma in _WITH_HABIT and is_habit(clause) and object_):
        yield Candidate(_kind(clause.lemma), f"{clause.form} {object_}".strip())


_WITH_HABIT = word_set("do go make take get use read run")
