""" "My X is Y": names, relations, favourites, dates, stacks and projects."""

from collections.abc import Callable, Iterator

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.intentions.plans import due
from pipelines.language.embedded.frames.life.people import relation
from pipelines.language.embedded.frames.occupation.jobs import job
from pipelines.language.embedded.grammar.phrases import items, noun_phrase, statement
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

POSSESSIVE = re.compile(r"(?<![\w'.\-/])(?:my|our)\s+(?=[\w])", re.IGNORECASE)
_COPULAS = alternatives(
    "is are was will_be has_been have_been remains include(s) means consists_of runs_on run_on runs_out run_out "
    "expire(s) leave(s) depart(s) land(s) falls comes_up has_moved_to"
)
_COPULA = re.compile(
    rf"((?:[\w'&+-]+ ){{0,7}}?[\w'&+-]+?)\s*(?:,\s*)?"
    rf"(?:(?<=\w)'s|\b(?:{_COPULAS}|(?<!the )(?:starts?|ends?|begins?|opens?)))\s+(.+)",
    re.IGNORECASE,
)
_PROJECTS = alternatives(
    "project app startup thesis dissertation novel book blog podcast side_hustle business company website game memoir "
    "newsletter channel research phd album film band shop bakery firm paper manuscript invention"
)
_PROJECT = re.compile(rf"\b{_PROJECTS}$", re.IGNORECASE)
_RUNS = re.compile(
    r"\b(?:runs? on|(?:is |are )?(?:written in|built (?:with|in|on)|hosted on|deployed (?:to|on)))\s+(.+)",
    re.IGNORECASE,
)
_STACK_NOUNS = alternatives(
    "stack product service platform site bot backend back-end frontend front-end database server editor ide setup "
    "infrastructure codebase cloud api monorepo laptop phone os distro language framework website pipeline shell "
    "terminal"
)
_STACK = re.compile(rf"\b{_STACK_NOUNS}$", re.IGNORECASE)
_MAKERS = alternatives(
    "startup app company business project blog podcast charity firm agency product channel side_project nonprofit "
    "team office employer"
)
_MAKER_VERBS = alternatives(
    "use(s) help(s) let(s) make(s) sell(s) provide(s) offer(s) teaches connect(s) track(s) cover(s) build(s) does "
    "turns matches analyses analyzes delivers"
)
_DOES = re.compile(rf"(?<!\w)((?:\w+ )?{_MAKERS})\s+({_MAKER_VERBS}\s.+)")


def possessive(text: str) -> Iterator[Candidate]:
    """`text` follows "my" or "our", and is cut at its sentence's end."""
    text = text[:240]
    related = list(relation(text))
    if related:
        yield from related
        return
    does = _DOES.match(text)
    if does and does.group(2).startswith("use"):
        if re.search(r"[A-Z]", does.group(2)):
            yield Candidate("preference", f"{does.group(1)} {statement(does.group(2), 8)}")
        return
    if does:
        yield Candidate("project", f"{does.group(1)}: {statement(does.group(2), 12)}", statement(does.group(2), 20))
        return
    copula = _COPULA.match(text)
    if not copula:
        return
    head, rest = copula.group(1).strip(), copula.group(2)
    if re.match(r"(?:not|n't|no longer|wrong|broken|too|still not)\b", rest, re.IGNORECASE):
        return
    yield from _judge(head, rest, copula.group())


def _judge(head: str, rest: str, whole: str) -> Iterator[Candidate]:
    dated = list(due(head, whole[len(head) :]))
    if dated:
        yield from dated
        return
    for pattern, write in _KINDS:
        if pattern.search(head.lower()):
            yield from write(head.lower(), rest, whole)
            return


_GOES_ON = re.compile(r" (?:i|i'\w+|im|we|you|it|nice|how|what|please)\b", re.IGNORECASE)  # where no stop was typed


def _name(head: str, rest: str, _whole: str) -> Iterator[Candidate]:
    name = _GOES_ON.split(noun_phrase(rest, 4).partition(",")[0])[0]
    if name[:1].isupper() or (head == "name" and 0 < len(name.split()) <= 2):
        yield Candidate("name", name)


def _favourite(head: str, rest: str, whole: str) -> Iterator[Candidate]:
    """ "My favourite was ..." compares what was just spoken of; "my favourite is ..." says not of what."""
    kind = re.sub(r"^.*?favou?rite\s*", "", head)
    what = re.sub(r"^(?:(?:probably|definitely|actually|always|still|called|named) )+", "", statement(rest, 14))
    if not what or _PAST.search(whole):
        return
    if kind:
        yield Candidate("preference", f"favourite {kind}: {what}")
    elif re.match(r"[a-z]+ing\b", what):
        yield Candidate("interest", what)


_PAST = re.compile(r"\b(?:was|were|has been|have been)\b")


def _job(_head: str, rest: str, _whole: str) -> Iterator[Candidate]:
    yield from job(rest if re.match(r"\s*(?:an?|the)\b", rest) else "a " + rest)


def _hobby(_head: str, rest: str, _whole: str) -> Iterator[Candidate]:
    for what in items(rest):
        yield Candidate("interest", what)


def _goal(head: str, rest: str, whole: str) -> Iterator[Candidate]:
    if _PAST.search(whole):
        return
    what = statement(re.sub(r"^\s*to\s+", "", rest), 14)
    if (len(what.split()) > 1 and "plan" not in head) or rest.strip().startswith("to "):
        yield Candidate("commitment", f"{head}: {what}")


def _plain(head: str, rest: str, _whole: str) -> Iterator[Candidate]:
    yield Candidate("life_context", f"{head}: {statement(rest, 5)}")


def _allergies(_head: str, rest: str, _whole: str) -> Iterator[Candidate]:
    yield Candidate("life_context", f"allergic to {noun_phrase(rest, 6)}")


def _stated(category: Category) -> Callable[[str, str, str], Iterator[Candidate]]:
    """A writer for "my opinion is that ...", "our decision was to ..."."""

    def write(_head: str, rest: str, _whole: str) -> Iterator[Candidate]:
        yield Candidate(category, statement(re.sub(r"^(?:that|to|for)\s+", "", rest), 18))

    return write


def _built(head: str, rest: str, whole: str) -> Iterator[Candidate]:
    runs = _RUNS.search(whole)
    if runs:
        yield Candidate("preference", f"{head}: {re.sub(r'^(?:is|are) ', '', runs.group())[:80]}")
    elif _PROJECT.search(head):
        yield from _project(head, rest)
    elif re.search(r"[A-Z]", rest[:60]):
        yield Candidate("preference", f"{head}: {statement(rest, 12)}")


def _home(_head: str, rest: str, _whole: str) -> Iterator[Candidate]:
    if re.match(r"(?:in |is )?[A-Z]", rest):
        yield Candidate("location", noun_phrase(re.sub(r"^in ", "", rest), 6))


def _project(head: str, rest: str) -> Iterator[Candidate]:
    named = re.match(r"(?:called|named|titled)\s+(.+)", rest)
    about = re.match(r"(?:about|on|an?|the|exploring|focused on)\s+(.+)", rest)
    if named:
        yield Candidate("project", f"{noun_phrase(named.group(1), 5)}", head)
    elif about and len(noun_phrase(about.group(1), 9)) > 3:
        yield Candidate("project", f"{head}: {noun_phrase(rest, 10)}", statement(rest, 20))


_OWN_NOUNS = alternatives(
    "age pronouns mother_tongue mother_language native_language native_tongue first_language blood_type height weight "
    "diet religion star_sign zodiac_sign"
)
_KINDS: tuple[tuple["re.Pattern[str]", Callable[[str, str, str], Iterator[Candidate]]], ...] = (
    (re.compile(r"^(?:(?:first|full|real|given|last|nick|middle) ?)?(?:name|nickname)$"), _name),
    (re.compile(r"^(?:(?:all[- ]time|other|new|absolute) )*favou?rite\b"), _favourite),
    (re.compile(r"\b(?:job|profession|occupation|job title|role|trade)$"), _job),
    (re.compile(r"\b(?:hobby|hobbies|passions?|interests?|pastime|obsession)$"), _hobby),
    (re.compile(r"\b(?:goal|dream|plan|aim|ambition|resolution|intention)$"), _goal),
    (
        re.compile(rf"\b{_OWN_NOUNS}$"),
        _plain,
    ),
    (re.compile(r"\b(?:allergy|allergies)$"), _allergies),
    (re.compile(r"\b(?:opinion|belief|view|philosophy|motto|conviction)$"), _stated("belief")),
    (re.compile(r"\b(?:decision|choice|conclusion|verdict)$"), _stated("decision")),
    (re.compile(r"\bpreference$"), _stated("preference")),
    (re.compile(r"\b(?:hometown|home town|home|house|flat|apartment|time ?zone|city|address)$"), _home),
    (re.compile(f"{_PROJECT.pattern}|{_STACK.pattern}"), _built),
)
