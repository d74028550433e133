"""What the user has decided, chosen, switched, dropped."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.lexicon import RELATIONS
from pipelines.language.embedded.grammar.phrases import statement
from pipelines.language.embedded.grammar.verbs import inflect
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_REASON = re.compile(r"\b(?:because|since|as it|as the|so that|due to|given|in order to)\b(.{3,120})", re.IGNORECASE)
_VAGUE_WORDS = alternatives(
    "it this that them you him her one between what which how whether if up on_what for your me here there"
)
_VAGUE = re.compile(
    rf"^(?:{_VAGUE_WORDS}|options? \w+\b|plan \w\b|number \d|"
    rf"the (?:wrong|first one|(?:second|latter|former)(?=$| (?:one|option|version|approach|choice)\b)))\b"
    rf"(?!\s+(?:all|over))",
    re.IGNORECASE,
)


def context(sentence: str) -> str:
    """The reason that the sentence gives, or ""."""
    found = _REASON.search(sentence)
    return statement(found.group(0), 20) or _clean(found.group(0)) if found else ""


def _clean(text: str) -> str:
    return " ".join(re.split(r"[.;!?\x01]", text)[0].split()[:20])


_DECIDED_TO = alternatives(
    "to_not not_to to on against that in_favo(u)r_of i'll i'm_going_to im_going_to i'm_gonna im_gonna we're_going_to "
    "we'll i_will we_will i'm im we're we_should we"
)
_OUTINGS = alternatives("walk run swim drive ride jog hike nap stroll beer drink coffee meal smoke")
_DECIDED = re.compile(rf"\s*(?:\w+ly\s+)?({_DECIDED_TO})\s+(.+)", re.IGNORECASE)


def decide(clause: Clause) -> Iterator[Candidate]:
    """I decided to leave the bank; we've decided on oak; I've decided against the mortgage."""
    if (
        clause.negated
        or clause.unreal
        or clause.used_to
        or clause.modal in {"must", "can"}
        or clause.form == "deciding"
    ):
        return
    noted = re.match(r"\s*:\s*(\w.+)", clause.rest)
    if noted and clause.form == "decided":
        yield Candidate("decision", statement(noted.group(1), 16))
        return
    found = _DECIDED.match(clause.rest)
    if not found or (clause.form == "decide" and not clause.past and clause.modal != "let's"):
        return
    how, what = (
        found.group(1).lower(),
        statement(
            re.sub(
                r"^(?:we're going to|i'm going to|we'll|i'll|we|i|we should)\s+(?=\w)|"
                rf"^(?:go|going) (?:for|with) (?!an? {_OUTINGS}\b)(?=\w.* (?:rather than|over|instead of|not) \w)",
                "",
                found.group(2),
                flags=re.IGNORECASE,
            ),
            18,
        ),
    )
    if not what or (_VAGUE.match(what) and how in {"on", "to"}):
        return
    prefix = {
        "against": "against ",
        "to not": "not to ",
        "not to": "not to ",
        "on": "",
        "in favor of": "",
        "in favour of": "",
    }.get(how, "")
    yield Candidate("decision", f"{prefix}{what}", context(clause.sentence))


def choose(clause: Clause) -> Iterator[Candidate]:
    """We chose the slate roof; I picked Svelte over React; we settled on a fixed price; I opted for surgery."""
    if clause.negated or clause.unreal or clause.used_to or clause.modal:
        return
    if clause.form in {"choose", "pick", "select", "opt", "settle", "choosing", "picking", "selecting"}:
        return
    rest = clause.rest
    if clause.lemma in {"opt", "settle"}:
        found = re.match(r"\s*(?:\w+ )?(?:for|on|upon|to|out of)\s+(.+)", rest, re.IGNORECASE)
        if clause.lemma == "settle" and re.match(r"\s*(?:\w+ )?for\b", rest):
            return
        if not found:
            return
        rest = found.group(1) if "out of" not in rest[:10] else rest
    if clause.lemma == "pick" and re.match(r"\s*up\b", rest):
        return
    what = statement(rest, 16)
    if what and not _VAGUE.match(what):
        yield Candidate("decision", what, context(clause.sentence))


_KIN = "|".join(sorted(map(re.escape, RELATIONS), key=len, reverse=True))
_COMPANY = re.compile(rf"(?:my|our) (?:\w+ )?(?:{_KIN}|family|\w+ and)\b|the flow\b", re.IGNORECASE)
_OUTING = re.compile(r"(?:an?|my|our)\s")  # "went for a stroll": but for one thing rather than another
_RATHER = re.compile(r"\b(?:over|instead|rather than)\b")


def go_with(clause: Clause) -> Iterator[Candidate]:
    """We're going with Kafka; I went with the blue tiles; let's go with plan B (when it is named)."""
    found = re.match(r"\s*(?:ahead )?(?:with|for)\s+(.+)", clause.rest, re.IGNORECASE)
    if clause.negated or clause.unreal or clause.used_to or not found:
        return
    if not (clause.form in {"going", "went", "gone"} or clause.modal in {"will", "let's"}):
        return
    if re.match(r"\s*for\b", clause.rest) and _OUTING.match(found.group(1)) and not _RATHER.search(clause.rest):
        return
    what = statement(found.group(1), 16)
    if what and not _VAGUE.match(what) and not _COMPANY.match(what):
        yield Candidate("decision", what, context(clause.sentence))


_NO_SWITCH_WORDS = alternatives("on_the off_the_light off_the_tv places seats sides gears this_with this_by")
_NO_SWITCH = re.compile(
    rf"(?:{_NO_SWITCH_WORDS}|it\b(?! (?:with|to|for))|the (?:values?|words?|variables?|letters?|for|x|line))\b",
)


def switch(clause: Clause) -> Iterator[Candidate]:
    """I switched from Android to an iPhone; we're migrating off Jenkins; we replaced Redis with Valkey."""
    if clause.negated or clause.unreal or clause.used_to or clause.modal in {"can", "must", "would"}:
        return
    if clause.form == clause.lemma and not clause.modal and not clause.perfect:
        return
    rest = clause.rest
    if not re.search(r"\b(?:to|from|with|for|off|over|away|by)\b", rest[:90]):
        return
    what = statement(rest, 16)
    if what and not _NO_SWITCH.match(what):
        _, _, past, gerund = inflect(clause.lemma)
        verb = gerund if clause.form.endswith("ing") or clause.modal else past
        yield Candidate("decision", f"{verb} {what}", context(clause.sentence))


_FOR_NOW = alternatives(
    "going reading watching trying talking being doing paying taking making thinking looking crying listening "
    "having getting raining coming working_on caring asking"
)
_STOPPED_FOR_NOW = re.compile(rf"{_FOR_NOW}\b")


_OFFERS = alternatives(
    "job offer position promotion place proposal deal contract invitation postdoc fellowship apprenticeship internship "
    "residency scholarship traineeship"
)
_OFFERED = re.compile(rf"\b{_OFFERS}\b")


def drop(clause: Clause) -> Iterator[Candidate]:
    """We're dropping IE support; I quit smoking; I cancelled the gym; we agreed to split it; I stopped drinking."""
    if clause.negated or clause.unreal or clause.used_to or clause.modal in {"can", "must", "would"}:
        return
    if clause.form == clause.lemma and not (clause.modal or clause.perfect or clause.form == "quit"):
        return
    what = statement(clause.rest, 14)
    if (
        not what
        or _VAGUE.match(what)
        or re.search(r"\b(?:off|by)\b", what)
        or re.match(
            r"(?:my (?:phone|keys|laptop|drink|glass)|by\b|off\b|out\b|with (?:you|him|her|that)|at\b|in\b)", what
        )
    ):
        return
    if clause.lemma == "stop" and (not re.match(r"[a-z]+ing\b", what) or _STOPPED_FOR_NOW.match(what)):
        return
    if clause.lemma in {"accept", "reject", "turn"} and not _OFFERED.search(what):
        return
    if clause.lemma == "agree" and not re.match(r"(?:to|on|that|not to)\s+\w+ \w+", what):
        return
    past = {
        "drop": "dropped",
        "ditch": "ditched",
        "quit": "quit",
        "stop": "stopped",
        "cancel": "cancelled",
        "abandon": "abandoned",
        "agree": "agreed",
        "accept": "accepted",
        "reject": "rejected",
        "turn": "turned",
    }[clause.lemma]
    yield Candidate(
        "decision", f"{clause.form if clause.form.endswith('ing') else past} {what}", context(clause.sentence)
    )


_ENDED_UP_VERBS = alternatives(
    "choosing going_with going_for picking buying accepting selling moving switching_to renting hiring "
    "adopting cancelling quitting"
)
_ENDED_UP = re.compile(rf"\s*up ({_ENDED_UP_VERBS})\s+(.+)", re.IGNORECASE)


def ended(clause: Clause) -> Iterator[Candidate]:
    """I ended up choosing the part-time MBA."""
    found = _ENDED_UP.match(clause.rest)
    if found and clause.form == "ended" and not clause.negated and not clause.unreal:
        what = statement(found.group(2), 14)
        if what and not _VAGUE.match(what):
            plain = found.group(1).startswith(("choos", "going", "pick"))
            yield Candidate("decision", what if plain else f"{found.group(1)} {what}", context(clause.sentence))


_MADE = re.compile(
    r"\s*(?:up (?:my|our) minds?|(?:the|a|my|our) (?:\w+ )?(?:decision|choice|call))\s*"
    r"(?:[:,\u2013-]+|to|that|and|on|about)\s*(?:(?:i|we)(?:'m|'re|'ll| am| are| will)?\s+)?(.+)",
    re.IGNORECASE,
)


def mind(clause: Clause) -> Iterator[Candidate]:
    """I've made up my mind: I'm taking the Berlin offer; we made the decision to sell."""
    found = _MADE.match(clause.rest)
    if found and not clause.negated and not clause.unreal and clause.form == "made":
        what = statement(found.group(1), 14)
        if what and not _VAGUE.match(what):
            yield Candidate("decision", what, context(clause.sentence))


def give_up(clause: Clause) -> Iterator[Candidate]:
    """I gave up sugar two years ago."""
    found = re.match(
        r"\s*up(?: on)?\s+(?!(?:my|the|his|her) (?:seat|hope|place|number)|hope)(\w.+)", clause.rest, re.IGNORECASE
    )
    if found and not clause.negated and not clause.unreal and clause.form in {"gave", "given", "giving"}:
        what = statement(found.group(1), 10)
        if what and not _VAGUE.match(what):
            yield Candidate(
                "decision", f"{'giving' if clause.form == 'giving' else 'gave'} up {what}", context(clause.sentence)
            )
