"""The order of versions: v2 after v1, v10 after v9."""

from collections.abc import Iterable


def age_of(name: str) -> tuple[int, str]:
    """Orders versions from the oldest to the newest; what is no version is older than all of them."""
    number = name.removeprefix("v")
    return (int(number) if number.isdecimal() else -1), name


def oldest_first(names: Iterable[str]) -> list[str]:
    """The versions in the order in which they came."""
    return sorted(names, key=age_of)
