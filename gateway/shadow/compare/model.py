"""What a shadow comparison works on and what it yields: the values, without any rule."""

from typing import Final, Literal

import msgspec

from pipelines.contract import Soulprint

Verdict = Literal["same", "equivalent", "better", "worse", "different", "contradicts"]
Class = Literal["same", "equivalent", "better_covered", "worse_covered", "contradicts", "failed"]

CLASSES: tuple[Class, ...] = ("same", "equivalent", "better_covered", "worse_covered", "contradicts", "failed")
AGREEING: Final = ("same", "equivalent")

Harm = Literal["wrong_person", "failed", "lost", "garbled", "slower"]
Gain = Literal["found", "filled"]
Effect = Harm | Gain | Literal["style"]

HARMS: tuple[Harm, ...] = ("wrong_person", "failed", "lost", "garbled", "slower")  # the worst first


class Failure(msgspec.Struct, frozen=True):
    """How a run failed. `kind` is the error's type name."""

    kind: str
    message: str


class WriteIntent(msgspec.Struct, frozen=True):
    """What a run wrote, or would have written, to one table."""

    table: str
    rows: int
    size: int = 0  # bytes
    deletes: tuple[str, ...] = ()  # keys of rows that would be gone


class Outcome(msgspec.Struct, frozen=True):
    """One run of one pipeline: a result or a failure, its writes, and how long it took."""

    pipeline: str
    result: Soulprint | None
    failure: Failure | None = None
    writes: tuple[WriteIntent, ...] = ()
    seconds: float = 0.0


class Overlap(msgspec.Struct, frozen=True):
    """How two values lie over each other; the three shares add up to 1."""

    shared: float
    only_one: float = 0.0
    only_other: float = 0.0


class FieldVerdict(msgspec.Struct, frozen=True):
    """One field. `better` means that the other side covers more; `one` and `other` are bounded samples for people."""

    field: str
    verdict: Verdict
    overlap: Overlap
    weight: float  # 0: shown, and decides nothing
    one: str = ""
    other: str = ""


class FactPair(msgspec.Struct, frozen=True):
    """Two facts that speak of the same thing."""

    category: str
    one: str
    other: str


class FactsVerdict(msgspec.Struct, frozen=True):
    """Facts as sets: "category: value", sorted. The lists are bounded samples; the counts are whole."""

    both: int = 0
    only_one: int = 0
    only_other: int = 0
    contradicting: int = 0
    near: int = 0  # of `both`: said in other words, or filed under another category
    samples_only_one: tuple[str, ...] = ()
    samples_only_other: tuple[str, ...] = ()
    samples_contradicting: tuple[FactPair, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """One thing that the other side does to the user whom the one serves; `words` is a bounded sample for people."""

    effect: Effect
    where: str  # a field's dotted name, "facts.interest", "seconds": nobody's words
    words: str = ""


class Effects(msgspec.Struct, frozen=True):
    """What the other side does, side by side and never summed. The lists are bounded; empty means none at all."""

    harms: tuple[Finding, ...] = ()  # the worst first
    gains: tuple[Finding, ...] = ()
    style: tuple[Finding, ...] = ()
    expected: tuple[Finding, ...] = ()  # folded away: the newer version declares it
    held_against_export: bool = False  # whether it was looked up that the other side speaks of this user


class Comparison(msgspec.Struct, frozen=True):
    """One pair, judged. `score` is 1 for the same and 0 for nothing in common."""

    class_: Class
    score: float
    fields: tuple[FieldVerdict, ...] = ()
    facts: FactsVerdict = FactsVerdict()
    note: str = ""  # for a failure: who failed and how
    effects: Effects | None = None  # None: compared before effects were judged
    texts: tuple[str, str] = ("", "")  # the two soulprint texts, bounded
    conversations: int | None = None  # of the export, as either side counted them
