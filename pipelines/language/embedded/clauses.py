"""Finds first-person clauses in a sentence and reads their verb group: who, negated, tense, verb, and the rest."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from pipelines.language.embedded.lexicon import ADVERBS, AUXILIARIES, CONTRACTED, LEMMAS, NEGATIVES
from pipelines.language.embedded.sentences import MASK, Sentence
from pipelines.language.embedded.words import word_set

MOST_SUBJECTS = 12  # first-person subjects of one sentence that are read

SUBJECT = re.compile(
    r"(?<![\w'.\-/])(?:(?P<who>i|we)(?:'(?P<short>m|re|ve|ll|d))?(?![\w'/\-]|\.\w|\)|\s?[+=<>])|"
    r"(?P<bare>im|ive|ill|id)(?=\s)|(?P<lets>let's|lets)(?=\s))",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\s,]*([\w][\w'\-]*)")
_BARE = {"im": "am", "ive": "have", "ill": "will", "id": "would"}
_INVERTED = word_set(
    "do does did should can could would will am are have has may might must shall was were what how "
    "which who whom why where "
    "when before until till whether than whatever whenever wherever if unless don't didn't can't couldn't shouldn't"
)
_HYPOTHETICAL = re.compile(
    r"\b(?:if|unless|whether|as though|supposing|suppose|imagine|imagining|wish|pretend|in case|what "
    r"about|how about|even if|as if|"
    r"in (?:this|the|my|our) (?:story|scenario|game|example|scene|dream|book|novel)|let's say|provided|"
    r"lest|assuming)\b[^.;\x01]*$",
    re.IGNORECASE,
)
_HYPOTHETICAL_WORDS = word_set(
    "story scenario game example scene dream book novel if unless whether though supposing suppose "
    "imagine imagining wish pretend case what how let's provided lest assuming"
)
_REPORT_WORDS = word_set(
    "say says said saying tell tells told telling ask asks asked claim claims claimed think thinks "
    "thought believes replied replies wrote writes "
    "goes stating state states insists insisted assumes assume joked shouted like said:"
)
_HARMLESS_IF = re.compile(
    r"\bif (?:it|that|this|you|anyone|possible|relevant|needed|so|not|there|someone|anything)\b[^,]*,[^,]*$",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:says?|said|saying|tells?|told|telling|asks?|asked|claims?|claimed|thinks?|thought|believes?|"
    r"replied|replies|wrote|writes|goes|"
    r"stating|states?|insists?|insisted|assumes?|joked|shouted|like)\b(?:\s+(?:me|us|him|her|them|you|"
    r"that|to))*[\s,:]*$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:never|not|n't|doubt)\s+(?:say|said|think|claim|mean|sure|true)(?:ed)?\s+(?:that\s+)?$", re.IGNORECASE
)
_SELF_REPORT = re.compile(
    r"\b(?:i|i've|i'd|we)\s+(?:\w+\s+)?(?:say|said|think|thought|believe|told|tell|should say)\b", re.IGNORECASE
)
_TASK = re.compile(
    r"^(?:[\W_]*(?:please|pls|can|could|would|will|you|kindly|help|me|us|hi|hey|hello|now|i|want|need|"
    r"to|like|i'd|and|then|just|let's|so|ok|okay),?\s+){0,8}"
    r"(?:write|generate|create|compose|draft|produce|give|tell|make|suggest|list|design|build|come up|"
    r"provide|show|explain|describe|prepare|find|"
    r"recommend|outline|brainstorm|tweet|post|reply|respond|answer|invent|craft|formulate)\b"
    r"(?=\s+(?:me|us|a|an|the|some|my|our|\d+|in|this|up|about|how|why|what|two|three|five|ten|\w+ "
    r"(?:about|for|that|on))\b|\s*:)",
    re.IGNORECASE,
)
_TASK_VERBS = word_set(
    "write generate create compose draft produce give tell make suggest list design build come "
    "provide show explain describe prepare find recommend "
    "outline brainstorm tweet post reply respond answer invent craft formulate"
)
_TASK_WORDS = re.compile(
    r"\b(?:saying|says?|that i|in which|where|about how|as if|as though|telling|stating|claiming|"
    r"explaining|pretending|which)\b|:",
    re.IGNORECASE,
)
_QUESTION_START = re.compile(
    r"(?:^|[,;:\x01]\s*|\s[-\u2013\u2014]+\s*|\b(?:and|but|so|then)\s+)(?:what|what's|whats|how|how's|which|who|"
    r"when|where|why|whose|should|do|does|did|don't|can|could|"
    r"would|will|is|are|am|was|were|isn't|aren't|have|has|may|any|shall|got|is it|right|correct|or not|"
    r"ok|okay|thoughts|ideas|"
    r"recommendations?|suggestions?|tips|advice|good|best|you|yes|no|does|possible|the best|must|might|anything|anyone|"
    r"eh|huh|please|so)\b",
    re.IGNORECASE,
)
_OPEN_QUESTION = re.compile(
    r"^(?:\W*(?:and|but|so|also|hey|hi|hello|ok|okay|then|now|well|or|please)\W+){0,2}(?:(?:do|does|"
    r"did|should|can|could|would|will|is|are|am|was|were|"
    r"have|has|may|shall|must)\s+(?:i|you|we|my|our|it|this|that|the|there|he|she|they|a|an)\b|(?:what|"
    r"how|which|who|where|why|whose)\b(?!\s+i\s+(?:like|love|want|prefer|decided|chose)))",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"[;:\x01]|\s[-\u2013\u2014]+\s|\bbut\b|\bhowever\b", re.IGNORECASE)


class Clause(NamedTuple):
    """One clause with a first-person subject; `rest` are the words after its verb."""

    who: str  # "i", "we", or "" for a clause without its subject
    lemma: str
    form: str
    rest: str
    negated: bool = False
    modal: str = ""  # "will", "would", "can", "must", ... or ""
    going: bool = False  # "going to", "gonna"
    used_to: bool = False
    perfect: bool = False
    progressive: bool = False
    was: bool = False  # "was" or "had" stands before the verb
    adverbs: tuple[str, ...] = ()
    sentence: str = ""
    ended: bool = False  # "no longer"

    @property
    def past(self) -> bool:
        """A finished past: "worked", "was", not "have worked"."""
        return not self.perfect and not self.progressive and self.form in _PASTS

    @property
    def unreal(self) -> bool:
        return self.modal in {"would", "could", "should", "might", "may", "shall"} or self.used_to


_PASTS = frozenset(
    form
    for form, lemma in LEMMAS.items()
    if form != lemma
    and (
        form.endswith("ed")
        or form
        in [
            "was",
            "were",
            "had",
            "did",
            "taught",
            "ran",
            "led",
            "sold",
            "drove",
            "wrote",
            "built",
            "made",
            "sang",
            "swam",
            "went",
            "spent",
            "got",
            "felt",
            "thought",
            "broke",
            "tore",
            "became",
            "chose",
            "left",
            "bought",
            "took",
            "gave",
            "met",
            "lost",
            "kept",
            "paid",
            "began",
            "grew",
            "knew",
            "fell",
            *("won", "slept", "woke", "rode", "flew", "saw", "said", "told", "heard", "forgot", "brought", "held"),
            *("underwent", "ate", "drank", "drew", "spoke", "swore", "quit", "lent", "shot", "wore", "understood"),
        ]
    )
)


def statement_end(sentence: Sentence) -> int:
    """How far the sentence states something: up to its question, 0 when it only asks."""
    text = sentence.text
    opening = _OPEN_QUESTION.match(text)
    if opening:
        return 0
    if not sentence.asks:
        return len(text)
    found = _QUESTION_START.search(text)
    return found.start() if found else 0


def read_clauses(text: str, words: frozenset[str]) -> Iterator[Clause]:
    """The clauses of a sentence's statement in which the user says something in the first person."""
    task = task_of(text, words)
    for found in islice(SUBJECT.finditer(text), MOST_SUBJECTS):
        if is_stated(text, found.start(), task):
            clause = _read_verb(text, found)
            if clause:
                yield clause
                yield from _joined(clause)


_AND = re.compile(
    r"(?:,\s*and|,\s*but|,|\band|\bbut)\s+(?:also |then |now |currently |still |recently |just )?([a-z]+)\b",
    re.IGNORECASE,
)


_AND_STATE = re.compile(
    r"(?:,\s*and|,|\band|\bbut)\s+(?:also |now |currently |still |just |i'm )?"
    r"(?=(?:(?:previously|formerly|originally|half|proudly|happily) )?(?:an?|half [A-Z]\w*|in (?:my|the|[A-Z]\w*)|"
    r"on (?:a|my|the)|from [A-Z]\w*|at [A-Z]\w*|based|"
    r"allergic|married|single|divorced|vegan|vegetarian|lactose|pregnant|retired|dyslexic|autistic|diabetic|"
    r"left-handed|"
    r"mother|father|mum|mom|dad|fluent|originally|engaged|unemployed|non-?binary|self-employed|colou?r|lapsed|"
    r"bilingual)\b)",
    re.IGNORECASE,
)


def _joined_states(clause: Clause) -> Iterator[Clause]:
    """ "I'm 19 and in my first year", "I'm living in Hanoi but originally from Quebec": the copula is carried on."""
    if clause.negated or clause.modal or not (clause.lemma == "be" or clause.progressive) or clause.past or clause.was:
        return
    for found in _AND_STATE.finditer(clause.rest, 0, 160):
        if not SUBJECT.search(clause.rest[: found.start()]):
            yield clause._replace(lemma="be", form="am", rest=" " + clause.rest[found.end() :], progressive=False)


def _joined(clause: Clause) -> Iterator[Clause]:
    """Later verbs of the same subject: "I live in Leeds and work as a nurse", "I'm 34 and training for a race"."""
    yield from _joined_states(clause)
    for found in _AND.finditer(clause.rest, 0, 160):
        word = found.group(1).lower()
        if word not in LEMMAS or not _agrees(clause, word) or SUBJECT.search(clause.rest[: found.start()]):
            continue
        helper = "am" if word.endswith("ing") else clause.modal
        nextone = parse_verb(clause.rest, found.start(1), clause.who, helper)
        if nextone and nextone.lemma not in {"be", "like"}:
            yield _carry(nextone, clause)


def _carry(joined: Clause, first: Clause) -> Clause:
    """The joined clause keeps the sentence, and the perfect, of the first."""
    return joined._replace(sentence=first.sentence, perfect=joined.perfect or (first.perfect and joined.form in _PASTS))


def _agrees(clause: Clause, word: str) -> bool:
    """Whether `word` can share the clause's subject: same tense, so that no noun is taken for a verb."""
    if clause.negated or clause.used_to:
        return False
    if word.endswith("ing"):
        return clause.lemma == "be" or clause.progressive
    if clause.modal:
        return LEMMAS[word] == word
    return (word in _PASTS) if clause.past or clause.perfect else (LEMMAS[word] == word and not clause.progressive)


def task_of(text: str, words: frozenset[str]) -> "re.Match[str] | None":
    """The task that a sentence opens with ("Write me a plan ..."), if any."""
    return None if words.isdisjoint(_TASK_VERBS) else _TASK.match(text)


def is_stated(text: str, start: int, task: "re.Match[str] | None") -> bool:
    """Whether what starts at `start` is said as true: not asked, supposed, reported, or asked to be written."""
    before = text[:start]
    if not before.strip():
        return True
    previous = before.rsplit(None, 1)[-1].lower().strip("\"'(*")
    if previous in _INVERTED:
        return False
    if task and start > task.start() + 1 and (_TASK_WORDS.search(before) or not _opens_clause(before)):
        return False
    low = before.lower()
    words = low.replace(",", " ").split()
    if not _HYPOTHETICAL_WORDS.isdisjoint(words) and _HYPOTHETICAL.search(before) and not _HARMLESS_IF.search(before):
        return False
    denied = ("not" in low or "never" in low or "n't" in low or "doubt" in low) and _DENIED.search(before)
    if denied or "according to" in low:
        return False
    return not (not _REPORT_WORDS.isdisjoint(words) and _REPORTED.search(before) and not _SELF_REPORT.search(before))


def _opens_clause(before: str) -> bool:
    """After a task, a statement needs its own clause: "a plan, I'm 34", "a gift because I ..."."""
    return bool(re.search(r"(?:[,;.:)\u2013\u2014-]|\b(?:because|since|as|so|and|but))\s*$", before))


def _read_verb(text: str, found: "re.Match[str]") -> Clause | None:
    who, first = _subject(found)
    return parse_verb(text, found.end(), who, first)


def _subject(found: "re.Match[str]") -> tuple[str, str]:
    if found["lets"]:
        return "we", "let's"
    if found["bare"]:
        return "i", _BARE[found["bare"].lower()]
    return found["who"].lower(), CONTRACTED.get((found["short"] or "").lower(), "")


def parse_verb(text: str, position: int, who: str, first: str = "") -> Clause | None:
    """Read auxiliaries, negation, adverbs and the main verb from `position` on."""
    state = _Group(first)
    while True:
        found = _WORD.match(text, position)
        if not found:
            return state.close(who, text, position) if state.auxiliary else None
        word = found.group(1).lower()
        if not state.take(word, text, found.end()):
            break
        position = state.skip or found.end()
        state.skip = 0
    return state.finish(who, text, position, word, found.end())


_NO_VERBS = word_set(
    "the a an my our your his her their this that school bed work church town sleep college "
    "university class court hospital one some"
)


class _Group:
    """The verb group while it is being read."""

    def __init__(self, first: str) -> None:
        self.auxiliary = first
        self.seen: list[str] = [first] if first else []
        self.adverbs: list[str] = []
        self.negated = self.going = self.used_to = self.ended = False
        self.skip = 0

    def take(self, word: str, text: str, end: int) -> bool:
        """Whether `word` belongs to the group and is not its main verb."""
        if word in NEGATIVES:
            self._negate(word)
        elif word in ADVERBS:
            self.adverbs.append(word)
        elif word in {"going", "gonna"} and self.auxiliary in {"am", "are", "was", "were"}:
            return self._take_going(word, text, end)
        elif not self._take_pair(word, text, end):
            if word not in AUXILIARIES:
                return False
            self.seen.append(word)
            self.auxiliary = word
        return True

    def _negate(self, word: str) -> None:
        self.negated = True
        if word in {"not", "never", "hardly", "rarely"}:
            return
        self.auxiliary = word
        if word.startswith(("would", "should", "could", "won", "can", "are", "ain", "isn", "was", "were", "have")):
            self.seen.append({"won": "will", "can": "can"}.get(word[:3], word.split("n't", maxsplit=1)[0]))

    def _take_pair(self, word: str, text: str, end: int) -> bool:
        """Two words that count as one: "no longer", "used to", "have to"."""
        if word == "no" and text[end : end + 7].lower() == " longer":
            self.negated, self.ended, self.skip = True, True, end + 7
        elif word == "used" and text[end : end + 3] == " to":
            self.used_to, self.skip = True, end + 3
        elif word in {"have", "need", "got", "has", "had", "ought"} and text[end : end + 4].lower() == " to ":
            self.seen.append("must")
            self.auxiliary, self.skip = "must", end + 3
        else:
            return False
        return True

    def _take_going(self, word: str, text: str, end: int) -> bool:
        if word == "gonna" or text[end : end + 4].lower() == " to ":
            after = text[end + 4 : end + 24].split(None, 1)
            if word == "going" and after and (after[0][:1].isupper() or after[0].lower() in _NO_VERBS):
                return False
            self.going, self.skip = True, end if word == "gonna" else end + 3
            self.auxiliary = "will"
            return True
        return False

    def finish(self, who: str, text: str, start: int, word: str, end: int) -> Clause | None:
        """Name the main verb: `word`, or the auxiliary itself when no verb follows ("I am a nurse")."""
        be = self.auxiliary in {
            "am",
            "are",
            "is",
            "was",
            "were",
            "be",
            "been",
            "being",
            "aren't",
            "isn't",
            "wasn't",
            "ain't",
            "isnt",
            "arent",
        }
        have = self.auxiliary in {"have", "has", "had", "haven't", "hasn't", "having"}
        lemma = LEMMAS.get(word, "")
        if be and not (word.endswith("ing") and lemma):
            return self.close(who, text, start)
        did = self.auxiliary in {"do", "did", "does"} and not lemma and word in {"my", "a", "an", "the", "our", "some"}
        if (have and not lemma) or did:
            return self.close(who, text, start)
        if have and word == lemma and word not in {"read", "run", "come", "become"}:
            return self.close(who, text, start)
        return self._clause(who, lemma or word, word, text[end:], text)

    def close(self, who: str, text: str, position: int) -> Clause | None:
        """The clause whose main verb is its last auxiliary."""
        form = self.auxiliary.split("n't")[0]
        lemma = LEMMAS.get(form, "")
        if lemma not in {"be", "have", "do"}:
            return None
        if self.seen:
            self.seen.pop()
        return self._clause(who, lemma, form, text[position:], text)

    def _clause(self, who: str, lemma: str, form: str, rest: str, text: str) -> Clause:
        modals = [word for word in self.seen if word in _MODALS]
        return Clause(
            who=who,
            lemma=lemma,
            form=form,
            rest=_clip(rest),
            negated=self.negated,
            modal="will" if self.going else (modals[0] if modals else ""),
            going=self.going,
            used_to=self.used_to,
            perfect=any(word in {"have", "has", "had"} for word in self.seen),
            progressive=form.endswith("ing") and bool(self.seen),
            was=any(word in {"was", "were", "had"} for word in self.seen),
            adverbs=tuple(self.adverbs),
            sentence=text,
            ended=self.ended,
        )


_MODALS = frozenset(
    ["will", "would", "can", "could", "should", "might", "may", "must", "shall", "let's", "wanna", "gotta"]
)


def _clip(rest: str) -> str:
    masked = rest.find(MASK)
    return rest[:240] if masked < 0 else rest[: min(masked, 240)]
