"""Who may operate: the tokens of OPERATOR_TOKEN and OPERATOR_TOKENS, and the name that each one has."""

import re
from dataclasses import dataclass, field
from typing import Final

from gateway.config.secrets import RULE, is_strong

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")


@dataclass(frozen=True, slots=True)
class Operator:
    """One token, and whose it is."""

    name: str | None  # None: of the shared token; who shows it says their name themselves
    token: str = field(repr=False)


def split_operators(shared: str | None, named: str | None) -> tuple[Operator, ...]:
    """All of them, named ones first. Raises ValueError, naming the setting and never a token."""
    found = tuple(
        _read(part.strip(), number) for number, part in enumerate((named or "").split(","), 1) if part.strip()
    )
    if named is not None and not found:
        raise ValueError("OPERATOR_TOKENS names nobody: leave it out, or write name:token,name:token")
    for number, one in enumerate(found, 1):
        if any(one.name == other.name for other in found[: number - 1]):
            raise ValueError(f"OPERATOR_TOKENS: entry {number} has the name of another one")
        if one.token == shared or any(one.token == other.token for other in found[: number - 1]):
            raise ValueError(f"OPERATOR_TOKENS: entry {number} has the token of another operator")
    return (*found, *(() if shared is None else (Operator(None, shared),)))


def _read(entry: str, number: int) -> Operator:
    name, colon, token = entry.partition(":")
    if not colon or not NAME.fullmatch(name):
        raise ValueError(
            f"OPERATOR_TOKENS: entry {number} is no name:token; a name has letters, digits and . _ @ - alone"
        )
    if not is_strong(token):
        raise ValueError(f"OPERATOR_TOKENS: the token of entry {number} is too weak: it {RULE}")
    return Operator(name, token)
