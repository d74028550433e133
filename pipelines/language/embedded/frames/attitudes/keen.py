"""What the user says to be keen on, for, against, or afraid of: "I'm into birding", "I'm against zoos"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.attitudes.beliefs import opinion
from pipelines.language.embedded.frames.attitudes.tastes import EMPTY
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import items, noun_phrase, statement
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_DEGREES = alternatives("really very super also big so pretty deeply heavily all")
_KEEN_ON = alternatives(
    "into keen_on fond_of passionate_about obsessed_with crazy_about mad_about interested_in fascinated_by hooked_on "
    "addicted_to big_on enthusiastic_about nuts_about"
)
_INTO = re.compile(
    rf"^\s*(?:{_DEGREES}\s+)*(?:"
    rf"{_KEEN_ON}|a (?:big |huge |massive |die-?hard |lifelong |long-?time )?(?:fan|lover|supporter|follower) of|"
    rf"(?:big |huge |massive |lifelong )?fans? of)\s+(.+)",
    re.IGNORECASE,
)
_ENTHUSIAST_DEGREES = alternatives(
    "a(n) the bonafide die(-)hard big huge avid keen amateur hobby passionate casual serious competitive devoted "
    "also long(-)time lifelong "
    "proud total massive real true voracious bigger"
)
_ENTHUSIASTS = alternatives(
    "hiker climber runner cyclist swimmer gamer reader birder birdwatcher bookworm foodie angler collector surfer "
    "skier knitter painter photographer gardener cook baker enthusiast buff nerd geek fan lover fanatic aficionado "
    "player traveller traveler hobbyist homebrewer woodworker chess_player beekeeper astronomer musician guitarist "
    "pianist drummer singer"
)
_ENTHUSIAST = re.compile(
    rf"^\s*(?:{_ENTHUSIAST_DEGREES}\s+){{1,3}}((?:[\w-]+ ){{0,3}}?{_ENTHUSIASTS}"
    r"(?: (?:about|of|for) (?!(?:\w+ ){0,3}(?:years|yrs|decades|ages|life|long)\b)[\w -]{3,30})?)\b",
    re.IGNORECASE,
)
_FEARS = re.compile(r"^\s*(?:\w+ ){0,2}?(?:afraid|scared|terrified) of\s+(.+)", re.IGNORECASE)
_PASSING_WORDS = alternatives(
    "trying discussing finding doing having being trouble problem working_with learning_how learning_more buying "
    "getting hearing knowing your applying coming_to"
)
_PASSING = re.compile(rf"(?:a |the )?{_PASSING_WORDS}")

_WHO_THAT_IS = re.compile(r"(?<=[a-z]), (?:the|an?) (?=[a-z]).*")  # "Marie Curie, the physicist and a winner of ..."
_FOR_NOW = re.compile(r"\b(?:just (?:i'?m|i am|am) |right now|for now|at the moment)", re.IGNORECASE)
_KNOWN_THINGS = alternatives("outdoors sea ocean arts theatre theater cinema")
_POINTED = re.compile(rf"(?:this|that|these|those|your|his|her|their|its|the (?!{_KNOWN_THINGS}\b)[a-z])")


def keen(clause: Clause) -> Iterator[Candidate]:
    found = _INTO.match(clause.rest)
    passing = clause.who == "we" or (found and re.match(r"(?:an?|the|further|more)\b", found.group(1)))
    if found and (_POINTED.match(found.group(1)) or EMPTY.match(found.group(1))):
        return
    if found and "only" in clause.adverbs:  # "I'm only interested in brass": of what was offered
        return
    if (
        found
        and "interested" in found.group().lower()
        and (passing or "just" in clause.adverbs or _FOR_NOW.search(clause.sentence))
    ):
        return
    if found:
        named = found.group(1)[:1].isupper()
        for what in items(_WHO_THAT_IS.sub("", found.group(1)) if named else found.group(1)):
            if not EMPTY.match(what) and not _PASSING.match(what):
                yield Candidate("interest", re.sub(r"^the (?=[a-z])", "", what))
        return
    hobby = _ENTHUSIAST.match(clause.rest)
    if hobby:
        yield from _enthusiast(hobby, clause)
    yield from _sides(clause)


_OF_WHAT = re.compile(r"(.+?) (?:fan|lover|enthusiast|buff|nerd|geek|fanatic|aficionado|player|hobbyist)$")
_LONE = re.compile(r"(?:fan|lover|enthusiast|buff|nerd|geek|fanatic|player|hobbyist)$")
_NAMES = {"workout": "working out", "health": "healthy living", "outdoor": "outdoors"}
_COUNTABLE = alternatives(
    "cat dog horse bird shark dolphin bear lion tiger penguin dinosaur animal game movie film book "
    "car train plane comic motorbike plant musical podcast"
)
_COUNTED = re.compile(rf"\b{_COUNTABLE}$")  # "a cat fan" likes cats
_TEAM_WORDS = (
    "bear lion tiger dolphin eagle falcon raven panther ram colt bronco bengal seahawk cardinal jaguar bull buck "
    "hornet hawk raptor timberwolve pelican bruin penguin shark duck coyote blackhawk predator cub marlin oriole "
    "diamondback ray cowboy giant jet saint chief charger raider steeler packer viking brown texan titan bill "
    "commander patriot buccaneer laker celtic warrior net knick clipper king sun spur rocket maverick nugget "
    "blazer piston cavalier cav pacer yankee dodger met phillie brave astro ranger angel mariner twin royal "
    "brewer red pirate padre rockie national gunner wolverine gator longhorn sooner buckeye hoosier badger "
    "bulldog canuck islander devil flyer saber senator oiler flame shark star wildcat hawkeye"
)
_TEAMS = word_set(" ".join(f"{word}s" for word in _TEAM_WORDS.split()))
_FOR_FUN = re.compile(
    r"\s*(?:an? |also |the )*(?:avid|keen|amateur|hobby|passionate|casual|big|huge|serious)\b", re.IGNORECASE
)


_DONE_WITH = re.compile(r"((?:[a-z]+ )?[a-z]+) player")
_DOING = {"reader": "reading", "gamer": "gaming", "cook": "cooking", "baker": "baking"}


def _enthusiast(hobby: "re.Match[str]", clause: Clause) -> Iterator[Candidate]:
    """ "A big soccer fan" is keen on soccer; "a musician" has a trade (read elsewhere)."""
    what = hobby.group(1)
    if done := _DONE_WITH.fullmatch(what):
        yield Candidate("interest", f"playing {done.group(1)}")
        return
    if what in _DOING:
        yield Candidate("interest", _DOING[what])
        return
    of_what = _OF_WHAT.fullmatch(what)
    if of_what and what.endswith(" fan") and of_what.group(1).lower() in _TEAMS:
        yield Candidate("interest", what)  # "bears", read alone, would be animals
    elif of_what:
        yield Candidate("interest", _NAMES.get(of_what.group(1)) or _COUNTED.sub(r"\g<0>s", of_what.group(1)))
    elif _FOR_FUN.match(clause.rest) and not _LONE.fullmatch(what):
        yield Candidate("interest", what)


_STANCES = alternatives(
    "against opposed_to in_favo(u)r_of convinced(_that) of_the_opinion(_that) skeptical_of sceptical_of pro- "
    "certain_that"
)
_STANCE = re.compile(rf"\s*(?:strongly |totally |firmly |completely )?({_STANCES})\s*(.+)", re.IGNORECASE)


def _sides(clause: Clause) -> Iterator[Candidate]:
    """I'm against zoos; I'm convinced that ...; I'm afraid of heights."""
    against = _STANCE.match(clause.rest)
    if against:
        word, what = against.group(1).lower(), statement(against.group(2), 16)
        if word.startswith(("convinced", "of the", "certain")):
            yield from opinion(against.group(2), strong=True)
        elif what and not re.match(r"(?:it|this|that|a wall|the clock|you)\b", what):
            yield Candidate("belief", f"{word} {what}")
    fears = _FEARS.match(clause.rest)
    if (
        fears
        and (what := noun_phrase(fears.group(1), 6))
        and not re.match(r"(?:it|this|that|the (?:result|answer)|breaking|losing)\b", what)
    ):
        yield Candidate("life_context", f"afraid of {what}")
