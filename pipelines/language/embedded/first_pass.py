"""The cheap first pass: rules a sentence out by its words, before any frame reads it."""

from collections.abc import Sequence

from pipelines.language.embedded.frames.registry import MODAL_FRAMES, READ_VERBS
from pipelines.language.embedded.grammar.lexicon import ADVERBS, AUXILIARIES, LEMMAS, NEGATIVES, RELATIONS
from pipelines.language.embedded.grammar.words import word_set

_SUBJECTS = word_set("i i'm im ive i've i'll i'd ill id we we're we've we'll we'd let's lets")
_CONTRACTED = word_set("i'm im ive i've i'll i'd ill id we're we've we'll we'd")
_BEFORE_A_VERB = _SUBJECTS | {"and", "but"}
_SKIPPED = (
    ADVERBS
    | NEGATIVES
    | word_set(
        "will would can could should might may must shall do does did don't wanna gonna gotta going to used no longer "
        "have has had been be am are was were being got every"
    )
)
_MODAL = frozenset(MODAL_FRAMES) | word_set("gonna going have need got ought i'll we'll ill")
_OWNED = RELATIONS | word_set(
    "is are was were has have will be been remains include includes means runs expires expire leaves leave departs "
    "lands falls starts start ends end begins opens open uses use helps makes sells provides offers teaches tracks "
    "costs works lives comes moved favorite favourite birthday anniversary wedding "
    "boys girls"
)
_OWNERS = frozenset(["my", "our"])


def speaks(tokens: Sequence[str]) -> bool:
    """Whether a first-person subject is followed by a verb that a frame reads. `tokens`: a sentence's lower words."""
    for index, token in enumerate(tokens):
        if token in _BEFORE_A_VERB and _reads(tokens, index + 1, began=token in _CONTRACTED):
            return True
    return False


def _reads(tokens: Sequence[str], index: int, *, began: bool) -> bool:
    """Whether the verb group at `index` ends in such a verb; `began`: its auxiliary stood in the subject."""
    while index < len(tokens):
        token = tokens[index]
        if token in _SKIPPED:
            began = began or token in AUXILIARIES or token in NEGATIVES or token in _MODAL
            index += 1
            continue
        return began or LEMMAS.get(token, "") in READ_VERBS
    return began


def owns(words: frozenset[str]) -> bool:
    """Whether "my" or "our" may have something said of it."""
    return not words.isdisjoint(_OWNERS) and (not words.isdisjoint(_OWNED) or any("'s" in word for word in words))
