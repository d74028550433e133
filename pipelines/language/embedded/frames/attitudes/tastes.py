"""What the user likes, does for fun, prefers and avoids."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.lexicon import GERUNDS, LEMMAS
from pipelines.language.embedded.grammar.phrases import items, noun_phrase, statement, tidy
from pipelines.language.embedded.grammar.verbs import inflect
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_EMPTY_WORDS = alternatives(
    "it that this these those them him her you your how what where when why one both all some option number version "
    "everything his their someone something anything nothing more if a_lot my_job_done a(n)_few a(n)_lot a(n)_bit "
    "us me mine each such a_better better about there not as for_you each_other"
)
_EMPTY_NOUNS = alternatives(
    "way idea first second third last one other new next sound_of_that sound_of_this fact look previous original old "
    "answer following"
)
_EMPTY_VERBS = alternatives(
    "know see ask have get think understand use say add make do be find believe create thank change start sort "
    "request discuss try hear go keep include point call consider talk"
)
EMPTY = re.compile(rf"^(?:{_EMPTY_WORDS}|the {_EMPTY_NOUNS}|to {_EMPTY_VERBS})\b", re.IGNORECASE)


_ANSWERING = alternatives(
    "give use explain answer write add include show ask cite tell keep are say call summarise summarize reply respond "
    "provide structure format speak talk joke start end repeat apologise apologize put skip quote challenge correct"
)
_LIKED_WHEN = re.compile(
    rf"\s*(?:it )?(when (?:you (?:\w+ )?{_ANSWERING}\b|(?:people|someone|others) (?!here\b)).+)", re.IGNORECASE
)


def like(clause: Clause) -> Iterator[Candidate]:
    """I love bouldering; I don't like crowds; I hate small talk; I'd love to visit Peru (nothing)."""
    if clause.used_to or clause.past or clause.modal:
        return
    disliking = clause.negated or clause.lemma in {"hate", "dislike", "detest", "loathe"}
    if clause.negated and clause.lemma not in {"like", "love", "enjoy"}:
        return
    when = _LIKED_WHEN.match(clause.rest)
    if when:
        yield Candidate(
            "preference",
            f"{'dislikes' if disliking else 'likes'} it "
            f"{statement(when.group(1).replace('when', chr(2), 1), 14).replace(chr(2), 'when')}",
        )
        return
    if not EMPTY.match(clause.rest.strip()):
        yield from _disliked(clause) if disliking else _liked(clause)


def _disliked(clause: Clause) -> Iterator[Candidate]:
    what = noun_phrase(_doing(clause.rest), 9)
    if what and not EMPTY.match(what) and not _narrowed(clause.rest, what):
        yield Candidate("preference", f"dislikes {what}")


def _narrowed(rest: str, what: str) -> bool:
    """Whether a clause follows that says which ones are meant: "I hate people who shout"."""
    end = rest.find(what[-12:])
    return (
        end >= 0
        and re.match(r"\s+(?:who|that|which|whose|where|when|because of)\b", rest[end + len(what[-12:]) :]) is not None
    )


_LIKED_THINGS = alternatives(
    "sea ocean outdoors beach mountain(s) rain snow cold theatre theater cinema gym opera countryside "
    "nineties eighties arts"
)
_SPECIFIC = re.compile(rf"(?:the|its|this|these|every)\s+(?!(?:{_LIKED_THINGS}|[A-Z])\b)")
_MINE = re.compile(r"\s*(?:my|our)\s", re.IGNORECASE)
_CHATTY = re.compile(
    r"\b(?:it|them|this|that|you|your|me|there|here)\b|^(?:especially|particularly|etc)\b", re.IGNORECASE
)
_ADJECTIVE = re.compile(r"[a-z]+(?:ional|ous|ful|ive|able|ible)")


_TWO_WORDS = re.compile(r"\s*to\s+(bird|people|mountain|scuba|window|line) (watch|bike|dive|shop|dance)\b")


def _doing(rest: str) -> str:
    """Make "to read novels" into "reading novels"."""
    if two := _TWO_WORDS.match(rest):
        return f" {two.group(1)} {inflect(two.group(2))[-1]}{rest[two.end() :]}"
    found = re.match(r"\s*to\s+(\w+)", rest)
    if not found:
        return rest
    verb = {"workout": "work out", "hangout": "hang out"}.get(found.group(1).lower(), found.group(1).lower())
    verb, particle = verb.partition(" ")[::2]
    if verb.endswith("ing") and LEMMAS.get(verb, verb) != verb:  # "I like to swimming"
        return f" {verb}{rest[found.end() :]}"
    return f" {GERUNDS.get(verb) or inflect(verb)[-1]}{particle and ' ' + particle}{rest[found.end() :]}"


_GENRES = alternatives(
    "action comedy horror romance romantic classical pop rock country jazz folk historical science sci-fi fantasy "
    "crime true-crime thriller indie electronic sunny warm cold hot spicy sweet savory dark light fast slow "
    "modern old vintage classic foreign french italian spanish japanese korean chinese mexican"
)
_GENRE = re.compile(
    rf"{_GENRES}",
    re.IGNORECASE,
)
_NEXT_PURSUIT = re.compile(r"(?:,\s*(?:and |or )?|\s(?:and|or)\s)(?:to |just )?(?=([a-z]+)\b)")


def _pursuits(rest: str) -> list[str]:
    """The members of "to read, play video games and hang out", as "reading", "playing video games", "hanging out"."""
    text = statement(rest, 24)
    if not text.startswith("to ") or ("," not in text and " and " not in text):
        return []
    found: list[str] = []
    start = 3
    for next_one in _NEXT_PURSUIT.finditer(text, 3):
        if next_one.group(1) != "like" and GERUNDS.get(next_one.group(1)):
            found.append(text[start : next_one.start()])
            start = next_one.end()
    parts = [tidy(_doing(f" to {part}")).replace(", ", " and ") for part in (*found, text[start:])]
    return [part for part in parts if part] if found else []


_COMPARATIVE = re.compile(
    r"(?:[\w-]+ ){0,4}(?:bright|dark|light|bold|big|small|warm|cold|old|new|short|long|young|fast|slow)er"
)


_NATIONAL = re.compile(r"[A-Z][a-z]+(?:an|ish|ese|ch|ek|i) [a-z]+")
_OF_A_NATION = re.compile(
    alternatives("culture music food cuisine cooking art literature history language film(s) fashion architecture")
)


def _is_one(listed: list[str]) -> bool:
    """Whether "and" joins words inside one thing: "sunny and warm weather", "Spanish culture, music and cuisine"."""
    if len(listed) > 1 and _NATIONAL.fullmatch(listed[0]) and all(map(_OF_A_NATION.fullmatch, listed[1:])):
        return True
    if len(listed) == 2 and (_GENRE.fullmatch(listed[0]) or _COMPARATIVE.fullmatch(listed[0])):
        return True
    return any(map(_ADJECTIVE.fullmatch, listed)) or (len(listed) > 1 and " with " in listed[0])


_SOMEONE = re.compile(r"[A-Z]\w+(?: [A-Z]\w+)+")
_SOMEBODY = re.compile(r"[a-z ]*[a-z](?:er|or|ist|iast|ian|ress)")
_RUNS_ON = re.compile(r"\b(?:is|are|was|were|has|have|had|did|does)\b")


def _listed(clause: Clause) -> list[str]:
    listed = items(_doing(clause.rest))
    if len(listed) > 1 and _RUNS_ON.search(statement(clause.rest, 24)):
        return [noun_phrase(_doing(clause.rest), 8)]  # "I love Dune, the book and the film were great"
    return _with_double_names(listed, clause.rest)


def _with_double_names(listed: list[str], rest: str) -> list[str]:
    """ "The Office and Parks and Recreation" are two: the second has an "and" of its own."""
    double = " and ".join(listed[-2:])
    return [*listed[:-2], double] if len(listed) > 2 and f" and {double}" in rest else listed


def _liked(clause: Clause) -> Iterator[Candidate]:
    if _SPECIFIC.match(clause.rest.strip()) or _MINE.match(clause.rest):  # "I love my job" is no pastime
        return
    listed = _listed(clause)
    if _narrowed(clause.rest, listed[-1] if listed else ""):
        return
    if (
        len(listed) > 2 and f" and {listed[-2]} and {listed[-1]}" in clause.rest
    ):  # "The Office and Parks and Recreation"
        listed = [*listed[:-2], f"{listed[-2]} and {listed[-1]}"]
    if _is_one(listed):
        listed = [" and ".join([*filter(None, [", ".join(listed[:-1])]), listed[-1]])]
    if len(listed) > 1 and _SOMEONE.fullmatch(listed[0]) and all(map(_SOMEBODY.fullmatch, listed[1:])):
        listed = listed[:1]  # "I like Ana Moss, actress and singer"
    for what in _pursuits(clause.rest) or listed:
        if not EMPTY.match(what) and not _CHATTY.search(what) and len(what) > 2:
            yield Candidate("interest", _the_kind(what))


_A_GOOD_ONE = re.compile(
    r"(?:an? )?(?:good|great|nice) ((?:[\w-]+ ){0,3}(?:book|novel|movie|film|game|show|story|concert))?"
)
_HOW_MUCH = re.compile(r"^([a-z]+ing) (?:a lot|lots|a ton|tons|plenty|a bunch) of (?=\w)")


def _the_kind(what: str) -> str:
    """What kind is liked: "a good sci-fi book" as "sci-fi books", "playing a lot of chess" without the lot."""
    one = _A_GOOD_ONE.match(what)
    if one and one.group(1) and one.end() == len(what):
        return f"{one.group(1)}s".replace("storys", "stories")
    return _HOW_MUCH.sub(r"\1 ", what[one.end() :] if one and not one.group(1) else what)


def stand(clause: Clause) -> Iterator[Candidate]:
    """I can't stand cilantro."""
    if (clause.negated and clause.modal in {"can", "could"}) or (clause.negated and clause.lemma == "tolerate"):
        what = noun_phrase(clause.rest, 8)
        if what and not EMPTY.match(what) and not (clause.lemma in _BORNE and _UNBEARABLE.match(what)):
            yield Candidate("preference", f"dislikes {what}")


_BORNE = frozenset(["bear", "abide", "stomach"])
_NOT_A_TASTE = alternatives(
    "the to my our his her their your being seeing having losing thinking watching hearing pain children kids fruit "
    "weight another any more much such with by witness anyone living life losing not"
)
_UNBEARABLE = re.compile(rf"{_NOT_A_TASTE}\b", re.IGNORECASE)  # "I can't bear the thought", "I can't bear children"


def prefer(clause: Clause) -> Iterator[Candidate]:
    """I prefer tabs over spaces; I'd prefer a table."""
    if clause.negated or clause.used_to or clause.past:
        return
    infinitive = re.match(r"\s*to\s+(?=\w)", clause.rest)
    what = statement(
        _doing(clause.rest)
        if infinitive
        else re.sub(r"^\s*(?:to|(?:that|if|it if|it when)(?: you)?|you to|your (?=answers))\s+", " ", clause.rest),
        16,
    )
    if what and not EMPTY.match(what) and not re.match(r"(?:the (?:blue|red|first|second|latter|former)\b)", what):
        yield Candidate("preference", what)


def rather(clause: Clause) -> Iterator[Candidate]:
    """I'd rather have a table than a wall of text."""
    what = re.sub(r"^(?:have|get|see|use|that|you|if|not)\s+", "", clause.rest.strip())
    first = what.partition(" ")[0].lower()
    if LEMMAS.get(first) == first and " than " in what:  # "I'd rather bowl than play football"
        what = f"would rather {what}"
    phrase = re.split(r"[.;!?]", what)[0][:90].strip()
    if phrase and not EMPTY.match(phrase):
        yield Candidate("preference", ("not " if clause.rest.strip().startswith("not ") else "") + phrase)


def use(clause: Clause) -> Iterator[Candidate]:
    """I use Emacs; we deploy to Hetzner; we host on Fly.io."""
    if (
        clause.negated
        or clause.unreal
        or clause.past
        or clause.used_to
        or clause.modal
        or (clause.perfect and not clause.progressive)
    ):
        return
    what = statement(clause.rest, 10)
    named = re.search(r"\b[A-Z][\w.+#-]*", what)
    if clause.lemma in {"deploy", "host"} and not named:  # "we host a dinner" is no tool
        return
    named = named or re.search(r"\b(?:every day|daily|for everything|for all|at work|mostly|as my)\b", clause.sentence)
    if (
        not what
        or EMPTY.match(what)
        or re.match(r"(?:the|these|a for|an? (?:for|while|loop|function|regex|dictionary|list)\b)", what)
    ):
        return
    if named or (clause.who == "we" and clause.lemma == "use" and len(what.split()) <= 5):
        verb = {"use": "uses", "deploy": "deploys", "host": "hosts", "rely": "relies", "ship": "ships"}[clause.lemma]
        yield Candidate("preference", f"{verb} {what}")
