"""Reads one message of the user into facts."""

import re
from collections.abc import Iterable, Iterator

from pipelines.contract import Fact
from pipelines.language.embedded.clauses import _is_stated, read_clauses, statement_end
from pipelines.language.embedded.frames.beliefs import opinion
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.possessive import POSSESSIVE, impersonal, possessive
from pipelines.language.embedded.frames.registry import FRAMES
from pipelines.language.embedded.frames.requests import fragment, opinion_opening, plan_opening, standing
from pipelines.language.embedded.guards import own_words
from pipelines.language.embedded.sentences import MASK, Sentence, split_sentences

LONGEST_VALUE = 140  # characters
LONGEST_EVIDENCE = 300

_ANCHOR = re.compile(
    r"\b(?:i|i'm|im|ive|i've|i'll|i'd|we|we're|my|our|me|let's|lets|us|imo|imho|personally|decision|plan|consensus)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\s*(?:\W*\b(?:please|pls|from now on|always|never|keep|use|answer|reply|respond|avoid|no|don't|do not|be|call|address|going forward|in future|only|skip|"
    r"stop|show|give|include|cite|write|explain|make|get|stick|cut|leave|speak|talk|also|btw|ps|and|ok|hi|hey|in general|remember|just|so|"
    r"decided|switch\w*|chose|picked|went|going|settled|opted|mov\w+|migrat\w+|replac\w+|dropp\w+|ditch\w*|cancel\w+|agreed|booked|scheduled|signed|planning|"
    r"working|living|based|born|allergic|married|building|learning|studying|quit|got|prefer|love|hate|enjoy|like|live|work|can't|need|will|diagnosed|retired|believe|adopted)\b)",
    re.IGNORECASE,
)


def read_message(text: str) -> Iterator[tuple[Candidate, str]]:
    """Candidates of one message with the sentence, verbatim, that each was read from."""
    masked = own_words(text)
    if not masked.strip(MASK + " \n\r\t"):
        return
    alone = len(masked) < 240
    for sentence in split_sentences(masked):
        anchored = _ANCHOR.search(sentence.text)
        if not anchored and not (len(sentence.text) < 200 and _BARE.match(sentence.text)):
            continue
        evidence = text[sentence.start : sentence.end][:LONGEST_EVIDENCE]
        for candidate in read_sentence(sentence, alone=alone, anchored=bool(anchored)):
            value = _finish(candidate.value)
            if value:
                yield Candidate(candidate.category, value, candidate.detail[:LONGEST_VALUE].strip()), evidence


def read_sentence(sentence: Sentence, *, alone: bool, anchored: bool) -> Iterable[Candidate]:
    """All candidates of a sentence, each value once."""
    found: list[Candidate] = []
    if anchored:
        found += _personal(sentence)
    if not sentence.asks and not found:
        found += standing(sentence.text, alone=alone)
        note = fragment(sentence.text)
        if note and not found:
            found += [each for frame in FRAMES.get(note.lemma, ()) for each in frame(note)]
        found += [] if found else plan_opening(sentence.text)
    return _distinct(found)


def _personal(sentence: Sentence) -> Iterator[Candidate]:
    opinion_text = opinion_opening(sentence.text)
    if opinion_text and not sentence.asks:
        yield from opinion(opinion_text)
    for clause in read_clauses(sentence):
        for frame in FRAMES.get(clause.lemma, ()):
            yield from frame(clause)
        if clause.modal in {"will", "let's"}:
            from pipelines.language.embedded.frames.plans import will

            yield from will(clause)
        elif clause.modal == "must":
            from pipelines.language.embedded.frames.plans import must

            yield from must(clause)
    end = statement_end(sentence)
    for owned in POSSESSIVE.finditer(sentence.text[:end]):
        if _is_stated(sentence.text, owned.start(), _task(sentence.text)):
            yield from possessive(sentence.text[owned.end() : end].split(MASK, 1)[0])
    if not sentence.asks:
        yield from impersonal(sentence.text)


def _task(text: str) -> "re.Match[str] | None":
    from pipelines.language.embedded.clauses import _TASK

    return _TASK.match(text)


def _finish(value: str) -> str:
    value = " ".join(value.replace(MASK, " ").split()).strip(" ,.;:-\"'*_")
    return value[:LONGEST_VALUE].strip() if len(value) > 1 else ""


def _distinct(found: Iterable[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for candidate in found:
        key = candidate.value.lower()
        if any(key in other.value.lower() for other in kept if other.category == candidate.category):
            continue
        if any(key == other.value.lower() for other in kept):
            continue
        kept.append(candidate)
    return kept


def facts_of(text: str, conversation_id: str, message_id: str, time: float | None) -> Iterator[Fact]:
    """The facts of one message."""
    for candidate, sentence in read_message(text):
        yield Fact(
            candidate.category, candidate.value, sentence, conversation_id, message_id, time, 1, candidate.detail
        )
