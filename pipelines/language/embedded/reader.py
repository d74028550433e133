"""Reads one message of the user into facts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

from pipelines.contract import Category, Fact, Message
from pipelines.language.embedded.first_pass import owns, speaks
from pipelines.language.embedded.frames.answering.lasting import lasting, may_wish, with_wishes
from pipelines.language.embedded.frames.answering.manners import WISH_WORDS, manner
from pipelines.language.embedded.frames.answering.naming import assistant_name
from pipelines.language.embedded.frames.answering.requests import enthusiast, fragment, opinion_opening, standing
from pipelines.language.embedded.frames.asides import ASIDE_WORDS, asides
from pipelines.language.embedded.frames.attitudes.beliefs import opinion
from pipelines.language.embedded.frames.candidate import Candidate, distinct, read_by
from pipelines.language.embedded.frames.identity.introductions import introduction
from pipelines.language.embedded.frames.identity.openings import dated, impersonal, mine, role_opening
from pipelines.language.embedded.frames.identity.possessive import POSSESSIVE, possessive
from pipelines.language.embedded.frames.identity.recast import recast
from pipelines.language.embedded.frames.intentions.announced import PLAN_WORDS, plan_opening
from pipelines.language.embedded.frames.intentions.ended import DEATH_WORDS, as_ended, as_it_was, passed_away
from pipelines.language.embedded.frames.intentions.kin_days import of_days
from pipelines.language.embedded.frames.intentions.parted import PARTING_WORDS, parted, still_stands
from pipelines.language.embedded.frames.life.placed import may_be_placed, placed
from pipelines.language.embedded.frames.life.ways import SOBER_WORDS, counts_sober_days
from pipelines.language.embedded.frames.open_frames.owned import owned
from pipelines.language.embedded.frames.registry import ANY_VERB, FRAMES, MODAL_FRAMES, OPEN_FRAMES, is_read
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.find_clauses import MOST_SUBJECTS, read_clauses
from pipelines.language.embedded.grammar.sentences import MASK, Sentence, split_sentences
from pipelines.language.embedded.grammar.stating import is_stated, stated, task_of
from pipelines.language.embedded.grammar.words import READ_HEAD, READ_TAIL, vocabulary, word_set, words_in
from pipelines.language.embedded.judging.days import by_calendar
from pipelines.language.embedded.judging.judge import fitting
from pipelines.language.embedded.judging.lasting.own import is_own
from pipelines.language.embedded.judging.meant import LONGEST_TAKING_BACK, takes_back
from pipelines.language.embedded.masks import own_words
from pipelines.language.embedded.written import LONGEST_VALUE, as_written
from pipelines.work import late_patterns as re

Reads = Callable[..., Sequence[Candidate]]  # a sentence, as `candidates_of` does

LONGEST_EVIDENCE = 300

_SUBJECTS = word_set("i i'm im ive i've i'll i'd ill id we we're we've we'll we'd let's lets")
_WEIGHTY = frozenset(["matters", "matter", "important", "everything", "sacred", "essential", "comes", "come"])
_DATED = word_set(
    "deadline date start end day exam interview appointment launch wedding flight meeting birthday graduation "
    "anniversary recital surgery party"
)
_ROLE_OPENINGS = ("as", "being", "living", "suffering", "working", "growing", "having", "coming", "so as", "and as")
_POSSESSIVES = frozenset(["my", "our"])
_OPINION_WORDS = frozenset(
    ["opinion", "view", "imo", "imho", "personally", "ask", "mind", "concerned", "me", "experience"]
)
_FANS = frozenset(["fan", "lover"])
_OF_A_DAY = frozenset[Category](["commitment", "date"])
FIRST_SENTENCES = 3  # of a short message, which may be an introduction without a verb
SHORT_MESSAGE = 240  # characters; a wish in a longer one is part of a task, unless it says "always"

_NAMING = frozenset(["call", "name", "named"])
_ANCHORS = word_set(
    "i i'm im ive i've i'll i'd we we're we've we'll we'd my our me let's lets imo imho personally decision plan "
    "consensus agreed"
)
_BARE_WORDS = word_set(
    "name's name people everyone friends exam deadline interview flight got just fan lover started finished became "
    "birthday wedding graduation anniversary when whenever use give write don't no only explain speak broke turned "
    "sold bought joined always never please keep answer reply respond avoid stop skip call address concise brief "
    "short emojis emoji bullet jargon units english decided switched switching chose picked went going settled opted "
    "moving moved migrated migrating replaced replacing dropped dropping ditched cancelled canceled booked scheduled "
    "signed planning working living based born allergic married building learning studying quit prefer hate enjoy "
    "love diagnosed retired believe adopted promised committed committing will adopting updating adjusting confirmed "
    "agreed sticking"
)


def may_state(text: str, words: frozenset[str]) -> bool:
    """Whether a message with these words can hold a statement at all."""
    return len(text) < SHORT_MESSAGE or not words.isdisjoint(_ANCHORS) or not words.isdisjoint(_BARE_WORDS)


def read_message(text: str, words: frozenset[str], said: Reads) -> Iterator[tuple[Candidate, int, int]]:
    """Candidates of one message, each with the span of the sentence that it was read from. `said` reads a sentence.

    Most messages say nothing about their author: the frames look first, the guards only where these saw something.
    """
    head = text if len(text) <= READ_HEAD else text[:READ_HEAD]
    tail = "" if len(text) <= READ_HEAD else text[-READ_TAIL:]
    known: dict[str, Sequence[Candidate]] = {}
    read = partial(_read, words=words, known=known, said=said)
    if any(read(head)) or (tail and any(read(tail))):
        yield from read(own_words(text, words))
    if len(text) < SHORT_MESSAGE and not words.isdisjoint(_NAMING):
        yield from assistant_name(text, words)


def _read(
    text: str, *, words: frozenset[str], known: dict[str, Sequence[Candidate]], said: Reads
) -> Iterator[tuple[Candidate, int, int]]:
    """`known` keeps what each sentence of the message gave, so that none is read twice."""
    alone = len(text) < SHORT_MESSAGE
    hinted = not words.isdisjoint(_BARE_WORDS)
    for index, sentence in enumerate(split_sentences(text)):
        found = known.get(sentence.text)
        if found is None:
            own = vocabulary(sentence.text)
            if (
                own.isdisjoint(_ANCHORS)
                and not (hinted and len(sentence.text) < 200 and not own.isdisjoint(_BARE_WORDS))
                and not (alone and index < FIRST_SENTENCES)
            ):
                continue
            found = known[sentence.text] = said(sentence.text, alone=alone)
        for candidate in found:
            yield candidate, sentence.start, sentence.end


def candidates_of(text: str, *, alone: bool) -> Sequence[Candidate]:
    """What one sentence gives; `alone`: of a short message."""
    words = vocabulary(text)
    anchored = not words.isdisjoint(_ANCHORS)
    speaking = anchored and speaks(words_in(text))
    read = read_sentence(Sentence(text, 0, len(text)), words, alone=alone, anchored=anchored, speaking=speaking)
    return tuple(_finished(read, text))


def _finished(found: Iterable[Candidate], sentence: str) -> Iterator[Candidate]:
    """The candidates that the judge lets pass, as they are told."""
    for candidate in found:
        value = as_written(candidate.value)
        told = value and fitting(
            candidate._replace(value=value, detail=candidate.detail[:LONGEST_VALUE].strip()), sentence
        )
        if told:
            yield told


def read_sentence(
    sentence: Sentence, words: frozenset[str], *, alone: bool, anchored: bool, speaking: bool = True
) -> Iterable[Candidate]:
    """All candidates of a sentence, each value once. `speaking`: whether a verb of the user's is one that is read."""
    found = [*_recast(sentence.text, words)]
    asks = sentence.asks
    gone = [] if asks or words.isdisjoint(PARTING_WORDS) else read_by(parted, sentence.text)
    said = stated(sentence) if anchored or alone else ""
    if anchored:
        found += _personal(sentence, said, words, speaking=speaking)
    if not asks and not anchored:
        found += _openings(sentence.text, words)
    if not asks and not found:
        found += standing(sentence.text, words, alone=alone)
        note = fragment(sentence.text)
        if note and not found:
            found += [*read_clause(note)]
        found += [] if found or words.isdisjoint(PLAN_WORDS) else read_by(plan_opening, sentence.text, words)
        found += [] if found or words.isdisjoint(_FANS) else read_by(enthusiast, sentence.text)
    if alone:
        found += _shortly(sentence.text, said, words, found)
        wishes = read_by(lasting, sentence.text, words) if may_wish(sentence.text, words) else []
        found = with_wishes(found, wishes) if wishes else found
    found += _by_the_way(sentence.text, words, found)
    found += of_days(said, words, found, alone=alone)
    if "please" in words and not asks and not any(each.category == "preference" for each in found):
        found += standing(sentence.text.lower().rpartition("please")[2].join(["please", ""]), words, alone=alone)
    for ending in gone:
        found = [ending, *(each for each in found if still_stands(each, ending.value))]
    return distinct(found)


def _personal(sentence: Sentence, said: str, words: frozenset[str], *, speaking: bool) -> Iterator[Candidate]:
    """`said` is what the sentence states, before its question."""
    if not sentence.asks:
        yield from _openings(sentence.text, words)
    if not said:
        return
    if speaking and not words.isdisjoint(_SUBJECTS):
        for clause in read_clauses(said, words, is_read):
            yield from read_clause(clause)
    if not words.isdisjoint(ASIDE_WORDS):
        yield from asides(said, words, task_of(sentence.text, words))
    if owns(words):
        yield from _owned(said, task_of(sentence.text, words))


def _owned(said: str, task: "re.Match[str] | None") -> Iterator[Candidate]:
    for mine_ in islice(POSSESSIVE.finditer(said), MOST_SUBJECTS):
        if is_stated(said, mine_.start(), task):
            phrase = said[mine_.end() :].split(MASK, 1)[0]
            found = read_by(possessive, phrase) or read_by(owned, phrase)
            yield from found if not _in_passing(said[: mine_.start()]) else filter(_tells, found)


def _recast(text: str, words: frozenset[str]) -> Iterator[Candidate]:
    for own in recast(text, words):
        for clause in read_clauses(own, vocabulary(own), is_read):
            for candidate in read_clause(clause):
                yield candidate._replace(rule="recast.recast")


_PARTS = re.compile(r"(?:,\s*(?:so|and|but|just)\s|;\s|,\s|\s(?:so|and|but)\s(?=please|avoid|no\b|don't))")

_PART_OPENINGS = frozenset(["please", "avoid", "no", "don't"])


def _parts(text: str, words: frozenset[str]) -> list[str]:
    divided = "," in text or ";" in text or not words.isdisjoint(_PART_OPENINGS)
    return _PARTS.split(text)[:6] if divided else []


def _shortly(text: str, said: str, words: frozenset[str], found: Sequence[Candidate]) -> Iterator[Candidate]:
    """What only a short message is trusted to say: how to be answered, and who speaks, without a verb."""
    told = any(each.category in {"preference", "name"} for each in found)
    wishes: list[Candidate] = []
    if not told and not words.isdisjoint(WISH_WORDS):
        wishes = read_by(manner, text)
        parts = [] if wishes else _parts(text, words)
        wishes = wishes if len(parts) < 2 else [wish for part in parts for wish in read_by(manner, part)]
    yield from wishes
    if not words.isdisjoint(DEATH_WORDS):
        yield from read_by(passed_away, said)
    if not found and not words.isdisjoint(SOBER_WORDS):
        yield from read_by(counts_sober_days, said)
    if (not (found or wishes) or "here" in words) and said.partition(" ")[0].lower() not in _SUBJECTS:
        yield from read_by(introduction, said, words)


_PASSING = re.compile(r"\b(?:i|we)(?:'\w+)?\s(?:\w+\W+){1,12}$", re.IGNORECASE)


def _in_passing(before: str) -> bool:
    """Whether "my ..." only completes a clause about the user: "I'm building a treehouse for my kids"."""
    return _PASSING.search(before[-90:]) is not None and not re.search(r"\b(?:and|because|but|,)\s*$", before)


def _tells(candidate: Candidate) -> bool:
    return candidate.category != "relationship" or bool(candidate.detail) or " " in candidate.value


def read_clause(clause: Clause) -> Iterator[Candidate]:
    """What the frames of the clause's verb, and of its modal, yield; where these see nothing, the open frames."""
    if clause.was and clause.form.endswith("ing"):  # "I was living in Kent when ...": a story, no state of today
        return
    frames = (*FRAMES.get(clause.lemma, ()), *MODAL_FRAMES.get(clause.modal, ()))
    found = [candidate for frame in frames for candidate in read_by(frame, clause)]
    found = found or [each for frame in OPEN_FRAMES.get(clause.lemma, ANY_VERB) for each in read_by(frame, clause)]
    yield from found
    if not found and clause.negated and (before := as_it_was(clause)):
        yield from map(as_ended, read_clause(before))


def _openings(text: str, words: frozenset[str]) -> Iterator[Candidate]:
    """Statements whose subject is neither "I" nor "my ..."."""
    if not words.isdisjoint(_OPINION_WORDS) and (opinion_text := opinion_opening(text)):
        yield from read_by(opinion, opinion_text)
    if text.split(" ", 1)[0].lower().endswith("ing") and text[:6].lower() != "being ":
        yield from read_by(role_opening, text)
    if "me" in words and not words.isdisjoint(_WEIGHTY):
        yield from read_by(impersonal, text)
    if text[:12].lower().startswith(_ROLE_OPENINGS) or "speaking" in words:
        yield from read_by(role_opening, text)
    if not words.isdisjoint(_DATED):
        yield from read_by(dated, text, words)
    if not words.isdisjoint(_POSSESSIVES):
        yield from read_by(mine, text)


def _by_the_way(text: str, words: frozenset[str], found: Sequence[Candidate]) -> list[Candidate]:
    """What a sentence about something else tells, a question as well."""
    if not may_be_placed(words) or any(each.category == "location" for each in found):
        return []
    return read_by(placed, text, words)


def facts_of(message: Message, conversation_id: str, text: str, words: frozenset[str], said: Reads) -> Iterator[Fact]:
    """The facts of one message, whose plain text and words are given."""
    for candidate, start, end in read_message(text, words, said):
        if takes_back(text[end : end + LONGEST_TAKING_BACK]) or not is_own(candidate, text, start, end):
            continue
        sentence = message.text[start:end][:LONGEST_EVIDENCE]
        when = message.time if candidate.category in _OF_A_DAY else None
        yield Fact(
            candidate.category,
            by_calendar(candidate.value, when),
            sentence,
            conversation_id,
            message.id,
            message.time,
            1,
            by_calendar(candidate.detail, when),
        )
