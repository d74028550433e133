"""Stage 4: one set of facts without duplicates that fits the language engine's window."""

from collections.abc import Mapping

import msgspec

from pipelines.contract import Fact, Ports, Usage
from pipelines.stages.ledger import Ledger, Unread
from pipelines.stages.reduction import fit_window


class Profile(msgspec.Struct, frozen=True):
    """All that is known of the user, strongest first, and what finding it took."""

    facts: tuple[Fact, ...]
    style: dict[str, float]
    by_conversation: Mapping[str, int]  # how many facts each conversation gave
    usage: Usage
    unread: Unread


async def consolidate(ports: Ports, ledger: Ledger) -> Profile:
    """The ledger has no duplicates; what does not fit the window is reduced."""
    await ports.progress("consolidating_facts", 72)
    facts, usage = await fit_window(ledger.facts(), ports, "reduce/final")
    return Profile(facts, ledger.style, dict(ledger.by_conversation), ledger.usage + usage, ledger.unread)
