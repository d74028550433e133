"""The rule that tokens and keys must keep. It finds what people type, not what a generator gives."""

from collections.abc import Collection
from itertools import pairwise

from pydantic import SecretStr

SHORTEST = 24
FEWEST_SURPRISES = 12
RULE = (
    f"needs at least {SHORTEST} characters that do not repeat or count up, without blanks or commas; "
    "`openssl rand -hex 32` makes a good one"
)


def is_strong(secret: str) -> bool:
    """Is it long enough, one word of visible ASCII, and not made of repeats (`abcabc...`) or runs (`1234...`)?"""
    visible = secret.isascii() and all(letter.isprintable() and letter not in " ," for letter in secret)
    return visible and len(secret) >= SHORTEST and surprises(secret) >= FEWEST_SURPRISES


def surprises(secret: str) -> int:
    """How many steps from one character to the next are neither a run (-1, 0, +1) nor seen before."""
    return len({pair for pair in pairwise(secret) if abs(ord(pair[0]) - ord(pair[1])) > 1})


def split_keys(keys: str) -> list[str]:
    """Keys as one setting names them: separated by commas or blanks."""
    return keys.replace(",", " ").split()


def check_keys(keys: str, operator_token: str | None) -> None:
    """Raises ValueError when there is no key, a weak one, or one that makes every caller an operator."""
    split = split_keys(keys)
    if not split:
        raise ValueError("GATEWAY_API_KEYS names no key: leave it out to be open")
    for number, key in enumerate(split, 1):
        if not is_strong(key):
            raise ValueError(f"GATEWAY_API_KEYS: key {number} is too weak: it {RULE}")
        if key == operator_token:
            raise ValueError(f"GATEWAY_API_KEYS: key {number} is the OPERATOR_TOKEN: callers would be operators")


def check_tokens(
    operator: SecretStr | None, webhook: SecretStr | None, keys: SecretStr | None, named: Collection[str] = ()
) -> None:
    """Raises ValueError, naming the setting, for a secret that is weak or opens what another one should.

    `named`: the tokens of OPERATOR_TOKENS.
    """
    token, hook = reveal(operator), reveal(webhook)
    for name, secret in (("OPERATOR_TOKEN", token), ("UNLEASH_WEBHOOK_TOKEN", hook)):
        if secret is not None and not is_strong(secret):
            raise ValueError(f"{name} is too weak: it {RULE}")
    if hook is not None and hook == token:
        raise ValueError("UNLEASH_WEBHOOK_TOKEN is the OPERATOR_TOKEN: Unleash would be an operator")
    if hook in named:
        raise ValueError("UNLEASH_WEBHOOK_TOKEN is one of OPERATOR_TOKENS: Unleash would be an operator")
    if keys is not None:
        check_keys(keys.get_secret_value(), token)
        for number, key in enumerate(split_keys(keys.get_secret_value()), 1):
            if key in named:
                raise ValueError(
                    f"GATEWAY_API_KEYS: key {number} is one of OPERATOR_TOKENS: callers would be operators"
                )


def reveal(secret: SecretStr | None) -> str | None:
    """Its text."""
    return None if secret is None else secret.get_secret_value()
