"""Stage 4: one set of facts without duplicates that fits the language engine's window."""

from collections.abc import Mapping

import msgspec

from pipelines.contract import Fact, ImportRequest, Ports, Usage
from pipelines.memory.recall import Recalled, recall
from pipelines.stages.ledger import Ledger, Unread
from pipelines.stages.reduction import fit_window


class Profile(msgspec.Struct, frozen=True):
    """All that is known of the user, and what finding it took."""

    facts: tuple[Fact, ...]  # in force, strongest first, as many as fit
    recalled: Recalled
    style: dict[str, float]
    by_conversation: Mapping[str, int]  # how many facts each conversation gave
    usage: Usage
    unread: Unread
    read_characters: int = 0  # of the user's own


async def consolidate(request: ImportRequest, ports: Ports, ledger: Ledger) -> Profile:
    """The ledger has no duplicates, and goes into what is remembered; what does not fit the window is reduced."""
    await ports.progress("consolidating_facts", 72)
    recalled = await ports.compute(recall, request.memory, ledger.facts(), request.job_id, request.accepted_at)
    facts, usage = await fit_window(recalled.told.in_force, ports, "reduce/final")
    return Profile(facts, recalled, ledger.style, dict(ledger.by_conversation), ledger.usage + usage, ledger.unread,
                   ledger.read_chars)  # fmt: skip
