"""Rules that look at a sentence's first word, or at its words alone, before they read it pass over nothing."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.language.embedded.frames.answering import manners, requests
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.identity import introductions
from pipelines.language.embedded.frames.identity.introductions import introduction
from pipelines.language.embedded.frames.occupation.jobs import job, may_be_titled
from pipelines.language.embedded.grammar import stating
from pipelines.language.embedded.grammar.sentences import Sentence
from pipelines.language.embedded.grammar.words import vocabulary

NOTES = [
    *(
        "Decided on oak",
        "Still renting a flat in Leeds",
        "don't eat meat",
        "Not a morning person",
        "by the way, moved to Rome",
    ),
    *(
        "Note that working as a nurse",
        "When you reply, never use emojis",
        "Please keep your answers short",
        "Call me Jo",
    ),
    *("My friends call me Bo", "i'd like you to always use metric units", "step-by-step, please", "you can call me Al"),
    *("Hi, nurse from Leeds", "mum of two", "vegan", "Type 1 diabetic", "photographer by day", "been vegan since 2018"),
    *(
        "Hey all, retired bus driver",
        "Welsh, night owl",
        "warehouse worker in Leeds",
        "teacher and mother",
        "27M from Pune",
    ),
    *(
        "So what do I do?",
        "Is it good?",
        "and how do I get there",
        "Could you stop apologising so much?",
        "spare me the fluff",
    ),
]
TEXTS = st.one_of(
    st.sampled_from(NOTES),
    st.lists(st.sampled_from([word for note in NOTES for word in note.split()]), min_size=1, max_size=9).map(" ".join),
)


class _Everything(frozenset[str]):
    """Beginnings that rule nothing out."""

    def __contains__(self, _word: object) -> bool:
        return True


BEGINNINGS = [
    *((requests, "_WISHES_BEGIN"), (requests, "_NOTES_BEGIN"), (manners, "_BEGINNINGS")),
    *((stating, "_QUESTIONS_BEGIN"), (introductions, "_GREETING_WORDS")),
]
RULES: list[tuple[str, Callable[[str], object]]] = [
    ("standing", lambda text: [*requests.standing(text, vocabulary(text), alone=True)]),
    ("fragment", requests.fragment),
    ("manner", lambda text: [*manners.manner(text)]),
    ("statement_end", lambda text: stating.statement_end(Sentence(text, 0, len(text)))),
    ("introduction", lambda text: [*introduction(text, vocabulary(text))]),
]


@pytest.mark.parametrize(("rule", "read"), RULES, ids=[name for name, _ in RULES])
@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_no_sentence_that_a_rule_reads_is_passed_over(rule: str, read: Callable[[str], object], text: str) -> None:
    found = read(text)
    with pytest.MonkeyPatch.context() as patch:
        for module, name in BEGINNINGS:
            patch.setattr(module, name, _Everything())
        patch.setattr(introductions, "_may_tell_who", lambda *_: True)
        assert read(text) == found


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_no_job_is_read_from_words_that_may_be_none(text: str) -> None:
    told: list[Candidate] = [each for each in job(f"a {text}") if not each.value[:1].isdigit()]
    assert not told or "'" in text or may_be_titled(vocabulary(text))
