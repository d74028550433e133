"""What the user likes, does for fun, prefers and avoids."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.lexicon import GERUNDS
from pipelines.language.embedded.grammar.phrases import items, noun_phrase, statement
from pipelines.language.embedded.grammar.words import alternatives

_EMPTY_WORDS = alternatives(
    "it that this these those them him her you your how what where when why one both all some option number version "
    "everything_you his their someone something anything nothing more if a_lot my_job_done a(n)_few a(n)_lot a(n)_bit "
    "us me each such a_better better about there not as for_you each_other"
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


def like(clause: Clause) -> Iterator[Candidate]:
    """I love bouldering; I don't like crowds; I hate small talk; I'd love to visit Peru (nothing)."""
    if clause.used_to or clause.past or clause.modal in {"could", "should", "might", "may", "would", "will"}:
        return
    disliking = clause.negated or clause.lemma in {"hate", "dislike", "detest", "loathe"}
    if clause.negated and clause.lemma not in {"like", "love", "enjoy"}:
        return
    when = re.match(r"\s*(?:it )?(when (?:you|people|someone|others|\w+s\b).+)", clause.rest, re.IGNORECASE)
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
    if what and not EMPTY.match(what):
        yield Candidate("preference", f"dislikes {what}")


_LIKED_THINGS = alternatives(
    "sea ocean outdoors beach mountain(s) rain snow cold theatre theater cinema gym opera countryside forest woods "
    "desert sun summer winter night nineties eighties art(s)"
)
_SPECIFIC = re.compile(rf"(?:the|its|this|these|every)\s+(?!(?:{_LIKED_THINGS}|[A-Z])\b)")
_CHATTY = re.compile(
    r"\b(?:it|them|this|that|you|your|me|there|here)\b|^(?:especially|particularly|etc)\b", re.IGNORECASE
)
_ADJECTIVE = re.compile(r"[a-z]+(?:ional|ous|ful|ive|able|ible)")


def _doing(rest: str) -> str:
    """Make "to read novels" into "reading novels"."""
    found = re.match(r"\s*to\s+(\w+)", rest)
    if not found:
        return rest
    verb = found.group(1).lower()
    return f" {GERUNDS.get(verb, verb)}{rest[found.end() :]}"


def _liked(clause: Clause) -> Iterator[Candidate]:
    if _SPECIFIC.match(clause.rest.strip()):
        return
    listed = items(_doing(clause.rest))
    if any(_ADJECTIVE.fullmatch(what) for what in listed):
        listed = [" and ".join(listed)]
    for what in listed:
        if not EMPTY.match(what) and not _CHATTY.search(what) and len(what) > 2:
            yield Candidate("interest", what)


def stand(clause: Clause) -> Iterator[Candidate]:
    """I can't stand cilantro."""
    if (clause.negated and clause.modal in {"can", "could"}) or (clause.negated and clause.lemma == "tolerate"):
        what = noun_phrase(clause.rest, 8)
        if what and not EMPTY.match(what):
            yield Candidate("preference", f"dislikes {what}")


def prefer(clause: Clause) -> Iterator[Candidate]:
    """I prefer tabs over spaces; I'd prefer a table."""
    if clause.negated or clause.used_to or clause.past:
        return
    what = statement(
        re.sub(r"^\s*(?:to|(?:that|if|it if|it when)(?: you)?|you to|your (?=answers))\s+", " ", clause.rest), 16
    )
    if what and not EMPTY.match(what) and not re.match(r"(?:the (?:blue|red|first|second|latter|former)\b)", what):
        yield Candidate("preference", what)


def rather(clause: Clause) -> Iterator[Candidate]:
    """I'd rather have a table than a wall of text."""
    what = re.sub(r"^(?:have|get|see|use|that|you|if|not)\s+", "", clause.rest.strip())
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
    named = re.search(r"\b[A-Z][\w.+#-]*", what) or re.search(
        r"\b(?:every day|daily|for everything|for all|at work|mostly|as my)\b", clause.sentence
    )
    if (
        not what
        or EMPTY.match(what)
        or re.match(r"(?:the|these|a for|an? (?:for|while|loop|function|regex|dictionary|list)\b)", what)
    ):
        return
    if (
        named
        or clause.lemma in {"deploy", "host"}
        or (clause.who == "we" and clause.lemma == "use" and len(what.split()) <= 5)
    ):
        verb = {"use": "uses", "deploy": "deploys", "host": "hosts", "rely": "relies", "ship": "ships"}[clause.lemma]
        yield Candidate("preference", f"{verb} {what}")
