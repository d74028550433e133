"""Kin and animals with their names: "Darren's my husband", "my sister priyanka is ...", "the twins, Liv and Jonas"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.life.given_names import GIVEN_NAMES, PET_NAMES
from pipelines.language.embedded.grammar.stating import is_stated
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_KIN = (
    "husband wife hubby partner boyfriend girlfriend fiance fiancee son daughter brother sister stepson stepdaughter "
    "nephew niece grandson granddaughter cousin mother father mum mom dad grandmother grandfather grandma grandpa nan "
    "grandad granddad uncle aunt auntie roommate flatmate housemate"
)
_ANIMALS = "dog cat puppy kitten pup horse rabbit hamster parrot"
_MANY = "twins kids children boys girls sons daughters dogs cats"
KIN_WORDS = word_set(f"{_KIN} {_ANIMALS} {_MANY}")
_OLDER = r"(?:(?:older|younger|little|big|elder|eldest|oldest|youngest|twin|middle|late) )?"
_NO_NAMES = (
    "This That She He It Who Here Which Today God Jesus What They These Those There Mum Mom Dad Mother Father Lord "
    "Love Yes No Everyone Nobody Someone Music"
)
_AFTER_KIN = alternatives("and he she who so but he's she's is has lives works")
_IS_MY = re.compile(
    rf"(?:^|[.;,] |\b(?:and|because|yes|so) )(?!{alternatives(_NO_NAMES)}\b)"
    rf"(?P<name>(?-i:[A-Z][a-z]+))(?:'s| is) my "
    rf"(?P<who>{_OLDER}{alternatives(f'{_KIN} {_ANIMALS}')})\b"
    rf"(?=\W*$|[,.;!)]| {_AFTER_KIN}\b)",
    re.IGNORECASE,
)
_AFTER_A_NAME = alternatives(
    "is was has and lives works got just wants loves likes said says hes shes he's she's who who's will can went in "
    "from at to for on with gets did does sent gave made told asked ate came left moved keeps kept thinks wants texted "
    "called calls wrote bought lost found are were wont won't cant can't would could plays"
)
_SMALL = re.compile(
    rf"\bmy (?P<who>{_OLDER}{alternatives(f'{_KIN} {_ANIMALS}')}),? (?P<name>[a-z]{{3,12}})"
    rf"(?=\W*$|[,.;!)]|'s\b| {_AFTER_A_NAME}\b)"
)
_APART = re.compile(
    rf"\b(?:the|my|our) (?P<who>{alternatives(_ANIMALS)})(?: of course| too| as well| along)?, (?P<name>[A-Z][a-z]+),? "
    r"(?:(?:he|she)(?:'s| is)|who is|who's|an? [a-z]+)\b"
)
_AFTER_THEM = alternatives("are have start go love both will can want need")
_THEM = re.compile(
    rf"\b(?:[Tt]he|[Mm]y|[Oo]ur) (?P<who>{alternatives(_MANY)}),? (?:are )?"
    r"(?P<names>[A-Z][a-z]+(?:, [A-Z][a-z]+)?,? and [A-Z][a-z]+)"
    rf"(?=\W*$|[,.;!)]| {_AFTER_THEM}\b)"
)
_SELVES = alternatives("i i'm i'd i've i'll my we we're we've our us me")
_OURSELVES = re.compile(rf"\b{_SELVES}\b", re.IGNORECASE)
_LATE = re.compile(r"\b(?:died|passed|late|ex|used to|no longer)\b", re.IGNORECASE)


def named(said: str, task: "re.Match[str] | None") -> Iterator[Candidate]:
    """`said` is what a sentence states, `task` its order, if any."""
    if task is not None or _LATE.search(said):
        return
    found = _IS_MY.search(said) if " my " in said else None
    if found and is_stated(said, found.start("name"), task):
        yield Candidate("relationship", f"{found['who']} {found['name']}")
    for small in _SMALL.finditer(said):
        known = GIVEN_NAMES | PET_NAMES if small["who"] in _ANIMALS.split() else GIVEN_NAMES
        if small["name"] in known and is_stated(said, small.start(), task):
            yield Candidate("relationship", f"{small['who']} {small['name'].capitalize()}")
    pet = _APART.search(said)
    if pet and is_stated(said, pet.start(), task) and _OURSELVES.search(said):
        yield Candidate("relationship", f"{pet['who']} {pet['name']}")
    them = _THEM.search(said)
    if them and is_stated(said, them.start(), task) and _OURSELVES.search(said):
        yield Candidate("relationship", f"{them['who']} {them['names']}")
