"""What the user makes."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import bare, noun_phrase, statement
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_DETERMINERS = alternatives("a an my our my_own our_own the_first this two three another some new")
_MADE_THINGS = alternatives(
    "app application website site game novel book memoir thesis dissertation paper blog podcast startup company "
    "business platform tool bot chatbot library framework system service api plugin extension robot drone device "
    "monitor dashboard course curriculum album song ep film movie documentary screenplay comic series newsletter "
    "house shed cabin boat treehouse deck keyboard telescope van kitchen garden greenhouse compiler language engine "
    "model database pipeline tracker planner marketplace shop store channel zine board_game prototype product project "
    "portfolio cookbook collection trilogy musical opera play exhibition festival conference guitar network simulator "
    "editor generator scraper cli workshop brand line_of event campaign study survey calculator quilt table bench "
    "station crate tui platformer roguelike shooter mod"
)
_OBJECT = re.compile(
    rf"^\s*(?:out |up |together )?{_DETERMINERS}\s+(?:\w[\w'-]*[\s,]+){{0,6}}?(?:{_MADE_THINGS}|synth\w*)\b",
    re.IGNORECASE,
)
_SMALL_THINGS = alternatives(
    "script function class program code query test regex macro formula loop list letter email essay report presentation"
)
_SMALL = re.compile(rf"^\s*(?:a|an|the|some|my|this)\s+(?:\w+ ){{0,2}}?{_SMALL_THINGS}\b", re.IGNORECASE)
_ACTIVITY = re.compile(r"\s*(?:to\s|(?!building|writing|designing|making|developing|creating)[a-z]+ing\b)")


def make(clause: Clause) -> Iterator[Candidate]:
    """I'm building a recipe app for people with kidney disease; we launched a newsletter."""
    if clause.negated or clause.unreal or clause.used_to or (clause.modal and not clause.going):
        return
    rest = clause.rest
    if not (
        clause.progressive or clause.perfect or clause.past or clause.form in {"wrote", "built", "made", "putting"}
    ):
        yield from _trade(clause)
    elif clause.lemma in {"renovate", "restore"} and clause.progressive and re.match(r"\s*(?:an?|my|our|the)\s", rest):
        yield Candidate("project", f"{clause.form} {noun_phrase(rest, 8)}", statement(rest, 14))
    elif _is_work(clause):
        yield Candidate("project", bare(noun_phrase(re.sub(r"^\s*together\b", "", rest), 12)), statement(rest, 14))


def _is_work(clause: Clause) -> bool:
    """Whether what is made is a piece of work: not a task of the moment, nor what was merely begun or done once."""
    rest, named = clause.rest, _named(clause.rest)
    if clause.lemma == "put" and not re.match(r"\s*together\b", rest):
        return False
    if _ACTIVITY.match(rest) or _SMALL.match(rest) or not (named or _OBJECT.match(rest)):
        return False
    return named or not (
        clause.past and clause.lemma in {"write", "make", "create", "begin", "start", "finish", "plan"}
    )


def _named(rest: str) -> bool:
    return bool(re.search(r"\b(?:called|named|titled|codenamed)\s+[\"A-Z]", rest[:90]))


_WORKS = alternatives(
    "books novels songs software bridges games websites apps poetry poems music furniture clothes comics articles "
    "jewellery jewelry films textbooks plays firmware"
)
_MADE = re.compile(rf"(?:[\w'-]+ ){{0,3}}{_WORKS}\b")


def _trade(clause: Clause) -> Iterator[Candidate]:
    """I write children's books; I design bridges: a standing occupation."""
    if clause.form != clause.lemma:
        return
    what = noun_phrase(clause.rest, 6)
    if (
        clause.who == "i"
        and clause.lemma in {"develop", "design", "write", "build", "maintain", "compose"}
        and _MADE.match(what)
    ):
        yield Candidate("interest", f"{clause.lemma.removesuffix('e')}ing {what}")


_NOT_LEARNT_WORDS = alternatives("about how more that it from this what a_lot something")
_NOT_LEARNT = re.compile(
    rf"(?:{_NOT_LEARNT_WORDS}|the (?!(?!basics|ropes|difference|code|language|syntax|material)\w+$)|"
    rf"new (?:things|stuff|ways?|skills?)|to (?:use|understand|get|write|do|make|deal))\b",
)


def learn(clause: Clause) -> Iterator[Candidate]:
    """I'm learning Rust; I've been learning to swim."""
    long = clause.form == "learn" and " since " in clause.rest  # "I learn calligraphy since 2018"
    if clause.negated or clause.unreal or not (clause.progressive or long) or clause.used_to:
        return
    rest = re.sub(r"^\s*(?:how )?to\s+(?=\w)", " to ", clause.rest)
    what = noun_phrase(rest.partition(" since ")[0], 6)
    if what and not _NOT_LEARNT.match(what):
        yield Candidate("interest", f"learning {what}")


_OF_A_COUNTRY = re.compile(
    r"\bspeak\w* .*\b(?:here|(?-i:in (?:the )?[A-Z]))|\b(?:this|our|the) (?:country|nation|state|land|place)\b|"
    r"\bthis is (?:the )?(?-i:[A-Z])",
    re.IGNORECASE,
)  # "We speak English here"


def speak(clause: Clause) -> Iterator[Candidate]:
    """I speak Tagalog and a bit of Spanish."""
    if clause.negated or clause.unreal or clause.past or clause.modal in {"will", "must", "should"}:
        return
    if clause.who == "we" and _OF_A_COUNTRY.search(clause.sentence):
        return
    what = statement(clause.rest, 9)
    if re.match(
        r"(?:fluent |native |some |basic |only |a (?:bit|little) (?:of )?|decent |both |mostly )*[A-Z][a-z]+", what
    ):
        yield Candidate("life_context", f"speaks {what}")
