"""Favourites and fans without "I love": "raspberries are my favourite of all", "Leafs fan for forty years"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.stating import is_stated
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

FAVOURITE_WORDS = frozenset(["fav", "favs", "fave", "faves", "favorite", "favorites", "favourite", "favourites"])
FAN_WORDS = frozenset(["fan"])
_SAID_FIRST = r"\W*(?:(?:yeah|yes|yep|ah|oh|well|so|and|but|also|plus|hey|haha|honestly|btw|ok)[,!]? ){0,2}"
_NOT_NAMED = alternatives(
    "the that this these those they it he she which what who ones one both all some your yours his her their mine any "
    "everything things option options number version numbers first second third last latter former part parts days "
    "others people guys moments scenes episodes characters colors colours and or but reds blues greens weekends "
    "there here my our a an is are was not of in on"
)
_LIKED = rf"(?P<what>(?!{_NOT_NAMED}\b)[A-Za-z][\w+#'-]*(?: (?!{_NOT_NAMED}\b)[a-z][\w'-]*)?)"
_FAVOURITE = re.compile(
    rf"{_SAID_FIRST}{_LIKED} (?:is|are)(?: (?:still|by far|definitely|probably))? my "
    r"(?:(?:absolute|all[- ]time|big) )?"
    r"(?:(?:favs?|faves?)(?P<bare>)|favou?rites?(?: (?:of all(?: time)?|ever|in the (?:whole )?world)(?P<of>))?)"
    r"(?=\s*(?:$|[,.;!)]|(?:because|since|and|but|so|though|tho|lol|haha)\b))",
    re.IGNORECASE,
)
_MANY = re.compile(r"[a-z -]+[a-rt-z]s$")  # "raspberries", said of them all


def favourite(said: str, task: "re.Match[str] | None") -> Iterator[Candidate]:
    """One kind of thing that is liked best; of "Goofy is my favourite" only the chat knows what he is the best of."""
    found = _FAVOURITE.match(said)
    if found and task is None:
        every = found["of"] is not None or found["bare"] is not None
        if every or _MANY.fullmatch(found["what"]):
            yield Candidate("interest", found["what"])


_DEGREES = alternatives("a an big huge massive lifelong life-long die-hard diehard long-time longtime proud true loyal")
_HOW_LONG = (
    r"(?:since\b|for (?:\w+ ){1,3}(?:years|yrs|decades)|of (?:\w+ ){1,2}years|all my life|my (?:whole|entire) life|"
    r"from birth)"
)
_LASTING_FAN = re.compile(
    rf"(?:^{_SAID_FIRST}|\b(?:been|being|i'm|i am|im|as) )(?:{_DEGREES} ){{0,3}}"
    rf"(?P<what>(?!{_NOT_NAMED}\b)\w[\w'.&-]*(?: (?!{_NOT_NAMED}\b)\w[\w'.&-]*){{0,2}}?) fan {_HOW_LONG}",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"\b(?:he|she|he's|she's|they|they're|you|you're|who)\b", re.IGNORECASE)


def lasting_fan(said: str, task: "re.Match[str] | None") -> Iterator[Candidate]:
    """ "csk fan since I was 6", "being a Leafs fan for forty years is a sickness"."""
    found = _LASTING_FAN.search(said)
    if found and is_stated(said, found.start(), task) and not _OTHERS.search(said[: found.end()]):
        yield Candidate("interest", found["what"] if found["what"][-2:] != "'s" else "")


_SHOWN = alternatives(
    "football soccer sport(s) baseball basketball hockey cricket rugby tennis golf boxing wrestling tv television "
    "the_news news movies films anime cartoons youtube netflix reality_tv reality_shows soap_operas soaps politics"
)
_GENRES = alternatives("horror scary action superhero romantic violent american professional college marvel war sad")
_MUCH = alternatives("a_lot_of alot_of much many that_much that_many too_many too_much")
_OFTEN = alternatives("much that_much too_much a_lot often very_often")
_UNWATCHED = re.compile(
    rf"\s*(?P<much>{_MUCH} )?(?P<what>(?:{_GENRES} )?{_SHOWN})(?P<often> {_OFTEN})?(?: at all)?"
    r"(?=\s*(?:$|[,.;!)]|(?:because|but|so|and|lol)\b))",
    re.IGNORECASE,
)


def unwatched(clause: Clause) -> Iterator[Candidate]:
    """I don't watch football; I don't follow politics much."""
    found = _UNWATCHED.match(clause.rest) if clause.negated and not (clause.unreal or clause.modal) else None
    if found and clause.form == clause.lemma and not clause.perfect and not _DID.search(clause.sentence):
        much = " much" if found["much"] or found["often"] else ""
        yield Candidate("preference", f"does not {clause.lemma} {found['what']}{much}")


_DID = re.compile(r"\bdid(?:n't|nt)?\b", re.IGNORECASE)
