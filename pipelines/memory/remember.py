"""An import's facts taken into what is remembered: it adds, confirms and ends; what it does not say is kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from pipelines.facts import Fact, Memory, Remembered, join_mentions
from pipelines.memory.identity import identity_of, is_forgotten
from pipelines.memory.settle import find_ends

MOST_FACTS = 5_000  # of one user and version; ended ones go first, then those that were said longest ago


class Import(NamedTuple):
    """The import that facts come from: its job, and when that was accepted."""

    job_id: str
    at: datetime


def remember(known: Memory, found: Sequence[Fact], by: Import) -> Memory:
    """What is remembered after an import that read `found`. The same export twice changes only who confirmed it."""
    forgotten = frozenset(known.forgotten)
    kept = {identity_of(one.fact): one for one in known.facts if not is_forgotten(one.fact, forgotten)}
    for fact in found:
        if not is_forgotten(fact, forgotten):
            name = identity_of(fact)
            kept[name] = _added(fact, by) if name not in kept else _confirmed(kept[name], fact, by)
    names = sorted(kept)
    return msgspec.structs.replace(known, facts=_bounded(_settled(names, [kept[name] for name in names], by)))


def forget(known: Memory, keys: Iterable[str]) -> Memory:
    """Without what has one of these fingerprints, now and in every import to come."""
    forgotten = frozenset(known.forgotten).union(keys)
    if not forgotten:
        return known
    facts = tuple(one for one in known.facts if not is_forgotten(one.fact, forgotten))
    return Memory(facts, tuple(sorted(forgotten)))


def _added(fact: Fact, by: Import) -> Remembered:
    plain = msgspec.structs.replace(fact, ended=None, earlier=False)
    return Remembered(plain, learnt_at=by.at, learnt_by=by.job_id, confirmed_at=by.at, confirmed_by=by.job_id)


def _confirmed(known: Remembered, again: Fact, by: Import) -> Remembered:
    fact = msgspec.structs.replace(joined(known.fact, again), earlier=False)
    return msgspec.structs.replace(known, fact=fact, confirmed_at=by.at, confirmed_by=by.job_id)


def joined(known: Fact, again: Fact) -> Fact:
    """Two readings of one fact. Exports repeat conversations: where both name one, support is not added up."""
    overlap = not set(known.said_in).isdisjoint(again.said_in)
    support = max(known.support, again.support) if overlap else known.support + again.support
    older, newer = sorted((known, again), key=_said)
    ended = known.ended if newer.time is None or (known.ended or 0.0) > newer.time else None
    return msgspec.structs.replace(join_mentions(newer, older, support), ended=ended)


def _said(fact: Fact) -> tuple[float, str, str, str, str]:
    return (fact.time or 0.0, fact.conversation_id, fact.message_id, fact.value, fact.sentence)


def _settled(names: Sequence[str], facts: Sequence[Remembered], by: Import) -> list[Remembered]:
    """The facts with their ends. One found before stands where what ended the fact was forgotten or dropped."""
    ends = find_ends([one.fact for one in facts])
    here, settled = frozenset(names), []
    for one, end in zip(facts, ends, strict=True):
        if end is None:
            stands = one.fact.ended is not None and one.ended_by not in here
            settled.append(one if stands else _ended(one, None, "", None))
        else:
            learnt = one.end_learnt_at if one.ended_by == names[end.by] and one.end_learnt_at else by.at
            settled.append(_ended(one, end.time, names[end.by], learnt))
    return settled


def _ended(one: Remembered, at: float | None, by: str, learnt: datetime | None) -> Remembered:
    fact = msgspec.structs.replace(one.fact, ended=at)
    return msgspec.structs.replace(one, fact=fact, ended_by=by, end_learnt_at=learnt)


def _bounded(facts: list[Remembered]) -> tuple[Remembered, ...]:
    if len(facts) <= MOST_FACTS:
        return tuple(facts)
    first_out = sorted(range(len(facts)), key=lambda n: (facts[n].fact.ended is None, facts[n].fact.time or 0.0, n))
    gone = frozenset(first_out[: len(facts) - MOST_FACTS])
    return tuple(one for n, one in enumerate(facts) if n not in gone)
