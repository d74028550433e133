"""What the user does for fun."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.attitudes.tastes import EMPTY
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.occupation.work import without_duration
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import items, noun_phrase, one_clause
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_AMOUNTS = alternatives(
    "wheelchair beach indoor five-a-side walking a_lot_of lots_of mostly some lots a_bit_of a_little in_a(n) the "
    "a(n) competitive amateur old vintage my"
)
_PLAYED = alternatives(
    "oud sitar tabla bodhrán bodhran tin_whistle recorder bagpipes mandolin lute bouzouki koto shamisen kora "
    "balalaika trombone tuba french_horn horn double_bass bassoon timpani marimba xylophone cajon djembe lyre "
    "fiddle concertina netball hurling camogie futsal pétanque petanque boules croquet floorball curling backgammon "
    "warhammer left_back right_back centre_back left_wing right_wing midfield goalkeeper point_guard fly(-)half "
    "scrum(-)half guitar piano violin cello drum(s) bass flute saxophone sax clarinet trumpet harp ukulele banjo "
    "accordion organ keyboard viola oboe harmonica chess poker bridge football soccer basketball tennis badminton "
    "volleyball cricket rugby hockey golf squash baseball handball softball table_tennis ping-pong ping_pong "
    "pickleball padel darts pool snooker billiards lacrosse water_polo video(_)game(s) game(s) board_game(s) "
    "card_game(s) dungeons d&d dnd rpg(s) minecraft mahjong scrabble in_a in_an in_the in_my frisbee ultimate "
    "sport(s) music for_a for_an for_my five-a-side five_a_side 5-a-side 5_a_side 7-a-side 5_aside"
)
_HOBBY_OBJECT = re.compile(
    rf"^\s*(?:{_AMOUNTS}\s+)*(?:go\b|{_PLAYED}|with (?:a|an) (?:band|orchestra|team))",
    re.IGNORECASE,
)


def _gerunds(pairs: str) -> Iterator[tuple[str, str]]:
    for pair in pairs.split():
        verb, gerund = pair.split(":")
        yield verb, gerund


_GERUND = dict(
    _gerunds(
        "knit:knitting bake:baking cook:cooking paint:painting draw:drawing garden:gardening sing:singing "
        "dance:dancing swim:swimming hike:hiking climb:climbing surf:surfing ski:skiing cycle:cycling "
        "jog:jogging fish:fishing hunt:hunting brew:brewing sew:sewing crochet:crocheting bike:biking "
        "sail:sailing meditate:meditating row:rowing box:boxing ride:riding restore:restoring "
        "collect:collecting play:playing practice:practising practise:practising photograph:photographing "
        "skate:skating snowboard:snowboarding kayak:kayaking juggle:juggling whittle:whittling forage:foraging "
        "watch:watching read:reading follow:following travel:travelling listen:listening "
    )
)
_HABIT_TIMES = alternatives(
    "every most each at_the_moment currently right_now these_days lately mostly mainly on_weekend(s) on_the_weekend "
    "at_weekend(s) at_the_weekend(s) in_my_spare(_)time in_my_free(_)time in_my_down(_)time daily weekly regularly "
    "as_a_hobby for_fun often a_lot since after_work before_work"
)
_HABIT = re.compile(
    rf"\b(?:{_HABIT_TIMES}|in the (?:evenings?|mornings?)|for (?:\w+ ){{1,2}}years|"
    rf"(?:once|twice|three times) a (?:week|month)|on (?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b"
)
_GO = re.compile(
    r"^\s*(?:out\s+)?("
    r"[a-z]+ing|for (?:long |morning |evening )?(?:runs|walks|hikes|swims|rides|bike rides)|"
    r"to (?:the )?(?:gym|concerts|yoga|church|theatre|museums|choir)\b)(.*)",
    re.IGNORECASE,
)
_LASTING = re.compile(r"\b(?:since|for (?:\w+ ){1,3}(?:years|decades)|all my life)\b")


def pastime(clause: Clause) -> Iterator[Candidate]:
    """I play the cello; I knit; I collect stamps; I go climbing every week."""
    if clause.negated or clause.unreal or clause.past or clause.modal or clause.used_to:
        return
    if _is_over(clause) or (clause.lemma in _GERUND and _IS_A_NOUN.match(clause.rest)):
        return
    if clause.lemma == "go":
        yield from () if clause.progressive else _outing(clause)
    elif clause.lemma == "play":
        yield from _played(clause.rest)
    elif clause.lemma in {"practice", "practise", "restore"}:
        yield from _practised(clause)
    elif clause.lemma in {"watch", "read", "follow", "listen", "ride", "box", "row", "travel"}:
        yield from (
            _followed(clause)
            if ((clause.perfect or not clause.progressive) and _is_habit(clause)) or _PLENTY.match(clause.rest)
            else ()
        )
    elif clause.lemma in _GERUND:
        yield from _craft(clause)


def _is_over(clause: Clause) -> bool:
    """ "I just read ...", "I have watched ...": once, not as a habit."""
    if clause.form == "read" and not clause.perfect and not _LATELY.isdisjoint(clause.adverbs):
        return True
    return clause.perfect and not clause.progressive and not _LASTING.search(clause.rest)


_IS_A_NOUN = re.compile(r"\s*(?!clothing|bedding)[a-z]+ing(?: (?:and|or)\b|,|$)")  # "bike riding and art"
_LATELY = frozenset(["just", "recently", "finally"])
_PLENTY = re.compile(r"\s*(?:to )?(?:a lot|lots|loads|tons) of\b")


def _is_habit(clause: Clause) -> bool:
    if clause.perfect and clause.progressive:
        return True
    often = {"usually", "often", "regularly", "always", "sometimes", "mostly", "mainly", "generally"}
    return not often.isdisjoint(clause.adverbs) or _HABIT.search(clause.sentence.lower()) is not None


def _played(rest: str) -> Iterator[Candidate]:
    rest = _lasting(f" {rest.strip()}").split(" since ", 1)[0]
    if _HOBBY_OBJECT.match(rest) and not _ONE_GAME.match(rest):
        for index, what in enumerate(items(rest)):
            yield Candidate("interest", f"playing {what}" if index == 0 or _HOBBY_OBJECT.match(what) else what)


_ONE_GAME = re.compile(r"\s*(?:an?|the|this|that|some|one) (?:[\w-]+ ){0,2}?games?\b(?! (?:of|night))", re.IGNORECASE)


def _practised(clause: Clause) -> Iterator[Candidate]:
    if re.match(r"\s*(?:and|or|for|with|hard|every|a lot)\b", clause.rest):  # "I practise and train every day"
        return
    kept = [each for each in items(clause.rest) if not EMPTY.match(each) and each != "etc"]
    for index, what in enumerate(kept):
        yield Candidate("interest", what if index else f"{_GERUND[clause.lemma]} {what}")


_ONE_WORK = re.compile(
    r"(?:to )?(?:an?|the|this|some|my|one|two)\s(?:[\w-]+ ){0,3}?"
    r"(?:books?|novels?|movies?|films?|shows?|series|episodes?|podcasts?|games?|videos?|history)\b"
)


def _lasting(rest: str) -> str:
    """Without how long and how much."""
    return without_duration(re.sub(r"^\s*a (?:lot|little|bit)(?: bit)?(?: of)?\b", "", rest))


def _followed(clause: Clause) -> Iterator[Candidate]:
    what = noun_phrase(
        re.sub(r"^\s*(?:to\s+)?(?:(?:(?:a lot|lots|loads|tons) of|some)\s)?", " ", _lasting(clause.rest)), 6
    )
    goes = clause.lemma == "travel" and clause.rest.lstrip().startswith("to ")
    if what and (clause.lemma == "listen" or goes):
        what = f"to {what}"
    if not (what and EMPTY.match(what)) and not _ONE_WORK.match(what):
        yield Candidate("interest", f"{_GERUND[clause.lemma]} {what}".strip())


def _craft(clause: Clause) -> Iterator[Candidate]:
    once = clause.lemma in {"draw", "fish", "hunt"} or (clause.progressive and not clause.perfect)
    if once and not _is_habit(clause):
        return
    rest = _lasting(clause.rest).strip()
    what = noun_phrase(rest, 6)
    if what and (EMPTY.match(what) or re.match(r"(?:through|into|up|out|the (?:table|data)|on to|over)\b", what)):
        return
    more = re.match(r"^(?:and|,) ([a-z]+)\b(.*)", rest)
    what = one_clause(f" {what}").strip()
    yield Candidate("interest", _GERUND[clause.lemma] if more else f"{_GERUND[clause.lemma]} {what}".strip())
    if more and more.group(1) in _GERUND:
        yield Candidate("interest", f"{_GERUND[more.group(1)]} {noun_phrase(more.group(2), 5)}".strip())


def _outing(clause: Clause) -> Iterator[Candidate]:
    found = _GO.match(clause.rest)
    if found and (found.group(1).endswith("s") or found.group(1).startswith("to") or _is_habit(clause)):
        where = found.group(1).strip()
        yield Candidate("interest", f"going {where}" if where.startswith("to ") else where.removeprefix("for "))


_FOND_OF = alternatives(
    "interested_in into hooked_on obsessed_with passionate_about fascinated_by fascinated_with fond_of addicted_to"
)
_FOND = re.compile(rf"\s*(?:\w+ ){{0,4}}?{_FOND_OF}\s+(.+)", re.IGNORECASE)


_NO_PURSUITS = alternatives(
    "a(n) the some this that my our trouble bed work town fight(s) argument(s) shape college university school "
    "grad_school"
)
_NO_PURSUIT = re.compile(rf"\b(?:into|with|of|by|to|about|in) (?:{_NO_PURSUITS}|[A-Z]\w+ (?:University|College))\b")


_ON_A_DAY = re.compile(r"(?:starts?|begins?|runs?|ends?) (?:in|on|at|from|until)\b")  # "got into Leeds, starts in May"


def become(clause: Clause) -> Iterator[Candidate]:
    """I've become interested in car racing; I got hooked on chess; I'm getting into pottery."""
    if clause.negated or clause.unreal or clause.used_to or clause.modal:
        return
    found = _FOND.match(clause.rest)
    if not found:
        return
    for what in items(found.group(1)):
        if len(what) > 2 and not (EMPTY.match(what) or _ON_A_DAY.match(what)) and not _NO_PURSUIT.search(clause.rest):
            yield Candidate("interest", what)


_STARTED = re.compile(
    r"\s*(?:to )?((?:"
    r"learn(?:ing)?|play(?:ing)?|practi[sc]\w+|collect(?:ing)?|paint\w*|knit\w*|run(?:ning)?|climb\w*|box(?:ing)?|"
    r"garden\w*|bak\w+|brew\w*|danc\w+|swim\w*|cycl\w+|surf\w*|yoga|pilates|sing(?:ing)?\b|draw\w*|meditat\w+|ski\w*|"
    r"hik\w+|sew\w*)\b.*|(?:\w+ ){1,2}lessons\b)",
    re.IGNORECASE,
)


def take_up(clause: Clause) -> Iterator[Candidate]:
    """I took up pottery; I started playing padel; I began learning Welsh; I recently learned some street dance."""
    if clause.negated or clause.unreal or clause.used_to or clause.modal or clause.form in {"take", "begin", "learn"}:
        return
    rest = clause.rest
    if clause.lemma == "take":
        found = re.match(r"\s*up\s+(.+)", rest, re.IGNORECASE)
    elif clause.lemma == "learn":
        recent = clause.past and re.search(
            r"\b(?:recently|lately|just|last (?:week|month|year))\b", clause.sentence, re.IGNORECASE
        )
        found = (
            re.match(r"\s*(?:how to |to |some |a (?:bit|little) (?:of )?)(?!about)(.+)", rest, re.IGNORECASE)
            if recent
            else None
        )
    else:
        found = _STARTED.match(rest)
    if found:
        what = noun_phrase(re.sub(r"^learning how to\b", "learning to", found.group(1)), 7)
        if (
            what
            and not EMPTY.match(what)
            and not re.match(r"(?:learn(?:ing)? (?:about|how|more|that)\b(?! to)|learning$|space|time|too much)", what)
        ):
            yield Candidate("interest", what)


_FREE_TIMES = alternatives(
    "time morning(s) evening(s) weekend(s) day(s) night(s) afternoon(s) hours summer(s) winter(s)"
)
_SPENT = re.compile(
    rf"\s*(?:most of |all |a lot of |much of )*(?:my |our |the )?(?:\w+ ){{0,3}}?{_FREE_TIMES}\s+(?:off )?"
    rf"(?:on |in the )?([a-z]+ing\b.*)",
    re.IGNORECASE,
)


_SPORTS = alternatives(
    "yoga pilates pottery ceramics karate judo aikido crossfit gymnastics ballet improv martial_arts archery jiu"
)
_MADE = alternatives(
    "running bouldering kayaking birdwatching birding beekeeping woodworking sketching gaming camping scuba_diving "
    "diving skating sculpting quilting weaving embroidering scrapbooking stargazing foraging dancing sewing homebrewing"
)
_SPENT_ON = re.compile(
    r"\s*(?:far |way |much )*too (?:much|many) (?:of my )?(?:money|time|hours|evenings|weekends) (?:on )?"
    r"(?!.*\b(?:e-?mails?|messages|news|reports|docs|documentation)\b)"
    rf"((?:[a-z]+ ){{0,2}}?(?:{_PLAYED}(?!s? \w)|(?:{_SPORTS}|{_MADE}|{'|'.join(_GERUND.values())}|[a-z]*graphy)\b)"
    r"[a-z ]*)",
    re.IGNORECASE,
)


def spend(clause: Clause) -> Iterator[Candidate]:
    """I spend my mornings birdwatching; I spend far too much money on chess."""
    if clause.negated or clause.unreal or clause.past or clause.modal:
        return
    found = (_SPENT_ON if " too m" in clause.rest else _SPENT).match(clause.rest)
    if found:
        for what in items(found[1]):
            if not re.match(r"(?:trying|debugging|waiting|working|thinking)\b", what):
                yield Candidate("interest", what)


_SPORT = re.compile(rf"(?:(?:brazilian|competitive|artistic|amateur|hot) )?{_SPORTS}\b", re.IGNORECASE)


def doing(clause: Clause) -> Iterator[Candidate]:
    """I do pottery on Thursdays; I do yoga every morning."""
    if clause.negated or clause.unreal or clause.past or clause.modal or clause.who != "i":
        return
    what = noun_phrase(clause.rest, 4)
    sport = _SPORT.match(what)
    if re.search(r"\bas (?:many|much)\b", clause.sentence):
        return
    if sport or (
        _is_habit(clause) and re.fullmatch(r"(?!my|the|this|that|it|a|an|not|so|some|all|what)[a-z]+(?: [a-z]+)?", what)
    ):
        yield Candidate("interest", re.sub(r"\s(?:on|in|at|every|twice|once|\d+x|\d+ times)\b.*", "", what))
