"""What ENFORCE_OWNERSHIP may say: whose stored exports a request may name."""

from typing import Final, Literal

Ownership = Literal["uuid", "strict", "off"]
BOOLEANS: Final = {  # what the setting took when it was a switch
    **dict.fromkeys(("1", "true", "t", "yes", "y", "on"), "strict"),
    **dict.fromkeys(("0", "false", "f", "no", "n"), "off"),
}


def read_ownership(value: object) -> object:
    """The value as one of the three words; anything else is left for the type to refuse."""
    word = str(value).strip().lower()
    return BOOLEANS.get(word, word)
