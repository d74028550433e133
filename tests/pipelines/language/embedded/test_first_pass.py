"""The first pass rules out no sentence in which a frame would have read something."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.language.embedded import first_pass
from pipelines.language.embedded.first_pass import speaks
from pipelines.language.embedded.frames.registry import READ_VERBS, is_read
from pipelines.language.embedded.grammar.find_clauses import read_clauses
from pipelines.language.embedded.grammar.lexicon import ADVERBS, AUXILIARIES, LEMMAS, NEGATIVES
from pipelines.language.embedded.grammar.sentences import split_sentences
from pipelines.language.embedded.reader import read_clause, read_sentence

_WORD = re.compile(r"\w+(?:'\w+)*")
SUBJECTS = sorted(first_pass._SUBJECTS - {"let's", "lets"})  # a proposal counts only with a verb that a frame reads
FORMS = sorted(form for form, lemma in LEMMAS.items() if lemma in READ_VERBS)
WORDS = st.one_of(
    st.sampled_from(SUBJECTS),
    st.sampled_from(sorted(ADVERBS | NEGATIVES | AUXILIARIES)),
    st.sampled_from(FORMS),
    st.sampled_from(["and", "but", ",", "to", "a", "the", "my", "going", "used", "no", "longer", "as", "in", "with"]),
    st.sampled_from(["Leeds", "nurse", "chess", "dog", "daughter", "Ana", "vegan", "allergic", "nuts", "every", "day"]),
)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(SUBJECTS), st.lists(WORDS, max_size=10))
def test_no_sentence_from_which_a_rule_reads_is_ruled_out(subject: str, words: list[str]) -> None:
    for sentence in split_sentences(" ".join([subject, *words]) + "."):
        tokens = _WORD.findall(sentence.text.lower())
        if not speaks(tokens):
            own = frozenset(tokens)
            whole = read_sentence(sentence, own, alone=False, anchored=True)
            assert read_sentence(sentence, own, alone=False, anchored=True, speaking=False) == whole


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(SUBJECTS), st.lists(WORDS, max_size=10))
def test_no_clause_that_a_frame_reads_is_passed_over(subject: str, words: list[str]) -> None:
    text = " ".join([subject, *words])
    for clause in read_clauses(text, frozenset(_WORD.findall(text.lower())), lambda _: True):
        assert is_read(clause) or not [*read_clause(clause)]
