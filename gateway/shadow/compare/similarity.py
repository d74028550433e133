"""How much two texts or two lists say the same. Symmetric, and bounded in cost whatever the size."""

from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from gateway.shadow.compare.model import Overlap
from gateway.shadow.compare.normalise import words

NEAR = 86.0  # rapidfuzz points, of 100, from which two short statements are the same one
SHINGLE = 3  # words
ALIGNED_WORDS = 1_500  # up to this length texts are aligned word by word; longer ones are compared as bags of shingles
MAX_PAIRS = 40_000  # near-duplicate candidates looked at for one pair of lists

NEGATIONS = frozenset(
    {"no", "not", "never", "without", "don't", "doesn't", "isn't", "won't", "stopped", "quit", "avoid"}
)


def near(one: str, other: str) -> bool:
    """Whether two short cleaned statements are the same one in other words (word order, endings, a word more)."""
    return likeness(plain(one), plain(other)) >= NEAR


def plain(statement: str) -> str:
    """The words alone, without punctuation."""
    return " ".join(words(statement))


def likeness(one: str, other: str) -> float:
    """0 to 100, for plain statements. A statement inside another counts only if it is at least half of it."""
    sorted_ratio = fuzz.token_sort_ratio(one, other)
    lengths = sorted((len(one.split()), len(other.split())))
    if lengths[0] * 2 < lengths[1]:
        return sorted_ratio
    return max(sorted_ratio, fuzz.token_set_ratio(one, other))


def opposed(one: str, other: str) -> bool:
    """Whether exactly one of two statements is negated."""
    return _negated(one) != _negated(other)


def _negated(statement: str) -> bool:
    return sum(word in NEGATIONS for word in words(statement.replace("\u2019", "'"))) % 2 == 1


def match(one: Sequence[str], other: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of near items, the likest first, each item once. Swapping the sides swaps the pairs and nothing else."""
    if len(one) * len(other) > MAX_PAIRS:
        shorter = min(len(one), len(other), int(MAX_PAIRS**0.5))  # a short list is looked at whole
        one, other = (
            sorted(side)[: shorter if len(side) == shorter else MAX_PAIRS // shorter] for side in (one, other)
        )
    bare = {item: plain(item) for item in (*one, *other)}
    scored = [
        (-points, min(a, b), max(a, b), a, b)
        for a in one
        for b in other
        if (points := likeness(bare[a], bare[b])) >= NEAR
    ]
    taken_one: set[str] = set()
    taken_other: set[str] = set()
    pairs = []
    for _, _, _, a, b in sorted(scored):
        if a not in taken_one and b not in taken_other:
            taken_one.add(a)
            taken_other.add(b)
            pairs.append((a, b))
    return pairs


def share(both: float, only_one: float, only_other: float) -> Overlap:
    """Amounts as shares; two empty sides are the same."""
    total = both + only_one + only_other
    return Overlap(both / total, only_one / total, only_other / total) if total else Overlap(1.0)


def overlap_of_items(one: Sequence[str], other: Sequence[str]) -> Overlap:
    """Two sets of cleaned statements; near ones count as shared."""
    left, right = set(one), set(other)
    equal = left & right
    pairs = match(sorted(left - equal), sorted(right - equal))
    both = len(equal) + len(pairs)
    return share(both, len(left) - both, len(right) - both)


def overlap_of_words(one: Sequence[str], other: Sequence[str]) -> Overlap:
    """Two texts as word lists: aligned while they are short, by their shingles when they are long."""
    if max(len(one), len(other)) <= ALIGNED_WORDS:
        both = Indel.distance(one, other)
        common = (len(one) + len(other) - both) / 2
        return share(common, len(one) - common, len(other) - common)
    left, right = _shingles(one), _shingles(other)
    common = (left & right).total()
    return share(common, left.total() - common, right.total() - common)


def _shingles(text: Sequence[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(text[n : n + SHINGLE]) for n in range(max(1, len(text) - SHINGLE + 1)))
