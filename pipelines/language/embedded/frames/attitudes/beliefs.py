"""What the user holds to be true or good."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import noun_phrase, statement
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_OPENINGS = alternatives("so not you're we're he's she's they're one_of_the one_of_my")
_MATTERS = alternatives(
    "problem issue bug error answer question code second first last third previous line function result output reason "
    "file main best_way best_option following correct right formula equation one"
)
_CHAT = re.compile(
    rf"^\s*(?:that\s+)?(?:"
    rf"it(?:'s| is| was| will| would| has| might| could| should| works?| looks?| sounds?| makes| depends)?\b|"
    rf"that(?:'s| is| works| was)\b|this\b|you\b|there(?:'s| is| are| was)\b|i\b|i'(?:m|ll|ve|d)\b|we\b|"
    rf"the {_MATTERS}\b|he\b|she\b|they\b|{_OPENINGS}|about\b|of\b|my\b|your\b|what\b|these\b|those\b|maybe\b|"
    rf"something\b|someone\b|line\b|step\b|number\b|option\b|a (?:good|better)\b|an? \w+ (?:bug|error|issue)|"
    rf"more about\b|twice\b|back\b|outside\b|through\b|again\b|in (?:line|step|terms)\b|here\b|if\b|when\b|"
    rf"every time\b|yes\b|no\b|\d|some(?:one|thing) |the (?:user|app|server|database|test)\b)",
    re.IGNORECASE,
)
_BUG = re.compile(r"\b(?:bug|error|typo|mistake|line \d|code|function|variable|missing|broken|file)\b", re.IGNORECASE)
_VERBS = alternatives(
    "is are isn't aren't was were be should shouldn't must can can't cannot will won't does do don't doesn't has have "
    "make(s) need(s) deserve(s) matter(s) belong(s) ruin(s) kill(s) beat(s) come(s) take(s) work(s) help(s) teaches "
    "bring(s) lead(s) outweigh(s) ought would get(s) give(s) start(s) cause(s) require(s)"
)
_VERB = re.compile(rf"\b(?:{_VERBS}|\w+s)\b", re.IGNORECASE)


_DEMANDS = re.compile(
    r"\b(?:should(?:n't)?|must|ought|deserves?|never|always|more harm|matters?|overrated|underrated|"
    r"the (?:only|best) way|wrong|immoral|unethical|a right|human right)\b",
    re.IGNORECASE,
)


def believe(clause: Clause) -> Iterator[Candidate]:
    """I believe that cities belong to pedestrians; I don't believe in astrology; I think homework does more harm."""
    if (
        clause.unreal
        or clause.past
        or clause.used_to
        or clause.progressive
        or clause.perfect
        or clause.modal in {"can", "must", "will"}
    ):
        return
    rest = clause.rest
    inside = re.match(r"\s*in\s+(.+)", rest, re.IGNORECASE)
    if clause.lemma == "believe" and inside:
        what = statement(inside.group(1), 14)
        if what and not re.match(r"(?:you|me|us|him|her|it|this|that|myself|yourself|them)\b", what):
            yield Candidate("belief", f"{'does not believe' if clause.negated else 'believes'} in {what}")
        return
    if clause.lemma == "feel" and not re.match(r"\s*(?:that|like|strongly|it is|it's|people|we|as if)\b", rest):
        return
    strong = bool(
        {"strongly", "firmly", "truly", "really", "genuinely", "honestly", "personally", "always", "deeply"}
        & set(clause.adverbs)
    ) or (clause.lemma == "believe" and re.match(r"\s*that\b", rest) is not None)
    text = re.sub(r"^\s*(?:like|strongly|that)\b(?!')", " ", rest)
    if strong or _DEMANDS.search(statement(text, 22)):  # "I think that's great" is said of the moment
        yield from opinion(text, negated=clause.negated, strong=strong)


def opinion(text: str, *, negated: bool = False, strong: bool = False) -> Iterator[Candidate]:
    """A general statement; what is said about the chat itself ("it works", "the bug is in line 3") is none."""
    what = statement(text, 22)
    if len(what.split()) < 3 or _CHAT.match(what) or not _VERB.search(what):
        return
    if re.search(r"\b(?:with|to|from) you\b|\byour (?:answer|help|advice|response|suggestion)", what):
        return
    if re.match(r"the\b", what, re.IGNORECASE) and not re.search(
        r"\b(?:should|shouldn't|must|ought|needs? to|deserves?)\b", what
    ):
        return
    if re.search(r"\b(?:is|are|was)(?: not|n't)? (?:correct|wrong|right|true|incorrect|false)\b|[\"=]", what):
        return
    if _BUG.search(what) and not strong:
        return
    yield Candidate("belief", f"does not think {what}" if negated else what)


_REFERENCES = alternatives("it this that you your my_mother my_mom my_father my_grandmother a what how if")
_NOT_TRUSTED = re.compile(rf"(?:{_REFERENCES}|the (?:format|order|following|type|output))\b")


_CLUB_NAMES = (
    "arsenal chelsea liverpool everton man_united man_utd man_city manchester_united manchester_city tottenham spurs "
    "newcastle leeds leeds_united aston_villa west_ham leicester southampton crystal_palace brighton wolves burnley "
    "sunderland fulham brentford nottingham_forest norwich watford derby celtic rangers hibs hearts aberdeen swansea "
    "cardiff_city wrexham barcelona barca real_madrid atletico_madrid juventus inter_milan ac_milan napoli roma "
    "benfica sporting porto ajax feyenoord psv bayern bayern_munich borussia_dortmund dortmund schalke psg marseille "
    "galatasaray fenerbahce besiktas boca_juniors river_plate flamengo corinthians palmeiras"
)
_CLUB = re.compile(rf"{alternatives(_CLUB_NAMES)}(?: fc)?$", re.IGNORECASE)


def value(clause: Clause) -> Iterator[Candidate]:
    """I value honesty; I care about animal welfare; I support open borders; I'm against X is a copula frame."""
    if clause.unreal or clause.past or clause.used_to or clause.modal or clause.progressive or clause.who != "i":
        return
    rest = clause.rest
    about = re.match(r"\s*(?:\w+ ){0,3}(?:about|for)\s+(.+)", rest, re.IGNORECASE) if clause.lemma == "care" else None
    if clause.lemma == "care" and not about:
        return
    if clause.lemma == "oppose" and clause.negated:
        return
    what = noun_phrase(about.group(1) if about else rest, 10)
    if not what or _NOT_TRUSTED.match(what) or re.match(r"(?:his|her|their|its|each|one another)\b", what):
        return
    verb = {
        "value": "values",
        "care": "cares about",
        "support": "supports",
        "oppose": "opposes",
        "trust": "trusts",
        "appreciate": "appreciates",
    }[clause.lemma]
    negative = {
        "value": "does not value",
        "care": "does not care about",
        "support": "does not support",
        "trust": "does not trust",
    }
    if clause.lemma == "appreciate" and re.match(r"(?:the (?:help|response|answer)|any|some|help|if|all)\b", what):
        return
    if clause.lemma == "support" and (club := _CLUB.match(what)):
        yield from () if clause.negated else (Candidate("interest", club.group()),)
        return
    yield Candidate("belief", f"{negative.get(clause.lemma, verb) if clause.negated else verb} {what}")
