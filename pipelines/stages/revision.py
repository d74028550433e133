"""What an earlier import had written, brought up to what is known now: nothing is asked where nothing changed, and one
revision instead of every part where little did."""

import hashlib
from collections.abc import Sequence
from typing import Final

import msgspec

from pipelines.contract import Change, Fact, PipelineError, Portrait, Ports, Readings, Revises, SectionName
from pipelines.stages.ledger import fold
from pipelines.stages.results import version_of
from pipelines.stages.sections import Evidence, in_fixed_order

MOST_CHANGED: Final = 0.5  # of the facts; beyond it, and where as much again was read, it is written anew
FEW: Final = 10  # facts that may change in any portrait
MOST_REVISIONS: Final = 8  # before it is written anew, since what is patched too often reads so


async def revise_known(
    names: Sequence[SectionName], evidence: Evidence, ports: Ports, *, memory: bool = False
) -> Portrait | None:
    """The portrait as it is to be now, with what that cost; None where every part is to be written."""
    language, before = ports.language, await load_kept(names, ports, memory=memory)
    if before is None or not isinstance(language, Revises):
        return None
    change = change_between(before, evidence.facts, evidence.past)
    if not change:
        return _in_order(before)
    if is_much(before, len(change.added) + len(change.ended), evidence.read_characters):
        return None

    async def work() -> Portrait:
        revised, usage = await language.revise(before, evidence.facts, change)
        return msgspec.structs.replace(revised, usage=usage)

    version = version_of(language.written_as, before, evidence.facts, change)
    try:
        revised = await ports.steps.run("revision", version, Portrait, work)
    except PipelineError:  # each part for itself may still get an answer
        return None
    return _in_order(msgspec.structs.replace(revised, revisions=before.revisions + 1))


def _in_order(portrait: Portrait) -> Portrait:
    sections = {name: in_fixed_order(name, fields) for name, fields in portrait.sections.items()}
    return msgspec.structs.replace(portrait, sections=sections)


async def load_kept(names: Sequence[SectionName], ports: Ports, *, memory: bool) -> Portrait | None:
    """What this engine wrote of these parts for an earlier import, or an earlier attempt."""
    found = _open(names, ports, memory=memory)
    return None if found is None else await found[0].load_portrait(found[1])


async def keep(written: Portrait, ports: Ports, revised: Portrait | None = None) -> None:
    """Keep what was written, as it is published, for the next import; what was `revised` remembers since when."""
    found = _open(list(written.sections), ports, memory=bool(written.memory))
    if found is None:
        return
    if revised is not None:
        since = {"read_characters": revised.read_characters, "revisions": revised.revisions}
        written = msgspec.structs.replace(written, **since)
    readings, key = found
    await readings.save_portrait(key, written)


def _open(names: Sequence[SectionName], ports: Ports, *, memory: bool) -> tuple[Readings, str] | None:
    """Where portraits of these parts by this engine are kept; None where none is."""
    readings, language = ports.readings, ports.language
    if readings is None or not isinstance(language, Revises) or not language.written_as:
        return None
    parts = [language.written_as, *sorted(names), *(["memory"] if memory else [])]
    return readings, hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def change_between(before: Portrait, facts: Sequence[Fact], past: Sequence[Fact]) -> Change:
    """What came and what went. That a fact was said again, or in other words, is no change."""
    known, known_past = set(map(_mark, before.facts)), set(map(_mark, before.past))
    now, now_past = set(map(_mark, facts)), set(map(_mark, past))
    return Change(
        added=tuple(fact for fact in facts if _mark(fact) not in known),
        added_past=tuple(fact for fact in past if _mark(fact) not in known_past),
        ended=(
            *(fact for fact in before.facts if _mark(fact) not in now),
            *(fact for fact in before.past if _mark(fact) not in now_past),
        ),
    )


def is_much(before: Portrait, changed: float, read_characters: int = 0) -> bool:
    """Whether so many facts changed that a revision would miss the whole, or it was revised often enough."""
    return (
        changed > max(FEW, MOST_CHANGED * len(before.facts))
        or read_characters > 2 * before.read_characters
        or before.revisions >= MOST_REVISIONS
    )


def _mark(fact: Fact) -> tuple[str, str, str]:
    return fact.category, fold(fact.value), fact.detail
