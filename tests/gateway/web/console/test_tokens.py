"""The colours: the same in the console as in the dashboards, and dark enough to be read."""

import re
from itertools import product

import pytest

from gateway.web.console.assets import STATIC
from grafana.dashboards.panels import COLOURS

SHEET = (STATIC / "css" / "tokens.css").read_text()
LIGHT, DARK = SHEET.split("@media (prefers-color-scheme:dark)")
WORDS = ("ink", "ink2", "ink3", "v1", "v2", "v3", "v4", "v5", "ok", "wait", "bad")


def tokens_of(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6}|#fff)\b", sheet))


def test_versions_have_the_colours_of_the_dashboards_in_both_themes() -> None:
    for sheet in (LIGHT, DARK):
        tokens = tokens_of(sheet)
        for digit in range(1, 6):
            (colour,) = [colour for word, colour in COLOURS.items() if re.fullmatch(word, f"v{digit}")]
            assert tokens[f"v{digit}f"] == colour


@pytest.mark.parametrize("sheet", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read_on_both_grounds(sheet: str) -> None:
    tokens = tokens_of(sheet)
    pairs = product(WORDS, ("paper", "card"))
    ratios = {(word, ground): contrast(tokens[word], tokens[ground]) for word, ground in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}
    assert contrast("#ffffff", tokens["stop"]) >= 4.5


def test_every_token_that_is_used_is_there_in_both_themes() -> None:
    sheets = "".join(path.read_text() for path in (STATIC / "css").glob("*.css"))
    used = set(re.findall(r"var\(--([\w-]+)", sheets))
    names = {theme: set(re.findall(r"--([\w-]+):", sheet)) for theme, sheet in (("light", LIGHT), ("dark", DARK))}
    assert used - names["light"] == set()
    assert names["light"] - names["dark"] == {"r", "f", "m"}


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
