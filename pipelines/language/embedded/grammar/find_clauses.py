"""Finds the first-person clauses of a sentence, with those that share their subject."""

from collections.abc import Callable, Iterator
from itertools import islice

from pipelines.language.embedded.grammar.clause import PASTS, Clause
from pipelines.language.embedded.grammar.lexicon import CONTRACTED, LEMMAS
from pipelines.language.embedded.grammar.stating import is_relative, is_stated, task_of
from pipelines.language.embedded.grammar.verb_group import parse_verb
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

MOST_SUBJECTS = 12  # first-person subjects of one sentence that are read

# Begins with one set of characters, both cases told: whatever is none of them is skipped several times as fast.
SUBJECT = re.compile(
    r"[iI\u0130\u0131wWlL](?<![\w'.\-/].)(?i:"
    r"(?:(?<=i)|(?<=w)e)(?:'(?P<short>m|re|ve|ll|d))?(?![\w'/\-]|\.\w|\)|\s?[+=<>])|"
    r"(?<=i)(?P<bare>m|ve|ll|d)(?=\s)|"
    r"(?<=l)(?P<lets>et's|ets)(?=\s))"
)
_BARE = {"m": "am", "ve": "have", "ll": "will", "d": "would"}
_AND = re.compile(
    r"(?:,\s*and|,\s*but|,|\band|\bbut)\s+(?:also |then |now |currently |still |recently |just )?([a-z]+)\b",
    re.IGNORECASE,
)
_JOINED_WITHIN = 160  # characters behind a verb in which another one of the same subject may follow
_STATES = alternatives(
    "a(n) on_a on_my on_the based allergic married single divorced vegan vegetarian lactose pregnant retired dyslexic "
    "autistic diabetic left-handed mother father mum mom dad fluent originally engaged unemployed non(-)binary "
    "self-employed colo(u)r lapsed bilingual"
)
_AND_STATE = re.compile(
    rf"(?:,\s*and|,|\band|\bbut)\s+(?:also |now |currently |still |just |i'm )?(?="
    rf"(?:(?:previously|formerly|originally|half|proudly|happily) )?"
    rf"(?:{_STATES}|half [A-Z]\w*|in (?:my|the|[A-Z]\w*)|from [A-Z]\w*|at [A-Z]\w*)\b)",
    re.IGNORECASE,
)


_OTHERS = re.compile(r"\b(?:you|he|she|they|it|who|that)(?:'\w+)?\s", re.IGNORECASE)
_NAMED = re.compile(r"(?<!from )(?<!in )(?<!at )\b[A-Z][a-z]+(?:, \d\d)?$")
_INFINITIVE = re.compile(r"\s*to\s+[a-z]")


def read_clauses(text: str, words: frozenset[str], is_read: Callable[[Clause], bool]) -> Iterator[Clause]:
    """The clauses of a sentence's statement in which the user says something in the first person, of those that
    `is_read` wants: most verbs tell nothing, and to look at what stands before a clause costs more than to find it."""
    task = task_of(text, words)
    for found in islice(SUBJECT.finditer(text), MOST_SUBJECTS):
        clause = _read_verb(text, found)
        wanted = [each for each in (clause, *_joined(clause)) if is_read(each)] if clause else []
        if wanted and is_stated(text, found.start(), task) and not is_relative(text[: found.start()]):
            yield from wanted


_WITH_SOMEBODY = re.compile(
    r"\b(?:to|with|about|by|like|meet|than) "
    r"(?:[A-Z][\w'.-]+(?: [A-Z][\w'.-]+)*|(?:my|our|his|her|their|an?|the) (?:\w+ )?\w+)(?:,|$)"
)
_BUSY_WITH = re.compile(
    r"\s*(?:\w+ly |still |now |also )?"
    r"(?!(?:living|working|staying|studying|residing|struggling|suffering|dealing|training|recovering)\b)[a-z]+ing\b"
)
_OF_ONESELF = word_set(  # "I'm living in Leeds and a nurse": of other things that one does, another may be told of
    "be live work stay study reside base struggle suffer deal train recover retire"
)


def _is_of(clause: Clause, before: str, state: str) -> bool:
    """Whether a state that follows is of somebody who was just named: "with Michael, 28, a junior editor", "writing to
    Ana Moss, the head and a founder of the school"."""
    if not state.startswith(("a ", "an ")):
        return False
    busy = clause.lemma not in _OF_ONESELF or _BUSY_WITH.match(clause.rest)
    return bool(busy or _NAMED.search(before) or _WITH_SOMEBODY.search(before))


def _joined_states(clause: Clause) -> Iterator[Clause]:
    """ "I'm 19 and in my first year", "I'm living in Hanoi but originally from Quebec": the copula is carried on."""
    if clause.negated or clause.modal or not (clause.lemma == "be" or clause.progressive) or clause.past or clause.was:
        return
    for found in _AND_STATE.finditer(clause.rest, 0, _JOINED_WITHIN):
        before = clause.rest[: found.start()]
        state = clause.rest[found.end() :]
        if not SUBJECT.search(before) and not _OTHERS.search(before) and not _is_of(clause, before, state):
            yield clause._replace(lemma="be", form="am", rest=" " + state, progressive=False)


def _joined(clause: Clause) -> Iterator[Clause]:
    """Later verbs of the same subject: "I live in Leeds and work as a nurse", "I'm 34 and training for a race"."""
    if not _joins(clause.rest):
        return
    yield from _joined_states(clause)
    if _INFINITIVE.match(clause.rest):  # "I like to read and cook": both are liked
        return
    for found in _AND.finditer(clause.rest, 0, _JOINED_WITHIN):
        word = found.group(1).lower()
        before = clause.rest[: found.start()]
        name = found.group(1)[:1].isupper() and not found.group(1).isupper()  # "I love Gina and Captain Holt"
        if name or _LISTED.match(clause.rest, found.end()):
            continue
        if word not in LEMMAS or not _agrees(clause, word) or SUBJECT.search(before) or _OTHERS.search(before):
            continue
        helper = "am" if word.endswith("ing") else clause.modal
        nextone = parse_verb(clause.rest, found.start(1), clause.who, helper)
        if nextone and nextone.lemma not in {"be", "like"}:
            yield _carry(nextone, clause)


_LISTED = re.compile(r",\s*(?:\d|no\b|two\b|three\b|four\b)")  # "out by Kearney, farm, 200 cows, no wifi"


def _joins(rest: str) -> bool:
    """Whether what follows a verb may join anything to it, which most does not: looked for before any pattern."""
    near = rest[:_JOINED_WITHIN].lower()
    return "," in near or "and" in near or "but" in near


def _carry(joined: Clause, first: Clause) -> Clause:
    """The joined clause keeps the sentence, and the perfect, of the first."""
    return joined._replace(sentence=first.sentence, perfect=joined.perfect or (first.perfect and joined.form in PASTS))


def _agrees(clause: Clause, word: str) -> bool:
    """Whether `word` can share the clause's subject: same tense, so that no noun is taken for a verb."""
    if clause.negated or clause.used_to:
        return False
    if word.endswith("ing"):
        return clause.lemma == "be" or clause.progressive
    if clause.modal:
        return LEMMAS[word] == word
    return (word in PASTS) if clause.past or clause.perfect else (LEMMAS[word] == word and not clause.progressive)


def _read_verb(text: str, found: "re.Match[str]") -> Clause | None:
    who, first = _subject(found)
    return parse_verb(text, found.end(), who, first)


def _subject(found: "re.Match[str]") -> tuple[str, str]:
    if found["lets"]:
        return "we", "let's"
    if found["bare"]:
        return "i", _BARE[found["bare"].lower()]
    who = "we" if found[0][0] in "wW" else "i"
    return who, CONTRACTED.get((found["short"] or "").lower(), "")
