"""How each field is compared: the only place where that is declared. The first rule whose pattern fits is the one."""

from fnmatch import fnmatchcase
from typing import Literal

import msgspec

Kind = Literal["ignore", "number", "amount", "cost", "text", "said", "set", "taken"]


class Rule(msgspec.Struct, frozen=True):
    """How to compare the fields whose dotted name fits `field`.

    Kinds: `ignore`; `number`, more is better coverage; `amount`, neither is; `cost`, less is better; `text`, a document
    compared by its words; `said`, a short statement, or an unordered list of them; `set`, unordered items; `taken`, a
    set of which less is better.
    """

    field: str
    kind: Kind
    weight: float = 1.0  # its share in the score; 0 means that it is shown and decides nothing
    tolerance: float = 0.0  # number, amount, cost: relative; text, said: share of words that may differ
    single: bool = False  # there is one true value: two different ones contradict each other
    own: bool = False  # some pipelines do not make it by design: where one side has none, it decides nothing


WORDING = 0.1  # share of words that may differ between two texts that say the same

RULES: tuple[Rule, ...] = (
    # What the user is told about themselves
    Rule("facts", "set", weight=20),
    Rule("sections.user.name", "said", tolerance=WORDING, single=True),
    Rule("sections.user.location", "said", tolerance=WORDING, single=True),
    Rule("sections.user.occupation", "said", tolerance=WORDING, single=True),
    Rule("sections.user.preferred_address", "said", tolerance=WORDING, single=True),
    Rule("sections.*", "said", tolerance=WORDING),
    Rule("archetype", "said", weight=0.5, tolerance=WORDING),
    Rule("ai_name", "said", weight=0.5, tolerance=WORDING),
    Rule("soulprint_text", "text", tolerance=WORDING),
    Rule("memory_md", "text", weight=2, tolerance=WORDING, own=True),
    Rule("memory_log", "text", tolerance=WORDING, own=True),
    Rule("*_md", "text", weight=0.5, tolerance=WORDING),
    # What was read
    Rule("total_conversations", "number"),
    Rule("total_messages", "number", tolerance=0.01),
    Rule("total_chunks", "amount", weight=0),  # pipelines cut differently by design
    Rule("unread_share", "cost", weight=0, tolerance=0.05),
    Rule("warnings", "set", weight=0),
    # What would be written
    Rule("writes.*.deletes", "taken"),
    Rule("writes.*", "amount", weight=0, tolerance=0.1),
    # What it took
    Rule("seconds", "cost", weight=0, tolerance=0.1),
    Rule("usage.*", "cost", weight=0, tolerance=0.1),
    Rule("*", "ignore", weight=0),
)


def rule_for(field: str) -> Rule:
    """The rule of a field; a field without a rule is ignored."""
    return next(rule for rule in RULES if fnmatchcase(field, rule.field))
