"""Open frame of "I have ...", by shape: "bad knees", "a joint account", "had a stroke in 2020"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import noun_phrase, statement
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_HAD_EVENTS = alternatives(
    "stroke heart_attack surgery operation miscarriage(s) transplant c-section bypass hysterectomy cancer concussion "
    "hip_replacement knee_replacement breakdown"
)
_HAD = re.compile(rf"(?:\w+ )?(?:an? |my |two |three |\d+ )?(?:[\w-]+ )?(?:{_HAD_EVENTS}|chemo\w*)\b", re.IGNORECASE)
_OWN = alternatives(
    "knee(s) back hip eyesight hearing hair skin eyes shoulders posture teeth joint_account account visa citizenship "
    "passport licence license mortgage debt debts savings pension scholarship degree diploma phd background experience "
    "allergy intolerance phobia stutter lisp disability diagnosis condition pacemaker implant prosthesis prosthetic "
    "wheelchair scar tattoo tattoos piercing piercings siblings stepchildren allotment greenhouse workshop garden boat "
    "cabin motorbike motorcycle telescope collection accent dyslexia autism adhd anxiety depression insomnia"
)
_HAVE = re.compile(rf"(?:an? |my own |our own )?(?:[\w$£€+-]+ ){{0,3}}?{_OWN}\b", re.IGNORECASE)
_YEARS = re.compile(r"(?:over |about |around )?\w+ years(?: of|') experience\b", re.IGNORECASE)
_PETS = alternatives(
    "german_shepherd golden_retriever border_collie labrador husky poodle beagle corgi dachshund terrier spaniel "
    "greyhound bulldog pug chihuahua rottweiler dalmatian"
)
_PET = re.compile(rf"(?:an? |two |three )(?:[\w-]+ ){{0,2}}?{_PETS}s?\b", re.IGNORECASE)
_HIVES = re.compile(r"(?:\d+|an?|two|three|four|five|six|some|several|many|my) (?:\w+ )?(?:bee)?hives\b")
_NOTHINGS = alternatives(
    "question problem issue feeling idea chance good great hard tough new nice bad_memory lot_of_experience "
    "bad_experience"
)
_HAVE_NOT = re.compile(rf"(?:an? )?(?:\w+ )?{_NOTHINGS}\b", re.IGNORECASE)


def having(clause: Clause) -> Iterator[Candidate]:
    """I have bad knees; we have a joint account; I had a stroke in 2020; I have a German Shepherd."""
    if clause.unreal or clause.used_to or clause.modal or clause.negated:
        return
    rest = re.sub(r"^\s*got\b\s*", "", clause.rest).strip()
    if rest.startswith("the "):
        return
    if clause.past or clause.form == "had":
        if _HAD.match(rest):
            yield Candidate("life_context", f"had {statement(rest, 9)}")
    elif not clause.progressive and _HIVES.match(rest):
        yield Candidate("interest", "beekeeping")
    elif not clause.progressive and _PET.match(rest):
        yield Candidate("relationship", re.sub(r"^an? ", "", noun_phrase(rest, 7)))
    elif not clause.progressive and (_YEARS.match(rest) or (_HAVE.match(rest) and not _HAVE_NOT.match(rest))):
        yield Candidate("life_context", f"has {re.sub(r'^an? ', '', noun_phrase(rest, 9))}")


def got(clause: Clause) -> Iterator[Candidate]:
    """I've got a bad back."""
    if clause.perfect and clause.form == "got" and not clause.was:
        yield from having(clause._replace(lemma="have", form="have", perfect=False))
